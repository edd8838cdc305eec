"""No value escapes. In each text of a spec, and each key that a person chose, a share of the payloads is tried; `make trust` tries them all."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator

import pytest

from servespec.pipeline import making
from tests.injection import schema
from tests.injection.everything import PLACES, PROJECTS, escape, share
from tests.injection.payloads import PAYLOADS
from tests.injection.schema import KEY, Field, field_of
from tests.injection.trying import Harmless, Place, Project
from tests.projects import spoil

_TRIED = int(os.environ.get("SERVESPEC_PAYLOADS", "2"))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_text_is_refused_or_comes_back(place: Place) -> None:
    """Whatever stands in a text of a spec, no file that is emitted means more or less than that text by it."""
    for payload in share(place, _TRIED):
        assert not escape(place, payload)[1], payload


@pytest.mark.parametrize("project", PROJECTS, ids=("everything", "otherwise", "labelled"))
def test_payloads_meet_sound_specs(project: Project) -> None:
    """Of one that is refused as it is, every payload would be."""
    assert project.analyse(project.spec).ok


def test_there_are_many_payloads() -> None:
    """None is there twice."""
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 80


def test_an_escape_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language whose rule for quoting is lost in one target lets a payload through, and that is found."""
    place = next(place for place in PLACES if place.route == ("runtime", "env", "OMP_NUM_THREADS"))
    assert place.put("${HOME}").kind == "kept"
    spoil(monkeypatch, "compose", "$$", "$", always=False)
    monkeypatch.setattr(making, "verify", lambda bundle: ())  # which notices it too
    assert place.put("${HOME}").kind == "escaped"


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"a.yaml": "x: 1", "b.json": '{"y": "%x"}'}, "kept"),
        ({"a.yaml": "x: 2", "b.json": '{"y": "%x"}'}, "escaped"),
        ({"a.yaml": "x: 1", "b.json": '{"y": "marker"}'}, "derived"),
        ({"a.yaml": "x: 1"}, "escaped"),
    ],
    ids=["as it was", "in a file that does not say it", "still what it was before", "no file"],
)
def test_what_became_of_a_text_is_seen_in_each_file(files: dict[str, str], kind: str) -> None:
    """Also in a file that says nothing of it, in one that says no other text by it, and in one that is not made."""
    harmless = Harmless("marker", {"a.yaml": "x: 1", "b.json": '{"y": "marker"}'})
    assert harmless.compared(files, "%x").kind == kind


def test_every_text_of_the_schema_is_tried() -> None:
    """A field that takes text enters this test with the schema."""
    assert not set(_untried(schema.texts(), {field_of(place.route) for place in PLACES if not place.is_key}))


def test_every_map_of_the_schema_is_tried() -> None:
    """As does one whose keys a person chooses."""
    assert not set(_untried(schema.keys(), {field_of(place.route) for place in PLACES if place.is_key}))


def _untried(fields: Iterable[Field], tried: Collection[Field]) -> Iterator[str]:
    for field in fields:
        copy = field[0] == "variants" or field[:2] == ("environments", KEY) != field  # of what the blocks say
        if not copy and not any(other[: len(field)] == field for other in tried):
            yield ".".join(field)
