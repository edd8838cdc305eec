"""How a file begins that is read like a spec and is none. Start-up: loaded when something is wrong with one."""

from __future__ import annotations

from collections.abc import Sequence

from servespec.diagnostics.types import Diagnostic
from servespec.records import replace
from servespec.source.messages.structure import SMALLEST


def begun(items: Sequence[Diagnostic], begins: str) -> tuple[Diagnostic, ...]:
    """The findings of a file that begins otherwise than a spec."""

    def fitting(words: str) -> str:
        return begins if words == SMALLEST else words

    return tuple(replace(item, help=fitting(item.help), notes=tuple(map(fitting, item.notes))) for item in items)
