"""Whether to colour: the user's word first, then what the stream can show."""

from __future__ import annotations

import pytest

from servespec.diagnostics.color import wanted


class Terminal:
    def __init__(self, answer: bool) -> None:
        self.isatty = lambda: answer


@pytest.mark.parametrize(
    ("tty", "environ", "expected"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": "0"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": ""}, False),
        (True, {"FORCE_COLOR": "0"}, False),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        (False, {"TERM": "xterm"}, False),
    ],
)
def test_the_first_rule_that_speaks_decides(tty: bool, environ: dict[str, str], expected: bool) -> None:
    """NO_COLOR beats FORCE_COLOR beats a dumb terminal beats the stream; empty variables are unset."""
    assert wanted(Terminal(tty), environ) is expected
