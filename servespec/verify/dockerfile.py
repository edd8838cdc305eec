"""Reads a Dockerfile back as BuildKit's parser does: instructions, flags, and their arguments after expansion."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from servespec.artifacts import Content
from servespec.verify import shell
from servespec.verify.compare import Difference, Unreadable, shape_difference, shape_of

Argument: TypeAlias = "str | tuple[Argument, ...]"
Instruction: TypeAlias = tuple[str, tuple[str, ...], Argument]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ESCAPE_DIRECTIVE = re.compile(r"#\s*escape\s*=", re.IGNORECASE)
_CONTINUED = re.compile(r"\\[ \t]*$")
_KEYWORD = re.compile(
    r"ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR"
)
_SOURCE = re.compile(r"\[([*?\[])\]|[*?\[\\]")
_PIECE = re.compile(
    r"""(?P<blank>\s+)|'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"|\\(?P<escaped>.)|(?P<plain>\$|[^\s'"\\$]+)"""
)
_ESCAPED = re.compile(r'\\([\\"$])|\$')


def check(content: Content) -> Difference | None:
    """The first place where an instruction is not the template's with each value as an argument, or in one."""
    return shape_difference(_read_neutral(shape_of(content).neutral), read(content.text), shape_of(content))


def read(text: str) -> tuple[Instruction, ...]:
    """The instructions in their order."""
    if match := _CONTROL.search(text):
        raise Unreadable(f"the control character {match[0]!r}")
    if _ESCAPE_DIRECTIVE.search(text):
        raise Unreadable("another escape character")
    return tuple(_instruction(line) for line in _logical_lines(text))


_read_neutral = lru_cache(maxsize=256)(read)


def _logical_lines(text: str) -> Iterator[str]:
    whole = ""
    for line in text.split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        whole += _CONTINUED.sub("", line)
        if not _CONTINUED.search(line):
            yield whole.strip()
            whole = ""
    if whole:
        yield whole.strip()


@lru_cache(maxsize=1024)  # most lines of a Dockerfile are in the next one too
def _instruction(line: str) -> Instruction:
    keyword, _, rest = line.partition(" ")
    if not _KEYWORD.fullmatch(keyword):
        raise Unreadable(f"no instruction is called {keyword!r}")
    flags: list[str] = []
    rest = rest.lstrip()
    while rest.startswith("--"):
        flag, _, rest = rest.partition(" ")
        flags.append(flag)
        rest = rest.lstrip()
    return keyword, tuple(flags), _arguments(keyword, rest)


def _arguments(keyword: str, rest: str) -> Argument:
    if keyword == "HEALTHCHECK":
        check, _, rest = rest.partition(" ")
        return (check, _command(rest.lstrip()))
    if keyword in ("RUN", "CMD", "ENTRYPOINT", "SHELL"):
        return _command(rest)
    if keyword in ("ARG", "ENV", "LABEL"):
        return tuple(_assignment(word, keyword) for word in _split(rest))
    array = _array(rest)
    if array is None:
        return ("words", *map(_value, _split(rest)))
    expanded = [_value(item) for item in array]
    if keyword in ("COPY", "ADD"):
        expanded[:-1] = [_SOURCE.sub(_literal, source) for source in expanded[:-1]]
    return ("array", *expanded)


def _literal(match: re.Match[str]) -> str:
    # Sources are patterns: a class of one character is that character, anything else matches many.
    return match[1] or f"{shell.ACTIVE}{match[0]}"


def _command(rest: str) -> Argument:
    array = _array(rest)
    if array is not None:
        return ("array", *array)
    tokens = shell.read(rest)
    if ("operator", "<<") in tokens or ("operator", "<<-") in tokens:
        raise Unreadable("a here-document")
    return ("shell", *tokens)


def _array(rest: str) -> list[str] | None:
    # What looks like an array and is none becomes the shell form, without a word from the builder.
    try:
        array = json.loads(rest) if rest.startswith("[") else None
    except json.JSONDecodeError:
        return None
    return array if isinstance(array, list) and all(isinstance(item, str) for item in array) else None


def _split(text: str) -> list[str]:
    words = [""]
    for match in _pieces(text):
        if match["blank"]:
            words.append("")
        else:
            words[-1] += match[0]
    return words


def _assignment(word: str, keyword: str) -> Argument:
    # BuildKit looks for the `=` before it looks for quotes.
    name, equals, value = word.partition("=")
    if not equals and keyword != "ARG":
        raise Unreadable(f"{word!r} of {keyword} has no value")
    return (_value(name), equals, _value(value))


def _value(word: str) -> str:
    """The word without its quotes, as BuildKit's own lexer takes them."""
    return "".join(match["blank"] or _unquoted(match) for match in _pieces(word))


def _pieces(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        match = _PIECE.match(text, at)
        if match is None:
            raise Unreadable(f"a quote that does not end in {text!r}")
        at = match.end()
        yield match


def _unquoted(match: re.Match[str]) -> str:
    if match["double"] is not None:
        return _ESCAPED.sub(lambda escape: escape[1] or f"{shell.ACTIVE}$", match["double"])
    if match["plain"] == "$":
        return f"{shell.ACTIVE}$"
    return match["single"] or match["escaped"] or match["plain"] or ""
