"""Text that a terminal can't be tricked with: what can't be seen is spelled out, and widths are known.

Terminals obey C0 and C1 controls (ECMA-48), reorder text on bidirectional ones (UAX #9, CVE-2021-42574),
and show nothing at all for default-ignorable characters (UAX #44). All of them are shown as escapes.
"""

from __future__ import annotations

from functools import cache

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}

# Default-ignorable or blank, though their general category calls them printable: joiners, fillers,
# Mongolian and general variation selectors, Khmer inherent vowels, the empty Braille pattern.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
_SELECTORS = (("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))


def escaped(text: str) -> str:
    """The text on one line, with every character that can't be seen as itself shown as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(glyph, text))


def glyph(character: str) -> str:
    """What to show for one character: itself, or its escape (`\\n`, `\\u202e`, `\\U000e0001`)."""
    if character.isprintable() and not _blank(character):
        return character
    point = ord(character)
    return _SHORT.get(character) or (f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}")


def cells(shown: str) -> int:
    """The number of terminal cells that glyphs take: two for wide characters, none for combining marks."""
    return len(shown) if shown.isascii() else sum(map(_width, shown))


def _blank(character: str) -> bool:
    return character in _BLANK or any(low <= character <= high for low, high in _SELECTORS)


@cache
def _width(character: str) -> int:
    import unicodedata  # start-up: most specs are ASCII

    # Vowels and finals of a decomposed Hangul syllable stand in the cells of its first letter.
    if unicodedata.category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
