"""What `emit.nginx` writes, read back by crossplane's lexer, which is not ours."""

from __future__ import annotations

from pathlib import Path

import crossplane
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servespec.emit import nginx
from servespec.emit.quoted import Unwritable

FRAGMENTS = ["'", '"', "\\", ";", "{", "}", "#", " ", "a", "b", "*", "%", "=", ":", "é", "\u2028", "\U0001f600"]
TEXT = st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join)


def _arguments(path: Path, text: str) -> list[list[str]]:
    """The arguments of each directive; this lexer takes the quotes off, and leaves backslashes as they are."""
    path.write_text(text)
    directives: list[list[str]] = [[]]
    for token, _, quoted in crossplane.lex(str(path)):
        if token in (";", "{", "}") and not quoted:
            directives.append([])
        else:
            directives[-1].append(token.replace("\\\\", "\\"))
    return [words for words in directives if words]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(TEXT, min_size=1, max_size=20))
def test_a_value_is_one_argument(values: list[str], tmp_path: Path) -> None:
    """However nasty, it neither ends its directive nor opens a block, and a reader has it back."""
    text = "".join(f"set_by {nginx.word(value).text} end;\n" for value in values)
    assert _arguments(tmp_path / "nginx.conf", text) == [["set_by", value, "end"] for value in values]


@pytest.mark.parametrize("value", ["$host", "a$", "${request_uri}", "a\nb", "\0", "\x85", "\ud800"])
def test_what_could_be_more_than_text_is_refused(value: str) -> None:
    """There is no way to write a dollar that starts no variable, and no value takes two lines."""
    with pytest.raises(Unwritable):
        nginx.word(value)


def test_other_words() -> None:
    """Numbers, times, shares, addresses and names of variables stand without quotes."""
    words = [nginx.integer(3), nginx.seconds(30), nginx.share(80), nginx.share(100), nginx.share(1)]
    words += [nginx.share(None), nginx.address("a-b.c", 8080), nginx.address("a", 65535), nginx.address("a", 1)]
    assert [item.text for item in (*words, nginx.variable("rest"))] == [
        *("3", "30s", "80%", "100%", "1%", "*", "a-b.c:8080", "a:65535", "a:1", "$rest")
    ]


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (nginx.share, (0,)),
        (nginx.share, (101,)),
        (nginx.address, ("a b", 80)),
        (nginx.address, ("$host", 80)),
        (nginx.address, ("a;", 80)),
        (nginx.address, ("a", 0)),
        (nginx.address, ("a", 65536)),
        (nginx.variable, ("a b",)),
        (nginx.variable, ("",)),
    ],
)
def test_what_is_none_of_them_is_refused(make: object, arguments: tuple[object, ...]) -> None:
    """A share that nginx does not take, a host that is no name."""
    with pytest.raises(Unwritable):
        make(*arguments)  # type: ignore[operator]
