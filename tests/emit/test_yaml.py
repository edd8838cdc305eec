"""What `emit.yaml` writes, read back by a YAML 1.1 reader and a YAML 1.2 reader."""

from __future__ import annotations

import io
import math

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from servespec.emit import yaml
from servespec.emit.quoted import Unwritable, traced
from servespec.spans import Value

# Text to one reader and a number, a time, a truth value, a tag or a structure to another.
TRICKY = ["no", "off", "Y", "n", "~", "", "null", "NULL", "true", ".inf", "-.INF", ".nan", "NaN", "inf", "=", "<<", "-"]
TRICKY += [
    "22:22",
    "1:2:3",
    "0755",
    "08",
    "0o17",
    "0x1F",
    "0b1",
    "1e3",
    "123e4567",
    "1_000",
    "1.10",
    "+1",
    ".5",
    "5.",
    "1.",
]
TRICKY += [
    "2001-01-01",
    "2001-01-01T00:00:00Z",
    "a: b",
    "a #b",
    "#",
    "&a",
    "*a",
    "!t",
    "%d",
    "@x",
    "`x",
    "[a]",
    "{a}",
    "a,b",
]
TRICKY += [
    "? a",
    "- a",
    "---",
    "...",
    " a",
    "a ",
    "\t",
    "\n",
    "a\nb\n",
    "'",
    '"',
    "\\",
    "$X",
    "\x00",
    "\x07",
    "\x7f",
    "\x85",
]
TRICKY += [
    "\xa0",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\u202e",
    "\U0001f600",
    "\ue000",
    "\uffff",
    "/x",
    "a/b-c.d",
    "y",
    "a:",
    ":a",
]
TEXT = st.sampled_from(TRICKY) | st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | FLOATS | TEXT
DATA = st.recursive(LEAVES, lambda of: st.lists(of, max_size=4) | st.dictionaries(TEXT, of, max_size=4), max_leaves=20)


def _exact(value: object) -> str:
    return repr(value)  # `True == 1 == 1.0`, but their texts differ; -0.0 and the order of keys count too


def _ruamel(text: str) -> object:
    return YAML(typ="safe", pure=True).load(io.StringIO(text))


@given(DATA)
def test_readers_of_both_versions_get_the_data_back(data: Value) -> None:
    """PyYAML (1.1) and ruamel.yaml (1.2) read the same data, with types and order, whatever is in it."""
    text = yaml.dump(data, header="ours").text
    assert _exact(pyyaml.safe_load(text)) == _exact(data)
    assert _exact(_ruamel(text)) == _exact(data)


@pytest.mark.parametrize("word", TRICKY)
def test_tricky_words_stay_text(word: str) -> None:
    """No word that some version reads as something else stands without quotes, as value or as key."""
    text = yaml.dump({word: [word]}).text
    assert _exact(pyyaml.safe_load(text)) == _exact(_ruamel(text)) == _exact({word: [word]})
    plain = text.startswith(word + ":")
    assert plain == (word in ("/x", "a/b-c.d"))


def test_an_escape_has_as_many_digits_as_its_character_needs() -> None:
    """Two, four or eight, as YAML has it, at the borders too."""
    assert yaml.string("\x9f\xad\u200b\uffff\U00010000") == '"\\x9f\\xad\\u200b\\uffff\\U00010000"'


def test_the_layout() -> None:
    """Blocks are indented by two, lists too; nothing is folded, and what is empty stays on its line."""
    data: Value = {"a": {"b": [1, [2, 3], {"c": "x", "d": ["y: z"]}], "e": [], "f": {}}, "g": "1\n2", "h": 1e-7}
    assert yaml.dump(data, header="first\nsecond").text == (
        "# first\n# second\n"
        'a:\n  b:\n    - 1\n    - - 2\n      - 3\n    - c: x\n      d:\n        - "y: z"\n  e: []\n  f: {}\n'
        'g: "1\\n2"\nh: 1.0e-07\n'
    )


def test_lines_know_their_origins() -> None:
    """Each line has the origins of its own data, else of what holds it, else the inherited ones."""
    data = {"a": traced([1, traced(2, "two")], "list"), "b": {"c": traced("x", "c.x")}}
    content = yaml.dump(data, header="ours", inherited=("all",))
    named = dict(zip(content.text.splitlines(), content.origins, strict=True))
    assert named == {
        "# ours": ("template:header:1",),
        "a:": ("list",),
        "  - 1": ("list",),
        "  - 2": ("two",),
        "b:": ("all",),
        "  c: x": ("c.x",),
    }
    assert content.expected == {"a": [1, 2], "b": {"c": "x"}}


def test_a_word_of_an_enum_is_its_text() -> None:
    """Members of a string enum are written as their values."""
    from servespec.artifacts import Language

    assert yaml.dump({"a": Language.YAML}).text == "a: yaml\n"


@pytest.mark.parametrize("value", [math.inf, math.nan, "\ud800", {"k" * 1001: 1}])
def test_what_no_reader_agrees_on_is_refused(value: Value) -> None:
    """Infinity, half of a character and keys beyond what readers look for are refused."""
    with pytest.raises(Unwritable):
        yaml.dump(value)


@given(TEXT)
def test_compose_gets_the_text_back(text: str) -> None:
    """Every `$` of a value is doubled, which is all that Compose looks for; keys are left alone, origins kept."""
    escaped = yaml.compose_escape({"$k": [traced(text, "o"), (text,), 1, None, True]})
    doubled = text.replace("$", "$$")
    assert escaped == {"$k": [traced(doubled, "o"), [doubled], 1, None, True]}


@given(st.lists(st.sampled_from(["$", "$$", "$(", ")", "(", "A", " "]), max_size=8).map("".join))
def test_kubernetes_expands_to_the_text(text: str) -> None:
    """The expansion that a kubelet does to env, command and args gives the text back, with any variables set."""
    assert _expand(yaml.kubernetes_escape(text)) == text


def _expand(text: str) -> str:
    """What k8s.io/kubernetes/third_party/forked/golang/expansion does, every variable being set to `<set>`."""
    out, at = "", 0
    while at < len(text):
        if text[at] != "$" or at + 1 == len(text):
            out, at = out + text[at], at + 1
        elif text[at + 1] == "(" and ")" in text[at + 2 :]:
            out, at = out + "<set>", text.index(")", at + 2) + 1
        else:
            out, at = out + text[at + 1 if text[at + 1] == "$" else at : at + 2], at + 2
    return out
