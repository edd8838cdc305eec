"""Template expressions without quotes: YAML takes their braces for mappings."""

from __future__ import annotations

import re

# `{{ ds }}` and `{% if %}` of Jinja, and our own `{interval.start:%Y-%m-%d}`.
_EXPRESSION = re.compile(
    r"\{\{(?:[^\n]{0,500}?\}\}|[^\n]{0,500})"
    r"|\{%(?:[^\n]{0,500}?%\}|[^\n]{0,500})"
    r"|\{[a-z]+\.[a-z_]+(?::[^\s{},]+)?\}"
)
_BEFORE_VALUE = re.compile(r"(?:^|[:,\[-]) *(?=\{)", re.MULTILINE)

_BLOCK = re.compile(r"^([A-Za-z]+):", re.MULTILINE)
_BATCH = re.compile(r"\bbatch:(?= *\{)|^( +)batch: *(?:#.*)?$", re.MULTILINE)


def is_dated(content: str, at: int) -> bool:
    """Whether a place is in a block whose paths may have dates in them."""
    block = _last(_BLOCK, content, 0, at)
    if block is None or block[1] != "environments":
        return block is not None and block[1] == "batch"
    batch = _last(_BATCH, content, block.end(), at)
    return batch is not None and _is_within(content[batch.end() : at], batch[1])


def _last(pattern: re.Pattern[str], content: str, start: int, end: int) -> re.Match[str] | None:
    return max(pattern.finditer(content, start, end), key=lambda found: found.start(), default=None)


def _is_within(between: str, indent: str | None) -> bool:
    """Whether a block is still open behind some text: one in braces, or one whose key is indented."""
    if indent is None:
        return between.count("{") > between.count("}")
    return re.search(rf"^ {{0,{len(indent)}}}[^ \n]", between, re.MULTILINE) is None


def end_of(content: str, start: int) -> int | None:
    """Where the template expression ends that starts at `start`, if there is one."""
    found = _EXPRESSION.match(content, start)
    return None if found is None else found.end()


def before(content: str, at: int) -> tuple[int, int] | None:
    """Start and end of the last expression that begins a value on the line of `at`, and not after it."""
    line = content.rfind("\n", 0, at) + 1
    starts = [found.end() for found in _BEFORE_VALUE.finditer(content, line, min(at + 1, len(content)))]
    for start in reversed(starts):
        if (end := end_of(content, start)) is not None:
            return start, end
    return None
