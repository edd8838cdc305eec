"""One wrong value that a spec can't do without: the rest is looked at as ever, and nothing is said of the stand-in."""

from __future__ import annotations

from pathlib import Path

import pytest

from servespec.pipeline import Analysis
from tests.projects import SPEC, analyse, write

_BLOCKS = (
    "runtime: {protocols: {rest: 8081}, env: {STORE: {secret: stor, key: a}}}\nimage: {requirements: absent.txt}\n"
)


def _codes(analysis: Analysis) -> list[str]:
    return sorted(item.code for item in analysis.report.diagnostics if item.severity == "error")


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("pattern: realtime", "pattern: realtme", "unknown-value"),
        ("pattern: realtime", "pattern: []", "empty-list"),
        ("pattern: realtime", "pattern: [realtme]", "unknown-value"),
        ("pattern: realtime\n", "", "missing-field"),
        ("name: Toy_Model\n", "", "missing-field"),
        ("name: Toy_Model", "name: 5", "unquoted-text"),
        ("name: Toy_Model", "name: ''", "empty-text"),
        ("format: pytorch, ", "", "missing-field"),
        ("format: pytorch", "format: pytroch", "unknown-value"),
        ("format: pytorch", "format: pickle", "unknown-value"),
        (", uri: ./model", "", "missing-field"),
        ("uri: ./model", "uri: [a]", "wrong-type"),
        ("model: {format: pytorch, uri: ./model}\n", "", "missing-field"),
        ("model: {format: pytorch, uri: ./model}", "model: pytorch", "wrong-type"),
    ],
)
def test_the_rest_is_looked_at(tmp_path: Path, right: str, wrong: str, code: str) -> None:
    """Every other mistake of the spec is found beside the one, and no mistake that is none."""
    spec = SPEC[: SPEC.index("image:")].replace("fraud-detector", "Toy_Model") + _BLOCKS
    write(tmp_path, spec)
    others = ["invalid-name", "missing-file", "port-clash", "undeclared-secret"]
    assert _codes(analyse(tmp_path)) == others
    assert right in spec
    rest = [item for item in others if item != "invalid-name" or "name:" not in right]
    assert _codes(analyse(tmp_path, spec.replace(right, wrong))) == sorted([code, *rest])


@pytest.mark.parametrize("model", ["format: pickle, uri: model.pkl", "uri: ./empty", "format: joblib, uri: ./empty"])
def test_a_format_that_is_not_known(tmp_path: Path, model: str) -> None:
    """What would follow from another format is not held against the model, its server or its requirements."""
    files = {"requirements.txt": "joblib==1.5.0\n", "model.pkl": b"", "empty/a": b""}
    spec = SPEC.replace("format: pytorch, uri: ./model", model) + "signature: {inputs: {columns: {a: BYTES}}}\n"
    found = [item.code for item in analyse(write(tmp_path, spec, files)).report.diagnostics]
    assert found == ["unknown-value" if "format" in model else "missing-field"]


def test_what_is_misspelt_is_not_also_unknown(tmp_path: Path) -> None:
    """Of a pattern and a block with a letter wrong nothing follows: neither that the block of the pattern is one too
    many, nor that the names which stand in the other block are not declared."""
    spec = SPEC.replace("realtime", "[realtime, batc]") + (
        "conections: [{name: lake, type: s3}]\n"
        "batch: {input: {uri: ./a, columns: [x]}, output: {uri: ./b}, schedule: {cron: '@daily', start: '2026-01-01T00:00:00Z'}}\n"
    )
    spec = spec.replace("uri: ./model", "uri: ./model, credentials: {storage: lake}")
    assert _codes(analyse(write(tmp_path, spec), spec)) == ["unknown-field", "unknown-value"]
