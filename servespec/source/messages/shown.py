"""Source text as a message shows it: short, and on one line."""

from __future__ import annotations

from servespec.diagnostics.wording import typed

_LONGEST = 30


def shown(text: str) -> str:
    """The text in backticks, cut after its first line or thirty characters."""
    first = text.strip().partition("\n")[0]
    short = first if len(first) <= _LONGEST else first[: _LONGEST - 1]
    return f"`{short}…`" if short != text.strip() else f"`{short}`"


def proposed(text: str) -> str:
    """What to type for a text that needs quotes; a long one stands in the file already."""
    written = typed(quoted(text))
    return f"`{written}`" if written else "it between double quotes"


def quoted(text: str) -> str:
    """The text between double quotes, as YAML reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
