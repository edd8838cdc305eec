"""Words of a POSIX shell: one value, one word, whatever is in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from servespec.artifacts import Origin
from servespec.emit.quoted import Quoted, Unwritable
from servespec.emit.shape import HOLE, encodable
from servespec.records import dataclass

_OPTION = re.compile(r"--?[A-Za-z0-9][A-Za-z0-9_.-]*")

# POSIX 2.4 and bash: read as syntax, not as a program, where a command starts.
_SYNTAX = re.compile(
    r"case|coproc|do|done|elif|else|esac|fi|for|function|if|in|select|then|time|until|while|.*=.*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class ShellWord(Quoted):
    """One word, or a whole command line of them."""


def word(value: str, *origins: Origin) -> ShellWord:
    """The value as one word. Put `--` before it, or use `option`, where it could be taken for an option."""
    return ShellWord(quote(value), value, HOLE, origins)


def option(name: str, value: str, *origins: Origin) -> ShellWord:
    """`--name=value` as one word, so that a value with a leading `-` stays a value."""
    if not _OPTION.fullmatch(name):
        raise ValueError(f"{name!r} is no name of an option")
    return word(f"{name}={value}", *origins)


def command(argv: Sequence[str | ShellWord], *origins: Origin) -> ShellWord:
    """One command line that runs just this argv; its origins are its own and those of its words."""
    words = [item if isinstance(item, ShellWord) else word(item) for item in argv]
    if not words:
        raise Unwritable("a command needs a program")
    texts = [quote_program(words[0].plain), *(item.text for item in words[1:])]
    return ShellWord(
        " ".join(texts),
        "\0".join(item.plain for item in words),
        " ".join(item.neutral for item in words),
        tuple(dict.fromkeys([*origins, *(origin for item in words for origin in item.origins)])),
    )


def quote(value: str) -> str:
    """The text of one word; Unwritable for what no argument can hold."""
    if "\0" in value:
        raise Unwritable("no argument of a program can hold NUL")
    return shlex.quote(encodable(value))


def quote_program(value: str) -> str:
    """The text of the first word of a command, which is neither an assignment nor a reserved word."""
    text = quote(value)
    return f"'{text}'" if text == value and _SYNTAX.fullmatch(value) else text
