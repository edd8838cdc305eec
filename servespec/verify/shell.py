"""Reads a shell script back as words and operators, well enough to see whether a value stayed inside its word."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

from servespec.artifacts import Content
from servespec.verify.compare import Difference, Unreadable, shape_difference, shape_of

Token: TypeAlias = tuple[str, str]
"""What it is (`word`, `operator`, `here` for a here-document), and its text after the quotes are gone."""

ACTIVE = "\ue003"
"""Stands before a character that the shell would act on: a value between quotes never has one."""

_OPERATOR = re.compile(r"<<<|<<-|;;&|&>>|&&|\|\||;;|;&|<<|>>|<&|>&|<>|>\||&>|\|&|[;&|<>()\n]")
_ORDINARY = re.compile(r"[^\s;&|<>()'\"\\$`*?\[\]{}~!#^]+")
_IN_DOUBLE = re.compile(r'(?:[^"\\$`]|\\.)+', re.DOTALL)
_ESCAPED = re.compile(r'\\(?:([$`"\\])|\n)')  # any other backslash between double quotes is one
_ARITHMETIC = re.compile(r"\$\(\((?:[^()]|\([^()]*\))*\)\)")


def check(content: Content) -> Difference | None:
    """The first place where the script is not its template with each value as a word, or in one."""
    return shape_difference(_read_neutral(shape_of(content).neutral), read(content.text), shape_of(content))


def read(text: str) -> tuple[Token, ...]:
    """The tokens of a script, comments left out."""
    reader = _Reader(text)
    reader.script(nested=False)
    return tuple(reader.tokens)


_read_neutral = lru_cache(maxsize=256)(read)


class _Reader:
    """A place in a script, and the tokens before it."""

    def __init__(self, text: str) -> None:
        self.tokens: list[Token] = []
        self._text = text
        self._at = 0
        self._word: list[str] | None = None
        self._here: list[bool] = []
        """For each here-document whose body has not begun, whether its tabs are stripped."""

    def script(self, *, nested: bool) -> None:
        """Read to the end, or to the parenthesis that closes a nested command."""
        depth = 0
        while self._at < len(self._text):
            character = self._text[self._at]
            if character == ")" and nested and depth == 0:
                self._end_word()
                return
            depth += (character == "(") - (character == ")")
            self._step(character)
        if nested:
            raise Unreadable("a command substitution does not end")
        self._end_word()

    def _step(self, character: str) -> None:
        if match := _ORDINARY.match(self._text, self._at):
            self._append(match[0], match.end())
        elif character in " \t":
            self._end_word()
            self._at += 1
        elif match := _OPERATOR.match(self._text, self._at):
            self._operator(match[0])
        elif character == "#" and self._word is None:
            end = self._text.find("\n", self._at)
            self._at = end if end >= 0 else len(self._text)
        elif character in "'\"":
            self._single() if character == "'" else self._double()
        elif character == "\\":
            self._backslash()
        else:
            self._expansion(character)

    def _append(self, text: str, at: int) -> None:
        self._word = [*(self._word or ()), text]
        self._at = at

    def _end_word(self) -> None:
        if self._word is not None:
            self.tokens.append(("word", "".join(self._word)))
            self._word = None

    def _operator(self, operator: str) -> None:
        self._end_word()
        self.tokens.append(("operator", operator))
        self._at += len(operator)
        if operator in ("<<", "<<-"):
            self._here.append(operator == "<<-")
        elif operator == "\n" and self._here:
            self._bodies()

    def _bodies(self) -> None:
        starts = [i for i, token in enumerate(self.tokens) if token in (("operator", "<<"), ("operator", "<<-"))]
        for tabs, start in zip(self._here, starts[-len(self._here) :], strict=True):
            delimiter = self.tokens[start + 1][1]
            lines: list[str] = []
            while True:
                end = self._text.find("\n", self._at)
                if end < 0:
                    raise Unreadable(f"the here-document {delimiter!r} does not end")
                line, self._at = self._text[self._at : end], end + 1
                if (line.lstrip("\t") if tabs else line) == delimiter:
                    break
                lines.append(line)
            self.tokens.append(("here", "\n".join(lines)))
        self._here = []

    def _single(self) -> None:
        end = self._text.find("'", self._at + 1)
        if end < 0:
            raise Unreadable("a single quote does not end")
        self._append(self._text[self._at + 1 : end], end + 1)

    def _double(self) -> None:
        self._append("", self._at + 1)
        while (character := self._text[self._at : self._at + 1]) != '"':
            if match := _IN_DOUBLE.match(self._text, self._at):
                self._append(_ESCAPED.sub(r"\1", match[0]), match.end())
            elif self._text.startswith("$(", self._at) and not _ARITHMETIC.match(self._text, self._at):
                self._substitution()
            elif character:
                self._expansion(character)
            else:
                raise Unreadable("a double quote does not end")
        self._at += 1

    def _substitution(self) -> None:
        self._append(f"{ACTIVE}$(", self._at + 2)
        self._end_word()
        self.script(nested=True)
        self._append(")", self._at + 1)

    def _backslash(self) -> None:
        following = self._text[self._at + 1 : self._at + 2]
        if following == "\n":
            self._at += 2
        elif following:
            self._append(following, self._at + 2)
        else:
            raise Unreadable("a backslash at the end")

    def _expansion(self, character: str) -> None:
        if match := _ARITHMETIC.match(self._text, self._at):
            self._append(f"{ACTIVE}{match[0]}", match.end())
        elif self._text.startswith(("$'", '$"'), self._at):
            raise Unreadable("a form of quoting that not every shell knows")
        else:
            self._append(f"{ACTIVE}{character}", self._at + 1)
