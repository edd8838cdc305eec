"""What `emit.textproto` writes, read back by protobuf's own parser of the text format."""

from __future__ import annotations

import math
from typing import Any

import pytest
from google.protobuf import struct_pb2, text_format
from google.protobuf.descriptor_pb2 import FieldDescriptorProto
from hypothesis import given
from hypothesis import strategies as st

from servespec.emit import textproto
from servespec.emit.quoted import Unwritable, traced

FRAGMENTS = ['"', "'", "\\", "\n", "\r", "\0", '"\nnumber: 2 #', "\u2028", "é", "\U0001f600", "\\101", "#", "9"]
TEXT = st.lists(
    st.sampled_from(FRAGMENTS) | st.text(st.characters(exclude_categories=("Cs",)), max_size=4), max_size=4
).map("".join)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.booleans() | FLOATS | TEXT
VALUES = st.recursive(
    LEAVES, lambda of: st.lists(of, max_size=4) | st.dictionaries(TEXT, of, max_size=4), max_leaves=15
)


def _value(data: Any) -> dict[str, Any]:
    """The fields of google.protobuf.Value for some data."""
    if isinstance(data, dict):
        return {"struct_value": {"fields": [{"key": key, "value": _value(item)} for key, item in data.items()]}}
    if isinstance(data, list):
        return {"list_value": {"values": [_value(item) for item in data]}}
    name = {bool: "bool_value", float: "number_value", str: "string_value"}[type(data)]
    return {name: data}


def _plain(message: struct_pb2.Value) -> Any:
    kind = message.WhichOneof("kind")
    if kind == "struct_value":
        return {key: _plain(item) for key, item in message.struct_value.fields.items()}
    if kind == "list_value":
        return [_plain(item) for item in message.list_value.values]
    return getattr(message, str(kind))


@given(VALUES)
def test_protobuf_gets_the_message_back(data: Any) -> None:
    """Strings, numbers, truth values, nested and repeated messages are read as they were given."""
    text = textproto.dump(_value(data), header="ours").text
    assert _plain(text_format.Parse(text, struct_pb2.Value())) == data


def test_names_of_enums_and_whole_numbers() -> None:
    """An enum's name stands without quotes, and an integer keeps every digit."""
    text = textproto.dump({"name": "x", "number": 2**31 - 1, "type": textproto.EnumName("TYPE_STRING")}).text
    field = text_format.Parse(text, FieldDescriptorProto())
    assert (field.name, field.number, field.type) == ("x", 2**31 - 1, FieldDescriptorProto.TYPE_STRING)


def test_the_layout_and_the_origins() -> None:
    """A list becomes a field for each item, and each line has the origins of its data."""
    data = {"dims": traced([-1, 4], "o.dims"), "m": {"x": True, "none": [], "n": {"t": '\t\r\n"\\\x01é'}}}
    content = textproto.dump(data, inherited=("all",))
    text = 'dims: -1\ndims: 4\nm {\n  x: true\n  n {\n    t: "\\t\\r\\n\\"\\\\\\001\\303\\251"\n  }\n}\n'
    assert content.text == text
    assert content.origins == (("o.dims",), ("o.dims",), *(("all",) for _ in range(6)))
    inner = (("x", True), ("n", (("t", data["m"]["n"]["t"]),)))  # type: ignore[index]
    assert content.expected == (("dims", -1), ("dims", 4), ("m", inner))


BAD = [{"a b": 1}, {"a": None}, {"a": math.inf}, {"a": [[1]]}, {"a": "\ud800"}, {"a": textproto.EnumName("A B")}]


@pytest.mark.parametrize("fields", [*BAD, {"a": textproto.EnumName("true")}])
def test_what_the_format_cannot_carry_is_refused(fields: dict[str, Any]) -> None:
    """Names that are none, null, infinity, lists in lists, and half of a character."""
    with pytest.raises(Unwritable):
        textproto.dump(fields)
