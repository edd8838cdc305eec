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


def is_dated(content: str, at: int) -> bool:
    """Whether a place is in a block whose paths may have dates in them."""
    return _BLOCK.findall(content, 0, at)[-1:] == ["batch"]


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
