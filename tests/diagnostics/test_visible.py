"""Characters on a terminal: what is spelled out, and how wide the rest is."""

from __future__ import annotations

import pytest

from servespec.diagnostics.visible import cells, escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain `text`", "plain `text`"),
        ("模型 é 😀", "模型 é 😀"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x00\x1b[2J\x7f\x9b", r"\u0000\u001b[2J\u007f\u009b"),
        ("\u202e\u2066\u061c", r"\u202e\u2066\u061c"),
        ("a\u200bb\ufeff\u3164\ufe0f", r"a\u200bb\ufeff\u3164\ufe0f"),
        ("\xa0\u2028\ud800", r"\xa0\u2028\ud800".replace(r"\x", r"\u00")),
        ("\U000e0041\U000e0100", r"\U000e0041\U000e0100"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str) -> None:
    """Letters of all scripts stay; controls, reordering, invisible and odd blank characters become escapes."""
    assert escaped(text) == shown


@pytest.mark.parametrize(
    ("shown", "width"),
    [
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("模型", 4),
        ("Ａ", 2),
        ("ｱ", 1),
        ("한", 2),
        ("\u1112\u1161\u11ab", 2),
        ("😀", 2),
    ],
)
def test_cells_are_those_of_a_terminal(shown: str, width: int) -> None:
    """Wide and full-width characters take two cells, marks and the rest of a decomposed syllable none."""
    assert cells(shown) == width
