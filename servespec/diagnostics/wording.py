"""Words of the spec inside sentences of ours."""

from __future__ import annotations

_TYPED = 48


def shown(text: str, most: int = 28) -> str:
    """The text in backticks, cut so that a headline stays short."""
    return f"`{cut(text, most)}`"


def cut(text: str, most: int) -> str:
    """The text, or its beginning."""
    return text if len(text) <= most else text[: most - 1] + "…"


def typed(proposal: str | None) -> str:
    """What a person is told to type, or nothing: nobody types out what is long, and cut it would be wrong."""
    return proposal if proposal is not None and len(proposal) <= _TYPED else ""
