"""Each message is a page of the manual whose examples are true."""

from __future__ import annotations

import inspect
import re

import pytest

from servespec.reference.rules import rules
from servespec.source import load, messages

MESSAGES = {name: getattr(messages, name) for name in messages.__all__}
# Their bad example can't be written down in a page of text.
UNWRITABLE = {
    "carriage_return",
    "control_character",
    "line_separator",
    "not_utf8",
    "too_deep",
    "too_large",
    "too_many_problems",
    "too_many_values",
    "utf16_text",
}


def sections(name: str) -> tuple[str, str, str]:
    """The words of the page that `explain` shows, and its two examples."""
    prose, bad, good = re.split(r"\n(?:Bad|Good):\n```yaml\n", rules()[name.replace("_", "-")].page)
    return prose, bad.removesuffix("\n```"), good.removesuffix("\n```")


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_a_page_has_what_why_and_examples(name: str) -> None:
    """First line what, then why, then a bad and a good example; the good one has no finding."""
    prose, _, good = sections(name)
    what, _, why = prose.partition("\n\n")
    assert what.strip().endswith(".")
    assert why.strip()
    assert load("s", good.encode()).report.diagnostics == ()


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - UNWRITABLE))
def test_the_bad_example_gives_just_that_finding(name: str) -> None:
    """The bad example of a page shows the mistake of that page and no other."""
    _, bad, _ = sections(name)
    assert [item.code for item in load("s", bad.encode()).report.diagnostics] == [name.replace("_", "-")]


def test_every_message_is_on_the_list() -> None:
    """A message that is not exported has no page that `explain` could find."""
    modules = (messages.characters, messages.features, messages.quoting, messages.structure, messages.syntax)
    written = {
        name
        for module in modules
        for name, item in inspect.getmembers(module, inspect.isfunction)
        if item.__module__ == module.__name__ and not name.startswith("_")
    }
    assert written == set(messages.__all__)


def test_no_words_of_the_parser() -> None:
    """A person who never heard of tokens, scalars and streams understands every sentence."""
    words = ("token", "scalar", "stream", "node", "libyaml", "PyYAML", "block mapping", "flow", "simple key")
    pages = "\n".join(inspect.getsource(message) for message in MESSAGES.values())
    assert [word for word in words if word in pages] == []
