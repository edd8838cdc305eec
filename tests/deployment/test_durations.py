"""Spans of time: what is one, what it comes to, and how it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.deployment.durations import Duration


@pytest.mark.parametrize(
    ("text", "milliseconds", "canonical"),
    [
        ("0s", 0, "0ms"),
        ("5ms", 5, "5ms"),
        ("1500ms", 1_500, "1500ms"),
        ("2000ms", 2_000, "2s"),
        ("30s", 30_000, "30s"),
        ("90s", 90_000, "90s"),
        ("120s", 120_000, "2m"),
        ("2m", 120_000, "2m"),
        ("1h", 3_600_000, "1h"),
        ("1h30m", 5_400_000, "90m"),
        ("1m1ms", 60_001, "60001ms"),
        ("007s", 7_000, "7s"),
    ],
)
def test_a_duration(text: str, milliseconds: int, canonical: str) -> None:
    """A number with a unit, or several in a row, and the largest unit that says it without a rest."""
    duration = Duration.parse(text)
    assert duration == Duration(milliseconds)
    assert str(duration) == canonical


@pytest.mark.parametrize(
    "text", ["", "30", "s", "1.5s", "-5s", "+5s", " 5s", "5s ", "5s\n", "5 s", "5S", "5sec", "5d", "٣s", "9999999999s", "1e3s"]
)  # fmt: skip
def test_no_duration(text: str) -> None:
    """A number alone is none, since every reader would guess another unit; nor is anything that is only like one."""
    assert Duration.parse(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"), [("0s", 0), ("1ms", 1), ("1s", 1), ("1001ms", 2), ("1500ms", 2), ("2m", 120)]
)
def test_whole_seconds(text: str, seconds: int) -> None:
    """Where only seconds can be said, a limit is never shorter than what was asked for."""
    duration = Duration.parse(text)
    assert duration is not None
    assert duration.seconds == seconds


@given(st.integers(0, 10**9 - 1))
def test_what_is_written_reads_back(milliseconds: int) -> None:
    """The text of a duration is the same duration, also with its units apart."""
    assert Duration.parse(str(Duration(milliseconds))) == Duration(milliseconds)
    assert Duration.parse(Duration(milliseconds).apart or "0s") == Duration(milliseconds)
