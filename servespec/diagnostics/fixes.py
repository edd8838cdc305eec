"""Fixes of values by rules, which know what a value says and not how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from servespec.diagnostics.suggest import only
from servespec.diagnostics.types import Edit, Fix
from servespec.spans import Route

# What means itself in plain scalars, in quotes of both kinds, and between brackets.
_PLAIN = r"[A-Za-z0-9](?:[A-Za-z0-9_./@+-]|:(?=[A-Za-z0-9/]))*"


def instead(route: Route, *, of: str, write: str) -> Fix | None:
    """The fix that writes another text in the place of one; None for a text that would have to be quoted."""
    return Fix(f"write `{write}`", (Edit(route, write, of),)) if re.fullmatch(_PLAIN, write) else None


def respelt(route: Route, found: str, known: Iterable[str]) -> Fix | None:
    """The fix that writes the known word which was meant; None when there is none, or more than one that may be."""
    near = only(found, known)
    return instead(route, of=found, write=near) if near else None
