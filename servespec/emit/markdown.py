"""Values in Markdown: code spans, in running text and in the cells of tables."""

from __future__ import annotations

import re

from servespec.artifacts import Origin
from servespec.emit.quoted import Quoted, Unwritable
from servespec.emit.shape import HOLE, encodable

# A code span ends at the first run of as many backticks, and a cell of a table at a bar, even within one
# (https://github.github.com/gfm/#code-spans, #tables-extension-).
_UNSAFE = re.compile(r"[`|\\\x00-\x1f\x7f-\x9f\u2028\u2029]|^\s|\s$|^$")


def code(value: str, *origins: Origin) -> Quoted:
    """A code span; Unwritable for what none can hold: checks let only names and addresses come here."""
    if _UNSAFE.search(value):
        raise Unwritable(f"{value!r} is no code span in a table of Markdown")
    return Quoted(f"`{encodable(value)}`", value, f"`{HOLE}`", origins)
