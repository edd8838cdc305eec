"""Canaries: a leak of each kind is found when it is planted, and today there is none."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from servespec.cli import bug
from servespec.diagnostics import locate, secret_patterns
from tests.injection.trying import Place
from trust import secrets
from trust.canaries import commands, texts
from trust.canaries.leaks import holding, shows
from trust.rows import Scale


def test_none_is_shown() -> None:
    """A share of the canaries, in all kinds of places."""
    rows = list(secrets.run(Scale.QUICK))
    assert [line for row in rows for line in row.details] == []
    assert len(rows) == 4


def test_a_form_that_is_not_known_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A canary that no pattern finds passes as a text, or is repeated by another finding."""
    described, named = (_place(name) for name in ("description", "name"))
    key = next(place for place in texts.PLACES if place.is_key)
    assert [list(texts.at_place(place, texts.CANARIES[0])) for place in (described, key)] == [[], []]
    monkeypatch.setattr(secret_patterns, "_FORMS", ())
    monkeypatch.setattr(secret_patterns, "_BITS", 99.0)
    assert any("is taken" in line for line in texts.at_place(described, texts.CANARIES[0]))
    assert any("is shown" in line for line in texts.at_place(named, texts.CANARIES[0]))


def _place(name: str) -> Place:
    return next(place for place in texts.PLACES if place.route == (name,))


def test_a_missing_veil_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of the source that is shown as it is."""
    monkeypatch.setattr(locate, "veiled", lambda document, spans: document)
    assert any("is shown by --format text" in line for line in texts.named().leaks)


def test_a_message_in_a_report_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report of a bug that holds what the exception says."""
    lines = bug._lines
    monkeypatch.setattr(bug, "_lines", lambda error: [*lines(error), str(error)])
    assert commands.broken().leaks != ()


@pytest.mark.parametrize(
    ("leaking", "said"),
    [
        ("print(os.environ['HF_TOKEN'])", "printed by show"),
        ("print(open('.netrc').read())", "printed by show"),
        ("open(os.environ['XDG_CACHE_HOME'] + '/env', 'w').write(open('.env').read())", "left in cache/env"),
    ],
)
def test_a_command_that_tells_is_noticed(monkeypatch: pytest.MonkeyPatch, leaking: str, said: str) -> None:
    """A program that prints a variable or a login of its surroundings, or keeps a copy of a file."""
    monkeypatch.setattr(commands, "_commands", lambda: [("show", "-e", "staging")])
    monkeypatch.setattr(commands, "_asking", lambda scene, registry: {})
    program = f"import os\n{leaking}\nfrom servespec.cli.main import main\nmain()"
    assert [leak.startswith(said) for leak in commands.tried(("-c", program)).leaks] == [True]


def test_a_packed_canary_is_noticed(tmp_path: Path) -> None:
    """In base 64, whatever stands before it, and in the name of a file."""
    canary = texts.CANARIES[0]
    assert all(shows(base64.b64encode(b"x" * before + canary.encode() + b"y"), canary) for before in range(5))
    assert not shows(b"nothing", canary)
    (tmp_path / canary).touch()
    assert list(holding(tmp_path, canary)) == [canary]
