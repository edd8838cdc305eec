"""Reads an nginx configuration back as nginx does: directives with their arguments, and the blocks that they open.

Rules: nginx/nginx 1.30.0, src/core/ngx_conf_file.c, ngx_conf_read_token (read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from servespec.artifacts import Content
from servespec.verify.compare import Difference, Unreadable, shape_difference, shape_of

Directive: TypeAlias = "tuple[tuple[str, ...], tuple[Directive, ...]]"
"""A name with its arguments, and the directives in its block."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# A comment and quotes have a meaning at the start of a token only; after a quoted one comes a blank or its end.
_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<end>[;{}])
    |"(?P<double>(?:[^"\\]|\\.)*)"(?=[\s;{])|'(?P<single>(?:[^'\\]|\\.)*)'(?=[\s;{])
    |(?P<bare>(?:\$\{[^}]*\}|\\.|[^\s;{}"'\\$]|\$(?!\{)|(?<!\s)["'])+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"""\\(["'\\])|\\([trn])""")
_NAMED = {"t": "\t", "r": "\r", "n": "\n"}


def check(content: Content) -> Difference | None:
    """The first place where a directive is not the template's, with each value as an argument or in one."""
    return shape_difference(_read_neutral(shape_of(content).neutral), read(content.text), shape_of(content))


def read(text: str) -> tuple[Directive, ...]:
    """The directives in their order; Unreadable when a block or a directive does not end."""
    if match := _CONTROL.search(text):
        raise Unreadable(f"the control character {match[0]!r}")
    return _block(_tokens(text), closed=False)


_read_neutral = lru_cache(maxsize=64)(read)


def _block(tokens: Iterator[tuple[str, str]], *, closed: bool) -> tuple[Directive, ...]:
    """The directives until the block is closed, or the file ends."""
    found: list[Directive] = []
    words: list[str] = []
    for kind, text in tokens:
        if kind != "end":
            words.append(text)
        elif text == "}":
            if words or not closed:
                raise Unreadable("a block is closed too early")
            return tuple(found)
        else:
            if not words:
                raise Unreadable(f"nothing before {text!r}")
            below = _block(tokens, closed=True) if text == "{" else ()
            found.append((tuple(words), below))
            words = []
    if words or closed:
        raise Unreadable("the file ends inside of a directive")
    return tuple(found)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unreadable(f"{text[at : at + 20]!r} is no token")
        at = match.end()
        if match.lastgroup is not None:
            value = match[match.lastgroup]
            yield match.lastgroup, value if match.lastgroup == "end" else _ESCAPE.sub(_unescaped, value)


def _unescaped(match: re.Match[str]) -> str:
    return match[1] or _NAMED[match[2]]
