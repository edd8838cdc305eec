"""The harness of the payloads: where nothing is wrong it finds nothing, and a target that quotes wrongly is named."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from servespec.pipeline import making
from tests.injection import everything
from tests.injection.everything import PLACES
from tests.projects import spoil
from trust import injection
from trust.rows import Scale


@pytest.fixture(autouse=True)
def one_payload_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Compose would put a variable for, in a variable of the server."""
    places = [place for place in PLACES if place.route == ("runtime", "env", "OMP_NUM_THREADS") and not place.is_key]
    monkeypatch.setattr(injection, "PLACES", places)
    monkeypatch.setattr(everything, "PAYLOADS", ("${HOME}",))


def _here() -> Executor:
    """In this process, where a bug can be planted."""
    return ThreadPoolExecutor(1)


def test_nothing_escapes() -> None:
    """The payload comes back from each file."""
    (row,) = injection.run(Scale.QUICK, _here)
    assert row.well, row.details
    assert row.tried.startswith("1 payloads × 1 texts and keys, ")
    assert row.tried.endswith(" files read back: 1 came back byte for byte")


def test_an_escape_is_told_with_its_place_and_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language whose rule for quoting is lost in one target."""
    spoil(monkeypatch, "compose", "$$", "$", always=False)
    monkeypatch.setattr(making, "verify", lambda bundle: ())  # which notices it too
    (row,) = injection.run(Scale.QUICK, _here)
    assert not row.well
    (said,) = row.details
    assert said.startswith("runtime.env.OMP_NUM_THREADS: '${HOME}': /")
