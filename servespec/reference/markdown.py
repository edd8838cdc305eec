"""Pieces of Markdown: tables, and text that means itself in a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def derived(source: str) -> str:
    """The first line of a derived page."""
    return f"<!-- Derived from {source}: `python -m servespec.dev generate` writes it. -->\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells may hold inline Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def code(text: str) -> str:
    """The text as inline code; empty stays empty."""
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    # A bar would end the cell even in inline code (GitHub Flavored Markdown, 4.10).
    return text.replace("|", "\\|").replace("\n", " ")
