"""Bytes become text: UTF-8 with LF line ends and nothing that a reader could see in two ways."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import islice

from servespec.diagnostics.types import Diagnostic
from servespec.records import dataclass
from servespec.source import messages
from servespec.spans import Span, Text

MAX_BYTES = 1 << 20
_MAX_SHOWN = 20

# YAML 1.2, 5.1 (c-printable) without what the text has lost by now; a U+FEFF is only at home at the very start.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]+")
# YAML 1.1, 4.1.4: these end a line. In YAML 1.2 they don't.
_SEPARATORS = re.compile("[\x85\u2028\u2029]+")

# https://git-scm.com/docs/git-merge#_how_conflicts_are_presented (read 2026-11): in the first column, before a name.
_MARKER = re.compile(r"^(?:<{7}|\|{7}|>{7}) [^\n]*", re.MULTILINE)
_MARKS = ("<<<<<<< ", "||||||| ", ">>>>>>> ")


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as text, and what is wrong with its characters."""

    text: Text
    problems: tuple[Diagnostic, ...]
    readable: str | None
    """What the composer may read: as long as the text, without what no reader accepts. None: nothing."""


def read(path: str, data: bytes) -> Reading:
    """The text of one file."""
    if len(data) > MAX_BYTES:
        return Reading(Text(path, ""), (messages.too_large(Span(path, 0, 0), len(data), MAX_BYTES),), None)
    if encoding := _wide(data):
        problem = messages.utf16_text(Span(path, 0, 0))
        return Reading(Text(path, _lines(data.decode(encoding, "replace"))), (problem,), None)
    data = data.removeprefix(BOM_UTF8)
    try:
        return _examine(path, data.decode())
    except UnicodeDecodeError as failure:
        return _spoiled(path, data, failure)


def _wide(data: bytes) -> str:
    """The name of the encoding when it has two bytes a character (YAML 1.2, 5.2), else nothing."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    zeros = [byte == 0 for byte in data[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False, True, False] else ""


def _lines(content: str) -> str:
    return content.replace("\r\n", "\n").replace("\r", "\n")


def _spoiled(path: str, data: bytes, failure: UnicodeDecodeError) -> Reading:
    content = data.decode(errors="replace")
    start = len(_lines(data[: failure.start].decode()))
    problem = messages.not_utf8(Span(path, start, start + 1), data[failure.start])
    if _CONTROLS.search(content.replace("\r", "")):  # not a text at all: no use in reading on
        return Reading(Text(path, _lines(content)), (problem,), None)
    rest = _examine(path, content)
    return Reading(rest.text, (problem, *rest.problems), rest.readable)


def _examine(path: str, content: str) -> Reading:
    text = Text(path, _lines(content))
    if any(mark in content for mark in _MARKS) and (marker := _MARKER.search(text.content)):
        return Reading(text, (messages.merge_conflict(Span(path, *marker.span())),), None)
    problems = (*_returns(path, content), *_strange(text))
    if not problems:
        return Reading(text, (), text.content)
    if len(problems) >= _MAX_SHOWN:  # no use in reading on either
        return Reading(text, problems, None)
    readable = _CONTROLS.sub(lambda run: "\ufffd" * len(run[0]), text.content)
    return Reading(text, problems, _SEPARATORS.sub(lambda run: " " * len(run[0]), readable))


def _returns(path: str, content: str) -> Iterator[Diagnostic]:
    """At most one finding: a file has lone carriage returns on all of its lines, or on one."""
    content = content.replace("\r\n", "\n")
    if count := content.count("\r"):
        at = content.index("\r")
        yield messages.carriage_return(Span(path, at, at + 1), count)


def _strange(text: Text) -> Iterator[Diagnostic]:
    if text.content.replace("\n", "").isprintable():
        return  # all that is searched for is unprintable, and this is ten times as fast
    for pattern, message in ((_CONTROLS, messages.control_character), (_SEPARATORS, messages.line_separator)):
        for index, run in enumerate(islice(pattern.finditer(text.content), _MAX_SHOWN)):
            unseen = len(pattern.findall(text.content)) - _MAX_SHOWN if index == _MAX_SHOWN - 1 else 0
            yield message(Span(text.path, run.start(), run.end()), run[0][0], max(unseen, 0))
