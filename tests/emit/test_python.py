"""What `emit.python` writes, read back by Python."""

from __future__ import annotations

import ast
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.artifacts import Language
from servespec.emit import python
from servespec.emit.quoted import Unwritable, traced
from servespec.spans import Value

FRAGMENTS = [
    "'",
    '"',
    "\\",
    "\n",
    "\r",
    "'''",
    '"""',
    "{{ x }}",
    "\\N{DASH}",
    "#",
    "\u2028",
    "\u202e",
    "\ud800",
    "é",
    "\0",
]
TEXT = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=30), max_size=4).map("".join)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
DATA = st.recursive(LEAVES, lambda of: st.lists(of, max_size=5) | st.dictionaries(TEXT, of, max_size=5), max_leaves=40)


@given(DATA)
def test_a_literal_is_read_back(data: Value) -> None:
    """`SPEC = <literal>` is one assignment whose value is the data, in ASCII that every Python reads alike."""
    made = python.literal(data, column=7)
    (statement,) = ast.parse(f"SPEC = {made.text}\n").body
    assert isinstance(statement, ast.Assign)
    assert repr(ast.literal_eval(statement.value)) == repr(data) == made.plain
    assert made.text.isascii()
    assert len(made.lines) == made.text.count("\n") + 1


def test_the_layout() -> None:
    """A literal that fits stays on its line; one that does not has an entry a line, and a trailing comma."""
    assert python.literal({"a": [1, True, None, "it's"]}).text == '{"a": [1, True, None, "it\'s"]}'
    assert python.literal({"a": "x" * 60, "b": [1, "y" * 40]}, column=7).text == (
        f'{{\n    "a": "{"x" * 60}",\n    "b": [1, "{"y" * 40}"],\n}}'
    )


def test_lines_know_their_origins() -> None:
    """Each line has the origins of all that stands on it."""
    made = python.literal({"a": traced(["x" * 80], "one"), "b": [traced(1, "two"), traced(2, "three")]}, "all")
    assert made.lines == (("all",), ("one",), ("all", "two", "three"), ("all",))
    assert made.origins == ("all", "one", "two", "three")


def test_a_word_of_an_enum_is_its_text() -> None:
    """Members of a string enum are written, and expected back, as their values."""
    made = python.literal([Language.YAML])
    assert (made.text, made.plain) == ('["yaml"]', "['yaml']")


def test_what_python_does_not_read_is_refused() -> None:
    """Infinity is no literal, and neither is what is nested deeper than the parser goes."""
    deep: Value = []
    for _ in range(100):
        deep = [deep]
    for value in (math.inf, math.nan, deep):
        with pytest.raises(Unwritable):
            python.literal(value)
