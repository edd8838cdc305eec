"""Words of the spec inside sentences of ours."""

from __future__ import annotations


def shown(text: str, most: int = 28) -> str:
    """The text in backticks, cut so that a headline stays short."""
    return f"`{text if len(text) <= most else text[: most - 1] + '…'}`"
