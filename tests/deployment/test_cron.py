"""Schedules: what cron takes, and what each field comes to."""

from __future__ import annotations

import pytest

from servespec.deployment.cron import PRESETS, Cron


@pytest.mark.parametrize(
    ("text", "minutes", "hours", "weekdays"),
    [
        ("0 2 * * *", (0,), (2,), (0, 1, 2, 3, 4, 5, 6)),
        ("*/15 0-6/3 * * mon-fri", (0, 15, 30, 45), (0, 3, 6), (1, 2, 3, 4, 5)),
        ("50/5 8,20 * jan,JUL 5-7", (50, 55), (8, 20), (0, 5, 6)),
        ("@weekly", (0,), (0,), (0,)),
    ],
)
def test_fields_are_read(
    text: str, minutes: tuple[int, ...], hours: tuple[int, ...], weekdays: tuple[int, ...]
) -> None:
    """Lists, ranges, steps, names and presets mean the values that cron gives them; 7 is a Sunday as 0 is."""
    cron = Cron.parse(text)
    assert cron is not None
    assert (cron.minutes, cron.hours, cron.weekdays) == (minutes, hours, weekdays)


@pytest.mark.parametrize(
    "text",
    [
        "", "0 2 * *", "0 2 * * * *", "60 2 * * *", "0 24 * * *", "0 2 0 * *", "0 2 * 13 *", "0 2 * * 8", "0 2 * * fri-mon",
        "*/0 * * * *", "0 2 L * *", "0 2 ? * *", "0 2 * * mon#1", "0 2 * foo *", "@dayly", "@once", "0 2 1-40 * *", "0 -2 * * *",
        "0 2 * * *\n0", "\u0660 2 * * *", "0 2 , * *",
    ],
)  # fmt: skip
def test_what_is_no_schedule_is_none(text: str) -> None:
    """Nothing is guessed: what some other scheduler might take is refused."""
    assert Cron.parse(text) is None


@pytest.mark.parametrize(
    ("text", "never"), [("0 0 30 2 *", True), ("0 0 30 feb mon", False), ("0 0 30 2 */2", False), ("0 0 29 2 *", False)]
)
def test_a_day_that_never_comes(text: str, never: bool) -> None:
    """The 30th of February never comes; with a day of the week beside it, that one does."""
    cron = Cron.parse(text)
    assert cron is not None
    assert cron.never is never


@pytest.mark.parametrize(
    ("text", "either"),
    [
        ("0 0 */2 * 1", True), ("0 0 1 * */2", True), ("0 0 1-31 * 1", True), ("0 0 1 * 1", True),
        ("0 0 * * 1", False), ("0 0 */2 * *", False), ("0 0 */1 * 1", False), ("0 0 1 * 2,*", False),
    ],
)  # fmt: skip
def test_two_days(text: str, either: bool) -> None:
    """Of a day of the month and one of the week either will do, if both are named; every second day is named too."""
    cron = Cron.parse(text)
    assert cron is not None
    assert (not cron.any_day and not cron.any_weekday) is either


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_schedules(preset: str) -> None:
    """A preset prints as the five fields that it means."""
    cron = Cron.parse(preset)
    assert cron is not None
    assert len(str(cron).split()) == 5
    assert Cron.parse(str(cron)) == cron


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("0 0 1 * 2,*", "0 0 1 * *"),
        ("0 0 1 * *,7", "0 0 1 * *"),
        ("0 0 1 * 5-7", "0 0 1 * 0,5,6"),
        ("0 0 1 * */2",) * 2,
    ],
)
def test_a_schedule_for_kubernetes(text: str, standard: str) -> None:
    """It knows no day 7, and a day of the week that is left open says so by its star."""
    cron = Cron.parse(text)
    assert cron is not None
    assert cron.standard == standard
