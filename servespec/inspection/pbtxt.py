"""Text protobuf as people write it, https://protobuf.dev/reference/protobuf/textformat-spec/.

`servespec.verify.textproto` reads back only what servespec itself writes; a configuration that stands beside a model
may use all of the language.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from servespec.inspection.types import Malformed, TooMuch

Fields: TypeAlias = "dict[str, list[Value]]"
Value: TypeAlias = "str | Fields"
MAX_TOKENS = 100_000
_MAX_DEPTH = 50
_TOKEN = re.compile(
    r"""(?:\s|\#[^\n]*)*+(?:(?P<string>"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')|(?P<word>[-\w.+/]+)|(?P<mark>[\[\]{}<>:;,]))"""
)
_CLOSING = {"{": "}", "<": ">"}


def read(text: str) -> Fields:
    """The fields of a message; each has a list, however often it is given. Numbers and names stay text."""
    return _Reader(text).fields("")


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._tokens = [*self._split()]
        self._at = 0
        self._depth = 0

    def _split(self) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        at = 0
        # What is left after the last token is blank, or comments.
        while match := _TOKEN.match(self._text, at):
            tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
            at = match.end()
            if len(tokens) > MAX_TOKENS:
                raise TooMuch("is longer than any configuration")
        if re.sub(r"#[^\n]*", "", self._text[at:]).strip():
            raise Malformed("is no text protobuf")
        return tokens

    def fields(self, closing: str) -> Fields:
        """The fields up to a mark, or to the end."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Malformed("is nested too deep")
        found: Fields = {}
        while (token := self._next())[1] != closing or token[0] == "string":
            if token in (("mark", ","), ("mark", ";")):
                continue
            if token[0] != "word":
                raise Malformed("is no text protobuf")
            self._take(":")
            found.setdefault(token[1], []).extend(self._list() if self._take("[") else [self._value()])
        self._depth -= 1
        return found

    def _list(self) -> list[Value]:
        values: list[Value] = []
        while not self._take("]"):
            values.append(self._value())
            self._take(",")
        return values

    def _value(self) -> Value:
        kind, text = self._next()
        if kind == "mark" and text in _CLOSING:
            return self.fields(_CLOSING[text])
        if kind not in ("word", "string"):
            raise Malformed("is no text protobuf")
        while kind == "string" and self._peek()[0] == "string":  # strings in a row are one
            text = text[:-1] + self._next()[1][1:]
        return text[1:-1] if kind == "string" else text

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        if self._at > len(self._tokens) + 1:
            raise Malformed("ends too early")
        return token

    def _take(self, mark: str) -> bool:
        """Whether that mark comes next; then it is read."""
        if self._peek() != ("mark", mark):
            return False
        self._at += 1
        return True
