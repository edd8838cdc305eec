"""Words of other tools: each leads to something that there is, and none is put in the place of another unasked."""

from __future__ import annotations

import re

import pytest

from servespec.reference import fields, schema
from servespec.source import load
from servespec.spans import Route
from servespec.spec import fieldless, foreign
from servespec.spec.decode import decode
from servespec.targets.registry import OPTIONS, TARGETS
from tests.projects import SPEC


@pytest.mark.parametrize("word", foreign._FIELDS)
def test_a_field(word: str) -> None:
    """What it is called here is a field of the reference."""
    assert foreign._FIELDS[word] in fields.fields(schema.load())


@pytest.mark.parametrize("paths", foreign._OPEN.values())
def test_a_word_that_may_be_one_of_several(paths: str) -> None:
    """Each of them is a field of the reference."""
    assert len(paths.split()) > 1
    assert set(paths.split()) <= set(fields.fields(schema.load()))


@pytest.mark.parametrize(
    "text", [*fieldless._AT_TOP.values(), *fieldless._ANYWHERE.values(), *fieldless._OF_RUNS.values()]
)
def test_what_to_do_names_what_there_is(text: str) -> None:
    """Each dotted name in it is a field of the reference, or a file."""
    known = set(fields.fields(schema.load())) | {"deployment.yaml", "compose.yaml", "horizontalpodautoscaler.yaml"}
    assert set(re.findall(r"`([A-Za-z]+(?:\.[A-Za-z]+)+)[`:]", text)) <= known


@pytest.mark.parametrize("value", ["2G", "512m", "1kb", "2Gi", "x", "0g"])
def test_memory_of_compose(value: str) -> None:
    """What Compose counts in powers of two is told as such here; anything else is not read."""
    said = fieldless.instead(("mem_limit",), value)
    assert said.partition(": what")[0] == {
        "2G": "write `resources: {limits: {memory: 2Gi}}`",
        "512m": "write `resources: {limits: {memory: 512Mi}}`",
        "1kb": "write `resources: {limits: {memory: 1Ki}}`",
    }.get(value, "")


@pytest.mark.parametrize("word", foreign._VALUES)
def test_a_value(word: str) -> None:
    """What it is called here is a word that a field or `targets` takes."""
    text = schema.text()
    assert foreign.value(word, [foreign._VALUES[word]])
    assert foreign._VALUES[word] in TARGETS or f'"{foreign._VALUES[word]}"' in text


@pytest.mark.parametrize(
    ("route", "meant"),
    [
        (("model", "path"), ["model.uri"]),
        (("probes", "path"), []),
        (("version",), ["release"]),
        (("tags",), ["labels"]),
        (("placement", "priorityClassName"), ["placement.priorityClass"]),
        (("runtime", "min_replicas"), ["scaling.autoscaling.min"]),
        (("ingress",), ["network.expose"]),
        (("network", "ingress"), ["network.callers", "network.expose"]),
        (("shards",), []),
        (("connections", 0, "bootstrapServers"), ["connections.0.brokers"]),
        (("variants", 1, "traffic"), ["variants.1.weight"]),
        (("variants", 1, "gpu"), []),
    ],
)
def test_where_a_word_says_something(route: Route, meant: list[str]) -> None:
    """Spelling does not matter; `path` and its like may be anything where that field is not."""
    assert [".".join(map(str, field)) for field in foreign.fields(route)] == meant


@pytest.mark.parametrize(
    "line",
    [
        "resources: {gpu: 1}",
        "targets: {k8s: {}}",
        "signature: {inputs: {columns: {a: float}}}",
        "version: '1'",
        "runtime: {environment: {DEBUG: ''}}",
    ],
)
def test_nothing_is_put_right_unasked(line: str) -> None:
    """Who writes the word of another tool may expect what it does there."""
    (found,) = decode(load("serving.yaml", f"{SPEC}{line}\n".encode()).document, options=OPTIONS).report.diagnostics
    assert found.fix is not None
    assert not found.fix.safe


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("network: {ingress: [{namespace: shop}]}", "`network.callers` or `network.expose`"),
        ("network: {ingress: [], expose: {host: a.example.com}}", "`network.callers` or `network.expose`"),
        ("ports: ['8080:8080']", "`runtime.protocols`"),
        ("dlq: dead", "`streaming.deadLetter`"),
        ("canaryTrafficPercent: 10", "`variants.weight`"),
        ("bootstrapServers: [kafka:9092]", "`connections.brokers`"),
        ("environment: {debug: , tier: }", "`runtime.env` or `environments`"),
    ],
)
def test_a_word_of_another_tool_is_no_slip(line: str, meant: str) -> None:
    """However near it is to a field of ours: what it says elsewhere may be the opposite."""
    (found,) = decode(load("serving.yaml", f"{SPEC}{line}\n".encode()).document, options=OPTIONS).report.diagnostics
    assert (found.help, found.fix) == (f"servespec calls it {meant}", None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("containerConcurrency: 10", "take it out; to scale by requests in flight"),
        ("scaling: {autoscaling: {max: 3, containerConcurrency: 10}}", "take it out; to scale by requests in flight"),
        ("connections: [{name: a, type: kafka, brokers: ['k:1'], securityProtocol: SASL_SSL}]", "write `tls: {}`"),
        (
            "connections: [{name: a, type: kafka, brokers: ['k:1'], securityProtocol: PLAINTEXT}]",
            "take it out: without",
        ),
        ("connections: [{name: a, type: kafka, tls: {}, securityProtocol: SSL}]", "take it out: it is"),
    ],
)
def test_a_word_whose_value_is_another_here(line: str, words: str) -> None:
    """It is not renamed: with that value the field would say something else."""
    (found,) = decode(load("serving.yaml", f"{SPEC}{line}\n".encode()).document, options=OPTIONS).report.diagnostics
    assert found.help.startswith(words)
    assert found.fix is None


def test_a_slip_beside_a_word_of_another_tool() -> None:
    """`port` is a letter short of what stands there, whatever it is called elsewhere; but it is not renamed unasked."""
    line = "network: {egress: [{cidr: 10.0.0.0/8, port: [5432]}]}"
    (found,) = decode(load("serving.yaml", f"{SPEC}{line}\n".encode()).document, options=OPTIONS).report.diagnostics
    assert found.help == "did you mean `ports`?"
    assert found.fix is not None
    assert not found.fix.safe


def test_what_is_written_is_not_meant_again() -> None:
    """`path` beside `uri` is no other name of it."""
    text = SPEC.replace("{format: pytorch, uri: ./model}", "{format: pytorch, uri: ./model, path: ./model}")
    (found,) = decode(load("serving.yaml", text.encode()).document, options=OPTIONS).report.diagnostics
    assert found.fix is None
