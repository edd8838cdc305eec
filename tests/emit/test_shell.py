"""What `emit.shell` writes, read back by the shells themselves."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servespec.emit import shell
from servespec.emit.quoted import Unwritable
from servespec.emit.shape import HOLE

SHELLS = [
    pytest.param(name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"no {name} here"))
    for name in ("sh", "bash", "dash")
]
FRAGMENTS = ["'", '"', "\\", "\n", "\r", "\t", "$(id)", "`id`", "$HOME", ";", "&", "|", "#", " ", "*", "~", "{a,b}"]
FRAGMENTS += ["!", "<<EOF", "-n", "="]
VALUES = st.lists(
    st.sampled_from(FRAGMENTS)
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=4),
    max_size=5,
).map("".join)


def _arguments(name: str, script: str) -> list[str]:
    done = subprocess.run([name], input=script.encode(), capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("name", SHELLS)
@settings(max_examples=15, deadline=None)
@given(values=st.lists(VALUES, min_size=30, max_size=60))
def test_a_word_is_one_argument_with_the_same_characters(name: str, values: list[str]) -> None:
    """Every shell gets back each value, one argument each, and runs nothing of it."""
    words = " ".join(shell.word(value).text for value in values)
    assert _arguments(name, f"printf '%s\\0' -- {words}\n")[1:] == values


@pytest.mark.parametrize("name", SHELLS)
@settings(max_examples=10, deadline=None)
@given(values=st.lists(VALUES, min_size=10, max_size=30))
def test_a_command_has_the_argv_it_was_given(name: str, values: list[str]) -> None:
    """A whole command line is split into just the argv it was made from, options included."""
    argv = ["printf", "%s\\0", *values]
    options = [shell.option("--name", value) for value in values]
    assert _arguments(name, shell.command([*argv, *options]).text) == values + [f"--name={value}" for value in values]


@pytest.mark.parametrize("name", SHELLS)
@pytest.mark.parametrize("program", ["if", "while", "A=b", "time", "a b", "-x"])
def test_the_first_word_is_a_program(name: str, program: str, tmp_path: Path) -> None:
    """A program whose name looks like syntax or like an assignment is run all the same."""
    path = tmp_path / program
    path.write_text("#!/bin/sh\nprintf 'ran\\0'\n")
    path.chmod(0o755)
    script = f"PATH={shell.word(str(tmp_path)).text}\n{shell.command([program]).text}\n"
    assert _arguments(name, script) == ["ran"]


def test_no_argument_holds_nul_or_half_a_character() -> None:
    """What no argv can carry is refused, wherever it stands."""
    for value in ("a\0b", "\ud800"):
        with pytest.raises(Unwritable):
            shell.word(value)
        with pytest.raises(Unwritable):
            shell.command(["printf", value])
    with pytest.raises(Unwritable):
        shell.command([])


def test_an_option_has_a_name_of_ours() -> None:
    """A name that would not be one option is a mistake in our code."""
    with pytest.raises(ValueError, match="no name of an option"):
        shell.option("--a b", "c")


def test_a_command_remembers_where_its_words_are_from() -> None:
    """The origins of a command are its own and those of its words; each word is a hole of its shape."""
    made = shell.command(["serve", shell.option("--port", "80", "runtime.port")], "runtime")
    assert made.origins == ("runtime", "runtime.port")
    assert made.neutral == f"{HOLE} {HOLE}"
    assert made.plain.split("\0") == ["serve", "--port=80"]
