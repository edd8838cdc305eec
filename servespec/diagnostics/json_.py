"""The record itself, for programs: one JSON document.

    {"version": 1,
     "diagnostics": [{"code", "severity", "headline", "help", "notes": [...],
                      "labels": [{"file", "primary", "message", "range"}],
                      "fix": null | {"title", "safe", "edits": [{"file", "range", "text"}]},
                      "more"}],
     "losses": [{"field", "target", "degree", "reason", "file", "range"}],
     "summary": {"errors", "warnings", "notes"}}

`losses` are the fields that do not wholly reach a target. Only `build` tells them; elsewhere there is no such key.
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

from servespec.diagnostics.locate import Extent, Located, count, extent, locate, more
from servespec.diagnostics.types import Findings, Fix, Label, Lost, Severity
from servespec.spans import Position, Value

_Object: TypeAlias = dict[str, Value]


def render(findings: Sequence[Findings]) -> str:
    """The JSON document, ASCII only: no reader's encoding and no terminal can spoil it."""
    located = locate(findings)
    number = count(located)
    known = any(item.lost is not None for item in findings)
    document: _Object = {
        "version": 1,
        "diagnostics": [_diagnostic(item) for item in located],
        **({"losses": _losses(findings)} if known else {}),
        "summary": {
            "errors": number[Severity.ERROR],
            "warnings": number[Severity.WARNING],
            "notes": number[Severity.NOTE],
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _losses(findings: Sequence[Findings]) -> list[Value]:
    """By file and place; what is lost in several environments is lost once."""
    extents = {lost: extent(lost.at, item.document) for item in findings for lost in item.lost or ()}
    ordered = sorted(extents.items(), key=lambda pair: (pair[1].path, pair[1].span.start, pair[0].target))
    return [_loss(lost, place) for lost, place in ordered]


def _loss(lost: Lost, place: Extent) -> _Object:
    return {
        "field": lost.field,
        "target": lost.target,
        "degree": lost.degree,
        "reason": lost.reason,
        "file": place.path,
        "range": _range(place),
    }


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
