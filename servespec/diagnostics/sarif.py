"""SARIF 2.1.0, the form in which code scanning takes findings.

Files are addresses relative to the working folder, columns count Unicode code points from 1, and a fix that is safe to
apply comes with the finding. Secondary places are related locations.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TypeAlias

from servespec import __version__
from servespec.diagnostics.locate import Extent, Located, locate, more
from servespec.diagnostics.types import Findings, Severity
from servespec.diagnostics.visible import escaped
from servespec.spans import Value

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_Object: TypeAlias = dict[str, Value]


def render(findings: Sequence[Findings]) -> str:
    """The JSON document, ASCII only, with one run, also when it found nothing."""
    located = locate(findings)
    codes = sorted({item.diagnostic.code for item in located})
    driver: _Object = {
        "name": "servespec",
        "version": __version__,
        "informationUri": "https://github.com/servespec/servespec",
        "rules": [_rule(code) for code in codes],
    }
    run: _Object = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, codes.index(item.diagnostic.code)) for item in located],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> _Object:
    return {
        "id": code,
        "shortDescription": {"text": code.replace("-", " ")},
        "help": {"text": more(code)},
    }


def _result(item: Located, rule: int) -> _Object:
    record = item.diagnostic
    words = (record.headline, record.labels[0].message, *record.notes, record.help)
    result: _Object = {
        "ruleId": record.code,
        "ruleIndex": rule,
        "level": _LEVELS[record.severity],
        "message": {"text": "\n".join(escaped(text) for text in words if text) or record.code},
        "locations": [{"physicalLocation": _place(item.primary)}],
    }
    pairs = zip(record.labels[1:], item.labels[1:], strict=True)
    if related := [_related(label.message, extent) for label, extent in pairs]:
        result["relatedLocations"] = related
    if record.fix and record.fix.safe and item.edits:
        result["fixes"] = [_fix(record.fix.title, [edit.text for edit in record.fix.edits], item.edits)]
    return result


def _related(message: str, extent: Extent) -> Value:
    place: _Object = {"physicalLocation": _place(extent)}
    return {**place, "message": {"text": escaped(message)}} if message else place


def _fix(title: str, texts: Sequence[str], extents: Sequence[Extent]) -> Value:
    changes: dict[str, list[Value]] = {}
    for text, extent in zip(texts, extents, strict=True):
        replacement: _Object = {"deletedRegion": _region(extent), "insertedContent": {"text": text}}
        changes.setdefault(extent.path, []).append(replacement)
    return {
        "description": {"text": escaped(title)},
        "artifactChanges": [
            {"artifactLocation": {"uri": _uri(path)}, "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }


def _place(extent: Extent) -> _Object:
    return {"artifactLocation": {"uri": _uri(extent.path)}, "region": _region(extent)}


def _region(extent: Extent) -> _Object:
    return {
        "startLine": extent.start.line,
        "startColumn": extent.start.column,
        "endLine": extent.end.line,
        "endColumn": extent.end.column,
    }


def _uri(path: str) -> str:
    from urllib.parse import quote  # start-up: only for this form

    address = quote(os.fsencode(path))  # a name that is no text is bytes, and so are addresses
    if path.startswith("/"):
        return f"file://{address}"
    # A first segment with a colon would be read as a scheme; `quote` has escaped it.
    return address
