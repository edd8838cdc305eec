"""The JSON document: a promise to programs, so its golden is the whole of it."""

from __future__ import annotations

import json

from servespec.diagnostics import json_
from servespec.diagnostics.types import Edit, Findings, Fix, Label, Report, error
from servespec.spans import Document, Span, Text


def test_the_whole_record() -> None:
    """Every key is there in its order, and a column counts characters where a byte counts bytes."""
    document = Document("s.yaml", None, {}, {"s.yaml": Text("s.yaml", "# é\nréplica: 3\n")})
    key = Span("s.yaml", 4, 11)
    item = error(
        "unknown-field",
        "`réplica` is not a field",
        Label(key, "not a field here"),
        help="did you mean `replicas`?",
        notes=("a note",),
        fix=Fix("rename it", (Edit(key, "replicas"),), safe=False),
    )
    place = {"start": {"line": 2, "column": 1, "byte": 5}, "end": {"line": 2, "column": 8, "byte": 13}}
    expected = {
        "version": 1,
        "diagnostics": [
            {
                "code": "unknown-field",
                "severity": "error",
                "headline": "`réplica` is not a field",
                "help": "did you mean `replicas`?",
                "notes": ["a note"],
                "labels": [
                    {"file": "s.yaml", "primary": True, "message": "not a field here", "range": place},
                ],
                "fix": {
                    "title": "rename it",
                    "safe": False,
                    "edits": [{"file": "s.yaml", "range": place, "text": "replicas"}],
                },
                "more": "servespec explain unknown-field",
            }
        ],
        "summary": {"errors": 1, "warnings": 0, "notes": 0},
    }
    rendered = json_.render([Findings(document, Report((item,)))])
    assert rendered == json.dumps(expected, indent=2) + "\n"


def test_a_clean_run_is_a_document_too() -> None:
    """A program can always parse the answer, also when nothing was found."""
    assert json.loads(json_.render([])) == {
        "version": 1,
        "diagnostics": [],
        "summary": {"errors": 0, "warnings": 0, "notes": 0},
    }
