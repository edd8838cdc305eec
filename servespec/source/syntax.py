"""Faults of syntax in our words: what a person did, where it started, and what to type instead."""

from __future__ import annotations

import re
from collections.abc import Callable

from servespec.diagnostics.types import Diagnostic
from servespec.records import dataclass
from servespec.source import messages, templates
from servespec.source.events import Fault
from servespec.spans import Span

_TOP_KEY = re.compile(r"^[A-Za-z\"'][^\n:]*:(?=[ \n]|$)", re.MULTILINE)
_SPACELESS = re.compile(r"[\w.-]+:(?=[^:/])")
_BRACKETS = re.compile(r"(?<![^\s,\[\]{}])#[^\n]*|([\[{])|([\]}])")
_ENDS = re.compile(r"\s*(?:,(?=\s|$)|[\[\]{}])")
"""What ends a text between brackets; with a comma within it, as `1,15` of a cron line, it was meant to go on."""


def diagnose(path: str, content: str, *, fault: Fault) -> Diagnostic:
    """What the fault means to the person who wrote the text."""
    view = _View(path, content, fault)
    for rule in _RULES:
        if (answer := rule(view)) is not None:
            return answer
    return messages.yaml_syntax(view.rest(fault.at))


def resume(content: str, problem: Diagnostic) -> int | None:
    """Where the next block starts after the line of `problem`, when the text is made of blocks."""
    at = problem.labels[0].at
    assert isinstance(at, Span)
    if content.lstrip()[:1] in ("{", "["):
        return None
    line_end = content.find("\n", at.start)
    following = _TOP_KEY.search(content, line_end) if line_end >= 0 else None
    return following.start() if following else None


@dataclass(frozen=True, slots=True)
class _View:
    """A fault with the text around it."""

    path: str
    content: str
    fault: Fault

    @property
    def problem(self) -> str:
        return self.fault.problem

    @property
    def sign(self) -> str:
        """The character at which the parser stopped."""
        return self.content[self.fault.at : self.fault.at + 1]

    @property
    def is_at_end(self) -> bool:
        """Whether nothing stands behind the fault."""
        return not self.content[self.fault.at :].strip()

    @property
    def value(self) -> str:
        """The last scalar before the fault, as written."""
        return self.content[slice(*self.fault.scalar)]

    def line(self, at: int) -> int:
        """Where the line of `at` starts."""
        return self.content.rfind("\n", 0, at) + 1

    def leads(self, at: int) -> bool:
        """Whether nothing but blanks is before `at` on its line."""
        return not self.content[self.line(at) : at].strip()

    def span(self, start: int, end: int) -> Span:
        return Span(self.path, start, end)

    def rest(self, at: int) -> Span:
        """What stands on the line from `at`, without a comment; of an empty end of the file, the line before."""
        if not self.content[at:].strip():
            at = self.line(len(self.content[:at].rstrip()))
            at += len(self.content[at:]) - len(self.content[at:].lstrip())
        line = self.content[at:].partition("\n")[0].partition(" #")[0]
        return self.span(at, at + max(len(line.rstrip()), min(len(line), 1)))

    def text(self, at: int) -> Span:
        """The text that begins at `at` on its line, between brackets no further than a comma or where they close."""
        rest = self.rest(at)
        if _left_open(self.content[:at]) is None:
            return rest
        if self.content[at : at + 1] == ",":
            return self.span(at, at + 1)
        end = _ENDS.search(self.content, at + 1, rest.end)
        return self.span(at, end.start() if end else rest.end)

    def first_word(self, at: int) -> Span:
        """The key or word at the beginning of the line of `at`."""
        start = self.line(at)
        start += len(self.content[start:at]) - len(self.content[start:at].lstrip())
        rest = self.rest(start)
        key = re.compile(r"[^\n:]+").match(self.content, rest.start, rest.end)
        return self.span(key.start(), key.end()) if key else rest


def _template(view: _View) -> Diagnostic | None:
    found = templates.before(view.content, view.fault.at) or templates.before(view.content, view.fault.since)
    if found is None:
        return None
    return messages.template_expression(
        view.span(*found), view.content[slice(*found)], dated=templates.is_dated(view.content, found[0])
    )


def _tab(view: _View) -> Diagnostic | None:
    at = view.fault.at
    if view.sign != "\t" or not ("token" in view.problem or "tab" in view.problem):
        return None
    end = at + len(view.content[at:]) - len(view.content[at:].lstrip("\t"))
    return messages.tab_indentation(view.span(at, end))


def _quote(view: _View) -> Diagnostic | None:
    """A quote that is never closed, or closed by one that was to open the next text."""
    start, end = view.fault.scalar
    if "quoted scalar" in view.fault.context and re.search("end of stream|document", view.problem):
        start = view.fault.since
        return messages.unclosed_quote(view.rest(start), view.content[start])
    if view.value[:1] in ("'", '"') and "\n" in view.value and end == view.fault.at:
        return messages.unclosed_quote(view.rest(start), view.value[0])
    return None


def _escape(view: _View) -> Diagnostic | None:
    if "quoted scalar" not in view.fault.context:
        return None
    # The two parsers point at the backslash, or at a character after it.
    start = view.fault.since
    at = view.content.rfind("\\", start, view.fault.at + 1)
    if at < 0 or at + 2 > len(view.content):
        return messages.unclosed_quote(view.rest(start), view.content[start])
    return messages.bad_escape(view.span(at, at + 2), view.content[at : at + 2])


def _bracket(view: _View) -> Diagnostic | None:
    fault = view.fault
    if view.is_at_end and "node content" in view.problem and (left := _left_open(view.content)) is not None:
        return messages.unclosed_bracket(view.span(left, left + 1), view.content[left])
    if not re.search(r"expected ',' or '?[\]}]", view.problem):
        return None
    opening = view.span(fault.since, fault.since + 1)
    if _closes(view.content, fault.since):
        return _without_comma(view, opening)
    return messages.unclosed_bracket(opening, view.content[fault.since])


def _without_comma(view: _View, opening: Span) -> Diagnostic:
    # Without the comma, the next key is the last word of the value before it, and its colon comes as a surprise.
    at, words = view.fault.at, view.value.split()
    if view.sign == ":" and view.fault.scalar[1] == at and len(words) > 1:
        return messages.missing_comma(view.span(at - len(words[-1]), at), words[-1], opening)
    return messages.missing_comma(view.rest(at), view.sign, opening)


def _closes(content: str, start: int) -> bool:
    depth = 0
    for sign in _BRACKETS.finditer(content, start):
        depth += bool(sign[1]) - bool(sign[2])
        if depth == 0:
            return True
    return False


def _left_open(content: str) -> int | None:
    """Where the innermost bracket stands that nothing closes."""
    opened: list[int] = []
    for sign in _BRACKETS.finditer(content):
        if sign[1]:
            opened.append(sign.start())
        elif sign[2] and opened:
            opened.pop()
    return opened[-1] if opened else None


def _reserved(view: _View) -> Diagnostic | None:
    fault = view.fault
    if "tag" in fault.context or "tag handle" in view.problem:
        written = re.compile(r"\S*").match(view.content, fault.since)
        assert written is not None
        return messages.yaml_tag(view.span(*written.span()), written[0])
    if "directive" in fault.context or "YAML document" in view.problem:
        rest = view.rest(fault.since)
        return messages.yaml_directive(rest, view.content[rest.start : rest.end])
    starts = ("cannot start any token", "alphabetic or numeric", "node content")
    if any(words in view.problem for words in starts) or "block scalar" in fault.context:
        rest = view.text(fault.since if fault.context.startswith("while scanning a") else fault.at)
        return messages.reserved_character(rest, view.content[rest.start : rest.end])
    return None


def _list_item(view: _View) -> Diagnostic | None:
    if "sequence entries are not allowed" not in view.problem:
        return None
    return messages.list_beside_key(view.rest(view.fault.at))


def _colon(view: _View) -> Diagnostic | None:
    """A colon after something that can't be a key."""
    at, (start, end) = view.fault.at, view.fault.scalar
    if "mapping values are not allowed" not in view.problem:
        return None
    if end != at or "\n" not in view.value:
        return messages.colon_in_value(view.rest(start if end == at else at))
    if view.leads(start):
        return _without_colon(view, start)
    return messages.wrong_indentation(view.first_word(at))


def _no_colon(view: _View) -> Diagnostic | None:
    if "could not find expected ':'" not in view.problem:
        return None
    return _without_colon(view, view.fault.since)


def _without_colon(view: _View, at: int) -> Diagnostic:
    rest = view.rest(at)
    line = view.content[rest.start : rest.end]
    if found := _SPACELESS.match(line):
        return messages.missing_space(view.span(rest.start, rest.start + found.end()), found[0])
    return messages.missing_colon(rest, line)


def _continued(view: _View) -> Diagnostic | None:
    """Something behind a value that has ended, or a line that belongs to no block above it."""
    if not re.search("expected key|expected '-'|block end|document start", view.problem):
        return None
    if view.leads(view.fault.at) and view.sign == ":":
        return messages.key_not_text(view.span(view.fault.at, view.fault.at + 1), "")
    if view.leads(view.fault.at) and view.sign not in ("]", "}"):
        return messages.wrong_indentation(view.first_word(view.fault.at))
    return messages.text_after_value(view.rest(view.fault.at), view.value[:1] == "'")


_RULES: tuple[Callable[[_View], Diagnostic | None], ...] = (
    _template,
    _tab,
    _quote,
    _escape,
    _bracket,
    _reserved,
    _list_item,
    _colon,
    _no_colon,
    _continued,
)
