"""The short form: one line a diagnostic."""

from __future__ import annotations

from servespec.diagnostics import concise
from servespec.diagnostics.types import Findings, Label, Report, error, warning
from servespec.spans import Document, Span, Text


def test_one_line_a_diagnostic_by_place() -> None:
    """Each line has place, severity, code, headline and help, in file order, whatever the words contain."""
    document = Document("s.yaml", None, {}, {"s.yaml": Text("s.yaml", "name: a\nport: 1\n")})
    found = (
        warning("low-port", "port 1 is low", Label(Span("s.yaml", 14, 15))),
        error("bad-name", "`a\nb` is not a name", Label(Span("s.yaml", 6, 7)), help="use a-z\u202e"),
    )
    assert concise.render([Findings(document, Report(found))]) == (
        "s.yaml:1:7: error[bad-name]: `a\\nb` is not a name (use a-z\\u202e)\n"
        "s.yaml:2:7: warning[low-port]: port 1 is low\n"
    )
