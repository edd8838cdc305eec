"""What `emit.dockerignore` writes. The engine itself reads it in `test_dockerfile.py`, end to end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.emit import dockerignore
from servespec.emit.quoted import Unwritable

PATHS = st.lists(st.sampled_from(list("\\*?[](){}|+^$!#. ab/é")), min_size=1, max_size=8).map("".join)


def _matcher(pattern: str) -> re.Pattern[str]:
    """The regular expression that github.com/moby/patternmatcher makes of a pattern without `**`."""
    text, at = "^", 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\" and at + 1 < len(pattern):
            at += 1
            text += "\\" + pattern[at] if not pattern[at].isalnum() else pattern[at]
        else:
            text += {"*": "[^/]*", "?": "[^/]", ".": r"\.", "$": r"\$"}.get(character, character)
        at += 1
    return re.compile(text + "$")


@given(PATHS.filter(lambda path: path == path.strip()))
def test_a_pattern_matches_its_path_alone(path: str) -> None:
    """The builder's matcher lets in the path that was named, and none that differs in a special character."""
    everything, line, caches = dockerignore.allow([(path, ())]).text.splitlines()
    assert (everything, line[0], caches) == ("*", "!", "**/__pycache__")
    matcher = _matcher(line[1:])
    assert matcher.fullmatch(path)
    for special in "*?[]+.$":
        assert not matcher.fullmatch(path.replace(special, "x")) or special not in path


@pytest.mark.parametrize("path", ["", " a", "a ", "a\n!b", "a\r", "\u2028", "\ud800"])
def test_what_a_line_cannot_name_is_refused(path: str) -> None:
    """Blanks at the ends are cut off by the builder, and a line end begins another rule."""
    with pytest.raises(Unwritable):
        dockerignore.allow([(path, ())])


def test_lines_know_their_origins() -> None:
    """Each path keeps where it is from."""
    content = dockerignore.allow([("model/", ("model.uri",))], header="ours")
    assert content.text == "# ours\n*\n!model/\n**/__pycache__\n"
    assert content.origins == (("template:header:1",), ("template:header",), ("model.uri",), ("template:header",))
