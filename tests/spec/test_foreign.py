"""Words of other tools: each leads to something that there is, and none is put in the place of another unasked."""

from __future__ import annotations

import pytest

from servespec.reference import fields, schema
from servespec.source import load
from servespec.spec import foreign
from servespec.spec.decode import decode
from servespec.targets.registry import OPTIONS, TARGETS
from tests.projects import SPEC


@pytest.mark.parametrize("word", foreign._FIELDS)
def test_a_field(word: str) -> None:
    """What it is called here is a field of the reference."""
    assert foreign._FIELDS[word] in fields.fields(schema.load())


@pytest.mark.parametrize("word", foreign._VALUES)
def test_a_value(word: str) -> None:
    """What it is called here is a word that a field or `targets` takes."""
    text = schema.text()
    assert foreign.value(word, [foreign._VALUES[word]])
    assert foreign._VALUES[word] in TARGETS or f'"{foreign._VALUES[word]}"' in text


@pytest.mark.parametrize(
    ("route", "meant"),
    [
        (("model", "path"), ("model", "uri")),
        (("probes", "path"), None),
        (("version",), ("release",)),
        (("runtime", "min_replicas"), ("scaling", "autoscaling", "min")),
        (("volumes",), None),
    ],
)
def test_where_a_word_says_something(route: tuple[str, ...], meant: tuple[str, ...] | None) -> None:
    """Spelling does not matter; `path` and its like may be anything where that field is not."""
    assert foreign.field(route) == meant


@pytest.mark.parametrize(
    "line", ["resources: {gpu: 1}", "targets: {k8s: {}}", "signature: {inputs: {columns: {a: float}}}", "version: '1'"]
)
def test_nothing_is_put_right_unasked(line: str) -> None:
    """Who writes the word of another tool may expect what it does there."""
    (found,) = decode(load("serving.yaml", f"{SPEC}{line}\n".encode()).document, options=OPTIONS).report.diagnostics
    assert found.fix is not None
    assert not found.fix.safe


def test_what_is_written_is_not_meant_again() -> None:
    """`path` beside `uri` is no other name of it."""
    text = SPEC.replace("{format: pytorch, uri: ./model}", "{format: pytorch, uri: ./model, path: ./model}")
    (found,) = decode(load("serving.yaml", text.encode()).document, options=OPTIONS).report.diagnostics
    assert found.fix is None
