"""Where things are: positions in texts of any length, and the order in which values come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from servespec.spans import Position, Text, walk

_LINES = st.lists(st.text("a\u00e9\u4e2d", max_size=4) | st.just("x" * 12_000), max_size=8)


@given(lines=_LINES, offsets=st.lists(st.integers(0, 100_000), min_size=1, max_size=5))
def test_a_position_is_that_of_the_lines_before(lines: list[str], offsets: list[int]) -> None:
    """In whatever order they are asked for, positions and lines are those of the text split at its line ends."""
    content = "\n".join(lines)
    text = Text("x", content)
    for offset in offsets:
        before = content[:offset]
        *above, last = before.split("\n")
        position = text.position(offset)
        assert position == Position(len(above) + 1, len(last) + 1, len(before.encode()))
        assert text.line(position.line) == content.split("\n")[position.line - 1]


@given(lines=_LINES)
def test_a_line_can_be_had_without_a_position(lines: list[str]) -> None:
    """Each line is there for whoever knows its number."""
    content = "\n".join(lines)
    for number, line in enumerate(content.split("\n"), 1):
        assert Text("x", content).line(number) == line


def test_parents_come_before_children() -> None:
    """A value is walked as it is written: from the top, each with what is in it before the next."""
    value = {"a": [1, {"b": 2}], "c": {"d": []}}
    assert [route for route, _ in walk(value, ("x",))] == [
        ("x",), ("x", "a"), ("x", "a", 0), ("x", "a", 1), ("x", "a", 1, "b"), ("x", "c"), ("x", "c", "d"),
    ]  # fmt: skip
