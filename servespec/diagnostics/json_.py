"""The record itself, for programs: one JSON document.

    {"version": 1,
     "diagnostics": [{"code", "severity", "headline", "help", "notes": [...],
                      "labels": [{"file", "primary", "message", "range"}],
                      "fix": null | {"title", "safe", "edits": [{"file", "range", "text"}]},
                      "more"}],
     "summary": {"errors", "warnings", "notes"}}

A range is `{"start": {"line", "column", "byte"}, "end": {...}}`, half open. Lines and columns count from 1,
columns in characters (Unicode code points). Bytes count from 0 in the UTF-8 text with LF line ends and
without a byte order mark, so in a file with CRLF they are less by one for each line before.
The first label is the primary one. Keys come in this order. `version` rises when a key changes or goes;
a new key does not raise it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypeAlias

from servespec.diagnostics.locate import Extent, Located, count, locate, more
from servespec.diagnostics.types import Findings, Fix, Label, Severity
from servespec.spans import Position, Value

_Object: TypeAlias = dict[str, Value]


def render(findings: Sequence[Findings]) -> str:
    """The JSON document, ASCII only: no reader's encoding and no terminal can spoil it."""
    located = locate(findings)
    number = count(located)
    document: _Object = {
        "version": 1,
        "diagnostics": [_diagnostic(item) for item in located],
        "summary": {
            "errors": number[Severity.ERROR],
            "warnings": number[Severity.WARNING],
            "notes": number[Severity.NOTE],
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _diagnostic(item: Located) -> _Object:
    record = item.diagnostic
    pairs = enumerate(zip(record.labels, item.labels, strict=True))
    return {
        "code": record.code,
        "severity": record.severity.value,
        "headline": record.headline,
        "help": record.help,
        "notes": list(record.notes),
        "labels": [_label(label, extent, primary=index == 0) for index, (label, extent) in pairs],
        "fix": _fix(record.fix, item.edits) if record.fix else None,
        "more": more(record.code),
    }


def _label(label: Label, extent: Extent, *, primary: bool) -> _Object:
    return {"file": extent.path, "primary": primary, "message": label.message, "range": _range(extent)}


def _fix(fix: Fix, extents: Sequence[Extent]) -> _Object:
    edits: list[Value] = [
        {"file": extent.path, "range": _range(extent), "text": edit.text}
        for edit, extent in zip(fix.edits, extents, strict=True)
    ]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}


def _range(extent: Extent) -> _Object:
    return {"start": _position(extent.start), "end": _position(extent.end)}


def _position(position: Position) -> _Object:
    return {"line": position.line, "column": position.column, "byte": position.byte}
