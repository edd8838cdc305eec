"""What `emit.requirements` takes and writes, compared with `packaging`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement as Oracle

from servespec.emit import requirements
from servespec.emit.quoted import Unwritable

NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)
VERSIONS = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}((a|b|rc)[0-9])?(\.post[0-9])?(\.dev[0-9])?", fullmatch=True)
CLAUSES = st.tuples(st.sampled_from(["==", "!=", "<=", ">=", "<", ">"]), VERSIONS).map("".join)
TEXTS = st.builds(
    lambda name, extras, clauses: f"{name}{'[' + ','.join(extras) + ']' if extras else ''}{','.join(clauses)}",
    NAMES,
    st.lists(NAMES, max_size=2),
    st.lists(CLAUSES, max_size=3),
)


@given(TEXTS)
def test_a_line_means_what_was_asked_for(text: str) -> None:
    """`packaging` finds the same name, extras and versions in the line as in what was asked for."""
    line = requirements.dump([requirements.parse(text)]).text
    written, asked = Oracle(line.removesuffix("\n")), Oracle(text)
    assert (written.name, written.extras, written.specifier) == (asked.name, asked.extras, asked.specifier)


@given(st.text(st.sampled_from("ab1.-_[],=<>!~ ;@#\\\n\t+*:/\x0b\u00a0\u0661")) | st.text())
def test_what_is_taken_is_a_requirement(text: str) -> None:
    """Nothing is taken that `packaging` would refuse, and it becomes one line that starts with a name."""
    try:
        line = requirements.dump([requirements.parse(text)]).text
    except Unwritable:
        return
    assert Oracle(text).name == Oracle(line.removesuffix("\n")).name
    assert line.count("\n") == 1
    assert line.isascii()
    assert line[0].isalnum()


REFUSED = [
    "-r x",
    "--index-url=http://x",
    "a @ file:///x",
    "a; os_name=='x'",
    "./a",
    "a==1\n-r x",
    "",
    "a==",
    "a # b",
    "a~=1",
]


@pytest.mark.parametrize("text", REFUSED)
def test_options_addresses_and_markers_are_refused(text: str) -> None:
    """A line can be nothing but a name with versions."""
    with pytest.raises(Unwritable):
        requirements.parse(text)


def test_a_requirement_made_by_hand_is_parsed_too() -> None:
    """Fields that do not make a requirement are refused when they are written."""
    with pytest.raises(Unwritable):
        requirements.dump([requirements.Requirement("-r x")])


def test_forms_in_use() -> None:
    """Pins with local versions, wildcards, epochs and compatible releases are written without blanks."""
    for text, line in (
        ("torch == 2.1.0+cpu", "torch==2.1.0+cpu"),
        ("protobuf >= 6.31.1, < 7", "protobuf>=6.31.1,<7"),
        ("uvicorn[standard] ~= 0.30", "uvicorn[standard]~=0.30"),
        ("a == 1.*", "a==1.*"),
        ("a == 1!2.0", "a==1!2.0"),
    ):
        assert str(requirements.parse(text)) == line


def test_lines_know_their_origins() -> None:
    """Each requirement keeps where it is from."""
    content = requirements.dump([requirements.parse("a==1", "image.python"), requirements.parse("b")], header="ours")
    assert content.text == "# ours\na==1\nb\n"
    assert content.origins == (("template:header:1",), ("image.python",), ())
