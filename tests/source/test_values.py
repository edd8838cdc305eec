"""What a good text means, and where it stands."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from servespec.source import load
from servespec.source.scalars import is_ambiguous
from servespec.spans import Document, Value, walk

PRINTABLE = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 63) - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(PRINTABLE)
)
DATA = st.dictionaries(
    st.text(PRINTABLE, max_size=8),
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(PRINTABLE, max_size=8), inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)

# Each is what some reader takes for something else than another.
TRICKY = """
null Null NULL nUll ~ true True TRUE tRue false False FALSE yes Yes no No NO on off y Y n N
0 -0 +1 007 08 0755 0o17 0o8 -0o7 0x1F 0xfg -0x1 0b1 1_000 _1 12:30 22:22 1:60 190:20:30 1.10 1. .5 -.5 . +.5e1
1e3 1E3 1e-6 1e+6 -1e3 1e e1 1.e1 1.2.3 127.0.0.1 2001-12-14 2001-13-45 2001-12-14t21:59:43.10-05:00 2001-1-1x
123e4567 0e0 -0.0 1__0 0x 0o +-1 -- -x =  <<x + - 1-2 1/2 1,000 6.02e23
"""
TRICKY_WORDS = TRICKY.split()
# ruamel.yaml 0.19 raises ValueError for the date and ConstructorError for `=`, makes an infinity of the next
# and a text of the last, whose exponent has no sign; 10.3.2 of YAML 1.2.2 allows that.
NOT_FOR_THE_ORACLE = ("2001-13-45", "=", "123e4567", "+.5e1")


def document(text: str) -> Document:
    found = load("serving.yaml", text.encode())
    assert found.report.diagnostics == ()
    return found.document


def same(one: Value, other: Value) -> bool:
    return repr(one) == repr(other)  # 1, 1.0 and True are equal but not the same; so are 0.0 and -0.0


@pytest.mark.parametrize("word", sorted({*TRICKY_WORDS} - {"-", *NOT_FOR_THE_ORACLE}))
def test_an_unquoted_word_means_what_yaml_1_2_says(word: str) -> None:
    """A reader of YAML 1.2 that is not ours gives the same value, apart from what it keeps of YAML 1.1."""
    # ruamel.yaml reads as 1.2, but makes dates of dates and leaves `0b1` and `_` in numbers to 1.1.
    theirs = YAML(typ="safe", pure=True).load(f"v: {word}")["v"]
    ours = document(f"v: {word}")
    if ours.ambiguous and not isinstance(theirs, str):
        assert ours.value == {"v": word}
    else:
        assert same(ours.value, {"v": theirs})


@pytest.mark.parametrize("word", [*TRICKY_WORDS[:-4], "0b1", "1_000.5", "=", "~x", "+.inf"])
def test_what_an_old_reader_takes_for_something_else_is_ambiguous(word: str) -> None:
    """Text here that PyYAML's own resolver (YAML 1.1) does not take for text is named in `ambiguous`."""
    check_against_yaml_1_1(word)


@given(st.text("0123456789_:.+-eExobnyTtZaf", min_size=1, max_size=12))
@example("0b_")
@example("2001-1-1 1:2")
def test_no_word_escapes_the_notion_of_ambiguous(word: str) -> None:
    """The same for any word made of the characters that numbers and dates are made of."""
    check_against_yaml_1_1(word)


def check_against_yaml_1_1(word: str) -> None:
    found = load("s", f"v: {word}\n".encode())
    value = found.document.value
    if found.report.diagnostics or not isinstance(value, dict) or value["v"] != word:
        return
    tag = str(yaml.SafeLoader("").resolve(yaml.ScalarNode, word, (True, False)))  # type: ignore[no-untyped-call]
    if not tag.endswith(":str"):
        assert found.document.ambiguous == (("v",),)


OLD_NUMBERS = """
+0b0 -0b1 0b0 0b1 0b_ 0x0 0xa 0xA 0x_ -0x1F +0o7 0o0 0o_ 1:5 1:05 1:59 0:0 9:9 1_:5 -1:5 +1:5 1:5:5 1:5. 1:5.0 1:5._
1 5. 5.5 5e1 1_0 0_ 9_ +1_0 -1_0 1_0. 1_0.5 1_0._ 1_0e5 1_0E9 1_0e+0 1_0e-5 1_0.5e5 ._ .5_ ._0e1 -.inf +.Inf .INF .nan .NaN .NAN
2001-1-1 2001-12-31 0999-9-9 2001-01-01T1 2001-01-01t 2001-01-01T
"""


@pytest.mark.parametrize("word", [*OLD_NUMBERS.split(), "2001-01-01 1", "2001-01-01\t1"])
def test_every_form_of_an_old_number_is_known(word: str) -> None:
    """Digits and signs at the edges of each form that YAML 1.1 gives numbers and dates."""
    assert is_ambiguous(word)


NO_OLD_NUMBERS = "0b 0b2 0x 0xg 0xG 0o 0o8 1:60 1: :5 1:5:60 1_e 1_0e 1_0e_ _1 . .e1 -. +-1 1-1-1"


@pytest.mark.parametrize("word", NO_OLD_NUMBERS.split())
def test_what_only_looks_like_an_old_number_is_text(word: str) -> None:
    """Just beyond those edges nobody is asked for quotes."""
    assert not is_ambiguous(word)


@pytest.mark.parametrize("word", ["201-1-1", "2001-1-1x", "2001-1", "2001-123-1", "2001-1-123", "20011-1-1"])
def test_what_only_looks_like_a_date_is_text(word: str) -> None:
    """Nor for what has other digits than a date."""
    assert not is_ambiguous(word)


@pytest.mark.parametrize("word", ["y", "N", "yes", "OFF", "12:30", "1_000", "0b1", "2001-12-14", "2001-13-45", "-0x1F"])
def test_plain_words_of_yaml_1_1_are_text_and_ambiguous(word: str) -> None:
    """They are text here, and decode can tell that they lack quotes; in quotes they are not ambiguous."""
    plain = document(f"v: {word}")
    assert plain.value == {"v": word}
    assert plain.ambiguous == (("v",),)
    assert document(f"v: '{word}'").ambiguous == ()


@pytest.mark.parametrize(
    "word", ["onnx", "none", "127.0.0.1", "1.2.3", "8080:8080", "a:1", "node", "-x", "x86", "1e", "12:60"]
)
def test_words_that_every_reader_takes_for_text_are_not_ambiguous(word: str) -> None:
    """Nobody is asked to quote what cannot be misread."""
    assert document(f"v: {word}").ambiguous == ()


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("0x1F", 31),
        ("+.5e1", 5.0),
        ("0o17", 15),
        ("0755", 755),
        ("08", 8),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1e-6", 1e-6),
        ("-9223372036854775808", -(1 << 63)),
        ("0o777777777777777777777", (1 << 63) - 1),
        ("0x7fffffffffffffff", (1 << 63) - 1),
        ("+" + "0" * 23, 0),
    ],
)
def test_numbers_of_yaml_1_2(word: str, value: float) -> None:
    """They are numbers, with their source still to be had for a message."""
    read = document(f"v: {word}")
    assert same(read.value, {"v": value})
    assert read.slice(read.place(("v",)).value) == word


@given(DATA)
def test_what_json_writes_is_read_back(data: dict[str, Value]) -> None:
    """JSON is YAML: every value comes back as it was, -0.0 and 1.0 too."""
    read = load("s", json.dumps(data, ensure_ascii=False).encode())
    assert read.report.diagnostics == ()
    assert same(read.document.value, data)


@given(DATA)
def test_what_a_yaml_emitter_writes_is_read_back(data: dict[str, Value]) -> None:
    """Double-quoted YAML in blocks gives the texts back; its numbers are texts with a tag, so only texts here."""
    texts: dict[str, Value] = {key: [str(value)] for key, value in data.items()}
    read = load("s", yaml.safe_dump(texts, default_style='"', allow_unicode=True, sort_keys=False).encode())
    assert read.report.diagnostics == ()
    assert same(read.document.value, texts)


@given(DATA)
def test_every_place_slices_back(data: dict[str, Value]) -> None:
    """The text at a key's place is the key, and at a scalar's place the scalar, for every route."""
    read = load("s", json.dumps(data, ensure_ascii=False, indent=1).replace("\n", "\r\n").encode()).document
    for route, value in walk(read.value):
        place = read.where[route]
        assert json.loads(read.slice(place.value)) == value
        if place.key is not None:
            assert json.loads(read.slice(place.key)) == route[-1]
    assert len(read.where) == len(list(walk(read.value)))


SPEC = """\
# a comment
name: fraud-detector   # with a comment
owner: 'it''s me'
model:
    uri: >-
      folded
      text

    note: "two
      lines"
empty:
items:
- one
-
- {a: 1, b: , "c": [x,  y]}

last: the
  end
"""


@pytest.mark.parametrize(
    ("route", "key", "value", "plain"),
    [
        ((), None, SPEC[12:-1], False),
        (("name",), "name", "fraud-detector", True),
        (("owner",), "owner", "'it''s me'", False),
        (("model",), "model", SPEC[SPEC.index("uri") : SPEC.index("\nempty")], False),
        (("model", "uri"), "uri", ">-\n      folded\n      text", False),
        (("model", "note"), "note", '"two\n      lines"', False),
        (("empty",), "empty", "", True),
        (("items",), "items", SPEC[SPEC.index("- one") : SPEC.index("\n\nlast")], False),
        (("items", 0), None, "one", True),
        (("items", 1), None, "", True),
        (("items", 2), None, '{a: 1, b: , "c": [x,  y]}', False),
        (("items", 2, "b"), "b", "", True),
        (("items", 2, "c"), '"c"', "[x,  y]", False),
        (("items", 2, "c", 1), None, "y", True),
        (("last",), "last", "the\n  end", True),
    ],
)
def test_places_are_tight(route: tuple[str | int, ...], key: str | None, value: str, plain: bool) -> None:
    """A place holds the key or value and nothing around it: no blank lines, no comment."""
    read = document(SPEC)
    place = read.where[route]
    assert (place.key and read.slice(place.key)) == key
    assert (read.slice(place.value), place.plain) == (value, plain)


def test_an_empty_value_stands_behind_its_colon() -> None:
    """There is nothing to underline, but there is a place to write to."""
    read = document("a:   # comment\nb: 1\n")
    assert read.where[("a",)].value.start == 2


@pytest.mark.parametrize("text", ["a: é😀\r\nb: 1\r\n", "\ufeffa: é😀\nb: 1\n"])
def test_line_ends_and_byte_order_mark_do_not_shift_places(text: str) -> None:
    """CRLF and a BOM at the start are accepted, and line and column are the editor's."""
    read = document(text)
    assert read.value == {"a": "é😀", "b": 1}
    position = read.texts["serving.yaml"].position(read.where[("b",)].value.start)
    assert (position.line, position.column) == (2, 4)


@pytest.mark.parametrize(
    "text", ["---\na: 1\n", "a: 1\n...\n", "# c\n---\na: 1\n# d\n", "{a: 1}", "? a\n: 1\n", "\ta: 1"[1:]]
)
def test_one_document_however_it_is_marked(text: str) -> None:
    """Markers, comments and braces are all YAML for the same spec."""
    assert document(text).value == {"a": 1}


def test_an_integer_is_as_long_as_64_bits_need() -> None:
    """One longer is refused without counting its zeros: thousands of digits cost a reader seconds."""
    assert [item.code for item in load("s", b"v: " + b"0" * 25).report.diagnostics] == ["number-out-of-range"]


@pytest.mark.parametrize("style", ["|", ">", "|-", ">+"])
def test_a_block_of_text_ends_with_its_last_line(style: str) -> None:
    """The blank lines behind it are no part of what is underlined."""
    read = document(f"a: {style}\n  x\n\n  y\n\n\nb: 1\n")
    assert read.slice(read.where[("a",)].value) == f"{style}\n  x\n\n  y"


def test_underflow_to_nothing_is_not_read_as_zero() -> None:
    """A number that would silently become zero is refused; the smallest one that exists is not."""
    assert document("v: 5e-324").value == {"v": 5e-324}
    assert same(document("v: -0.0").value, {"v": -0.0})
    assert [item.code for item in load("s", b"v: 1e-400").report.diagnostics] == ["number-out-of-range"]
