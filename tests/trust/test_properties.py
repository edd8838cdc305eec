"""Drawn specs: a few of them keep every promise, most of them are sound, and a bug of each kind is found."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from servespec.artifacts import Bundle, Content
from servespec.pipeline import analysis, making
from servespec.targets.capabilities import losses
from servespec.targets.serialize import serialized
from tests.projects import spoil
from trust import properties
from trust.drawing.promises import PROMISES
from trust.drawing.specs import places
from trust.drawing.values import KEY, fields
from trust.rows import Row, Scale

_BUILT, _TOLD, _SAME, _AGREED = PROMISES
_FEW = 12


def test_nothing_is_found() -> None:
    """Some of each promise, with specs most of which are sound."""
    rows = list(properties.run(Scale.QUICK))
    assert [line for row in rows for line in row.details] == []
    assert len(rows) == 4
    drawn, sound = (
        sum(numbers) for numbers in zip(*(map(int, re.findall(r"\d+", row.tried)) for row in rows), strict=True)
    )
    assert sound > drawn / 2 > 0


def test_every_field_is_drawn() -> None:
    """What the schema has is drawn, but what a person names is drawn with its map."""
    assert {field[0] for field in places()} == {field[0] for field in fields()}
    assert ("streaming", "deadLetter", "retries", "delay") in places()
    assert not any(KEY in field for field in places())


def _failing(*_: Any, **__: Any) -> Any:
    raise KeyError("planted")


def _unsaid(*_: Any) -> Any:
    return iter(())


def _once_a_reason(*asked: Any, **more: Any) -> Any:
    """Of fields that are lost for the same reason the last one alone."""
    return {loss.reason: loss for loss in losses(*asked, **more)}.values()


_TIMES = count()


def _changing(bundle: Bundle, **more: Any) -> Bundle:
    """As it should be, but for a number in each file that is another one each time."""
    return _with_line(serialized(bundle, **more), f"{next(_TIMES)}")


def _with_line(bundle: Bundle, line: str) -> Bundle:
    artifacts = []
    for item in bundle.artifacts:
        content = item.content
        if isinstance(content, Content):
            content = replace(content, text=f"{content.text}# {line}\n", origins=(*content.origins, ()))
        artifacts.append(replace(item, content=content))
    return replace(bundle, artifacts=tuple(artifacts))


@pytest.mark.parametrize(
    ("promise", "module", "name", "planted", "told"),
    [
        (_BUILT, making, "serialized", _failing, "validate is clean and build fails: KeyError in "),
        (_TOLD, analysis, "_losses", _unsaid, ", and nothing is said of that"),
        (_TOLD, analysis, "losses", _once_a_reason, ", and nothing is said of that"),
        (_SAME, making, "serialized", _changing, " is another one made again"),
    ],
    ids=["a build that fails", "a loss that is not told", "a loss behind another", "a file that varies"],
)
def test_a_broken_promise_is_seen(
    monkeypatch: pytest.MonkeyPatch, promise: Any, module: Any, name: str, planted: Callable[..., Any], told: str
) -> None:
    """By a spec that is drawn, of which the least is shown."""
    monkeypatch.setattr(making, "verify", lambda bundle: ())  # which would notice what is written otherwise
    monkeypatch.setattr(module, name, planted)
    assert told in _only(properties.asked(promise, _FEW))


def test_an_order_of_keys_that_shows_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that follows the order in which the spec says its blocks is another one when they are turned round."""
    lowered = making.lowered

    def planted(found: Any, output: Any, targets: Any) -> Any:
        made = lowered(found, output, targets)
        line = " ".join(found.findings.document.value)
        return replace(made, bundles=tuple(_with_line(bundle, line) for bundle in made.bundles))

    monkeypatch.setattr(making, "lowered", planted)
    monkeypatch.setattr(making, "verify", lambda bundle: ())
    assert "is another one with its keys turned round" in _only(properties.asked(_SAME, _FEW))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("healthcheck.py", "health.py", "the check of docker/"),
        (":8080", ":8099", "port 8099/tcp of docker/"),
    ],
    ids=["check", "port"],
)
def test_files_that_differ_are_seen(monkeypatch: pytest.MonkeyPatch, old: str, new: str, told: str) -> None:
    """What compose says of a container is no more what the image says."""
    spoil(monkeypatch, "compose", old, new, always=False)
    monkeypatch.setattr(making, "verify", lambda bundle: ())
    assert told in _only(properties.asked(_AGREED, _FEW))


def _only(row: Row) -> str:
    (line,) = row.details
    return line
