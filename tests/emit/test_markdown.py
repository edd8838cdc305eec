"""Code spans, read back by a reader of Markdown's own grammar."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.emit import markdown
from servespec.emit.quoted import Unwritable

# https://spec.commonmark.org/0.31.2/#code-spans: as many backticks at both ends, and one blank stripped off each.
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)")


@given(st.text())
def test_a_code_span_reads_back(value: str) -> None:
    """What is written is one span that holds just the value, also in a cell of a table; or nothing is written."""
    try:
        text = markdown.code(value).text
    except Unwritable:
        return
    cells = re.split(r"(?<!\\)\|", f"|{text}|")[1:-1]
    (span,) = (_SPAN.fullmatch(cell) for cell in cells)
    assert span is not None
    assert span[2] == value


@pytest.mark.parametrize("value", ["a`b", "a|b", "a\nb", " a", "", "a\\", "\x1b[31m", "\ud800"])
def test_what_no_span_holds_is_refused(value: str) -> None:
    """A value that would end the span, its cell or its line is never written."""
    with pytest.raises(Unwritable):
        markdown.code(value)


@pytest.mark.parametrize("value", ["feature-store", "tls.crt", ".dockerconfigjson", "env STORE_TOKEN", "<b>*x*</b>"])
def test_names_are_written_as_they_are(value: str) -> None:
    """Names and keys need no escape."""
    assert markdown.code(value).text == f"`{value}`"
