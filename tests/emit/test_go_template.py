"""What is written for Go's templates, read as they do: text, but for `{{`, which begins an action up to the next `}}`."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.emit.go_template import literal
from servespec.emit.quoted import plain, traced


def _executed(text: str) -> str:
    """text/template of Go, of whose actions here is one: a raw string in backquotes prints itself."""
    made = ""
    while "{{" in text:
        before, _, rest = text.partition("{{")
        raw = re.match(r"`([^`]*)`}}", rest)
        assert raw, f"an action that is not ours: {rest[:20]}"
        made, text = f"{made}{before}{raw[1]}", rest[raw.end() :]
    return made + text


@given(st.text(alphabet='{}`"\\.- aN', max_size=12))
def test_it_prints_what_it_was(text: str) -> None:
    """As KServe does it: the JSON of a container is the template, and what it prints is read as JSON again."""
    written = json.dumps(plain(literal({"env": [{"name": "T", "value": traced(text, "runtime.env.T")}]})))
    assert json.loads(_executed(written))["env"][0]["value"] == text


@pytest.mark.parametrize("text", ["{{ messages }}", "{{.Name}}"])
def test_as_it_was_it_would_not(text: str) -> None:
    """The reader refuses what a controller would run."""
    with pytest.raises(AssertionError):
        _executed(text)


def test_origins_stay() -> None:
    """A line still says where it came from."""
    assert literal(traced("{{x", "runtime.env.T")) == traced("{{`{{`}}x", "runtime.env.T")
