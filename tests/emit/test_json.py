"""What `emit.json` writes, read back by the standard library and as YAML."""

from __future__ import annotations

import json as stdlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.emit import json
from servespec.emit.quoted import Unwritable, traced
from servespec.spans import Value

FRAGMENTS = [
    '"',
    "\\",
    "\n",
    "\u2028",
    "\u2029",
    "\x85",
    "\x7f",
    "\ufeff",
    "\u202e",
    "</script>",
    "é",
    "\U0001f600",
    "\ud800",
]
TEXT = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=4).map("".join)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
DATA = st.recursive(LEAVES, lambda of: st.lists(of, max_size=4) | st.dictionaries(TEXT, of, max_size=4), max_leaves=20)


@given(DATA)
def test_a_reader_gets_the_data_back(data: Value) -> None:
    """The same data, types and order, in UTF-8 text that holds no line end of its own but LF."""
    text = json.dump(data).text
    assert repr(stdlib.loads(text.encode())) == repr(stdlib.loads(stdlib.dumps(data)))
    assert text.splitlines() == text.removesuffix("\n").split("\n")


@given(DATA)
def test_the_layout_is_that_of_the_standard_library(data: Value) -> None:
    """Two spaces an indentation, one entry a line, keys in the order given."""
    assert [line.split('"')[0] for line in json.dump(data).text.splitlines()] == [
        line.split('"')[0] for line in stdlib.dumps(data, indent=2).splitlines()
    ]


def test_lines_know_their_origins() -> None:
    """Each line has the origins of its own data, else of what holds it; a closing bracket those of its opening."""
    content = json.dump({"a": traced([1], "list"), "b": 2}, inherited=("all",))
    assert content.origins == (("all",), ("list",), ("list",), ("list",), ("all",), ("all",))


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_of_json_is_refused(value: float) -> None:
    """RFC 8259 knows no infinity."""
    with pytest.raises(Unwritable):
        json.dump([value])
