"""What is written for Go's templates, read as they do: text, but for `{{`, which begins an action up to the next `}}`."""

from __future__ import annotations

import re


def executed(text: str) -> str:
    """text/template of Go, of whose actions here is one: a raw string in backquotes prints itself. ValueError for any
    other."""
    made = ""
    while "{{" in text:
        before, _, rest = text.partition("{{")
        raw = re.match(r"`([^`]*)`}}", rest)
        if raw is None:
            raise ValueError(f"an action that is not ours: {rest[:20]}")
        made, text = f"{made}{before}{raw[1]}", rest[raw.end() :]
    return made + text
