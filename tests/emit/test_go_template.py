"""What is written for Go's templates comes back from them, and nothing in it is an action of its own."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.emit.go_template import literal
from servespec.emit.quoted import plain, traced
from tests.go_template import executed


@given(st.text(alphabet='{}`"\\.- aN', max_size=12))
def test_it_prints_what_it_was(text: str) -> None:
    """As KServe does it: the JSON of a container is the template, and what it prints is read as JSON again."""
    written = json.dumps(plain(literal({"env": [{"name": "T", "value": traced(text, "runtime.env.T")}]})))
    assert json.loads(executed(written))["env"][0]["value"] == text


@pytest.mark.parametrize("text", ["{{ messages }}", "{{.Name}}"])
def test_as_it_was_it_would_not(text: str) -> None:
    """The reader refuses what a controller would run."""
    with pytest.raises(ValueError, match="not ours"):
        executed(text)


def test_origins_stay() -> None:
    """A line still says where it came from."""
    assert literal(traced("{{x", "runtime.env.T")) == traced("{{`{{`}}x", "runtime.env.T")
