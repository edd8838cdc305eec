"""The harness that throws bombs: all of them in each run of the tests, and that it sees one that goes off."""

from __future__ import annotations

import pytest

from servespec.pipeline import analysis
from servespec.source import events
from servespec.spec import decode
from trust import bombs
from trust.rows import Scale


def test_no_bomb_goes_off() -> None:
    """Laughs, depth, size, a million keys and endless scalars are each refused at a place, within 100 ms."""
    rows = list(bombs.run(Scale.QUICK))
    assert [line for row in rows for line in row.details] == []
    assert len(rows) == len(bombs.BOMBS) >= 5


@pytest.mark.parametrize(
    ("module", "limit", "lost", "bomb"),
    [
        (events, "_MAX_EVENTS", 1_000_000, next(data for data in bombs.BOMBS["size"] if data.startswith(b"- x"))),
        (decode, "MOST", 4_000, next(data for data in bombs.BOMBS["keys"] if b"labels: {k" in data)),
    ],
)
def test_a_limit_that_is_lost_is_seen(
    monkeypatch: pytest.MonkeyPatch, module: object, limit: str, lost: int, bomb: bytes
) -> None:
    """Without a limit, a bomb that it is for takes too long."""
    monkeypatch.setattr(module, limit, lost)
    monkeypatch.setattr(bombs, "BOMBS", {"one": (bomb,)})
    (row,) = bombs.run(Scale.QUICK)
    assert [": took " in line for line in row.details] == [True]


def test_a_bomb_that_is_let_through_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that is compiled is no refusal."""
    monkeypatch.setattr(bombs, "BOMBS", {"none": (bombs._HEAD,)})
    monkeypatch.setattr(analysis, "rules_about", lambda *_, **__: ())
    (row,) = bombs.run(Scale.QUICK)
    assert ["not refused" in line for line in row.details] == [True]
