"""Whether a version is in a range, as `~=1.2, !=1.2.3` says it.

Release numbers only: https://packaging.python.org/en/latest/specifications/version-specifiers/ (read 2026-11).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

_Numbers: TypeAlias = tuple[int, ...]
_CLAUSE = re.compile(r"\s*(~=|==|!=|>=|<=|>|<)\s*([0-9]{1,9}(?:\.[0-9]{1,9}){0,5})\s*", re.ASCII)
_COMPARE: Mapping[str, Callable[[_Numbers, _Numbers], bool]] = {
    "==": operator.eq, "!=": operator.ne, ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


def contains(text: str, version: str) -> bool | None:
    """Whether the version is in the range that `text` says; None when it says none."""
    clauses = [_CLAUSE.fullmatch(part) for part in text.split(",")]
    if any(match is None or (match[1] == "~=" and "." not in match[2]) for match in clauses):
        return None
    return all(_holds(match[1], _numbers(match[2]), _numbers(version)) for match in clauses if match)


def _numbers(version: str) -> _Numbers:
    return tuple(int(part) for part in version.split("."))


def _holds(how: str, wanted: _Numbers, version: _Numbers) -> bool:
    if how == "~=":  # at least this, and the same but for the last number
        return _holds(">=", wanted, version) and _padded(version, wanted)[0][: len(wanted) - 1] == wanted[:-1]
    return _COMPARE[how](*_padded(version, wanted))


def _padded(one: _Numbers, other: _Numbers) -> tuple[_Numbers, _Numbers]:
    length = max(len(one), len(other))
    return one + (0,) * (length - len(one)), other + (0,) * (length - len(other))
