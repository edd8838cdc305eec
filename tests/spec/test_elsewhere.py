"""Fields in the wrong place: the block that they belong to, and fields whose block they were meant to be indented under."""

from __future__ import annotations

import pytest

from servespec.diagnostics.locate import locate
from servespec.diagnostics.types import Findings, Report
from servespec.source import load
from servespec.spec.decode import decode
from servespec.targets.registry import OPTIONS
from tests.projects import HEAD, SPEC

_REALTIME = f"{SPEC}resources: {{requests: {{cpu: '1'}}}}\n"
_BATCH = SPEC.replace("realtime", "batch")


def _report(text: str) -> Report:
    return decode(load("serving.yaml", text.encode()).document, options=OPTIONS).report


def _help(text: str) -> str:
    (found,) = _report(text).diagnostics
    assert found.code == "unknown-field"
    assert found.fix is None
    return found.help


@pytest.mark.parametrize(
    ("line", "help_"),
    [
        ("autoscaling: {max: 3}", "write it under `scaling`"),
        ("replicas: 3", "write it under `scaling`"),
        ("microBatch: {size: 8}", "write it under `runtime`"),
        ("size: 8", "write it under `runtime.microBatch`"),
        ("env: {A: b}", "write it under `runtime` or `image`"),
        ("limits: {memory: 1Gi}", "write it under `resources`"),
        ("memory: 1Gi", "write it under `resources.requests` or `resources.limits`"),
        ("runOn: spark", "write it under `batch`"),
        ("probes: {replicas: 2}", "; `replicas` is one of `scaling`"),
        ("runtime: {rest: 8080}", "write it under `runtime.protocols`"),
        ("runtime: {owner: me}", "; `owner` is one of the spec itself"),
        ("scaling: {max: 3}", "write it under `scaling.autoscaling`"),
        ("targets: {kubernetes: {address: a}}", "write it under `targets.kubernetes.prometheus`"),
        ("targets: {kubernetes: {}}\nnamespace: ml", "write it under `targets.kubernetes`"),
    ],
)
def test_a_field_of_another_block(line: str, help_: str) -> None:
    """It is told where the field belongs: below the block where it stands, in one that is written, or near the top."""
    assert _help(f"{_REALTIME}{line}\n").endswith(help_)


@pytest.mark.parametrize("line", ["uri: ./model", "name: a", "gpu: 1", "probes: {size: 3, liveness: {}}"])
def test_a_field_that_may_be_anywhere(line: str) -> None:
    """Of a name that is nowhere, written already or in many blocks, what belongs here is listed."""
    text = _REALTIME.replace("name: fraud-detector\n", "") if line.startswith("name") else _REALTIME
    found = _report(f"{text}{line}\n").diagnostics
    assert all("write it under" not in item.help for item in found)


def test_a_pattern_that_is_asked_for() -> None:
    """The blocks of a pattern are meant in a spec that has it, and in no other that knows the name elsewhere."""
    assert _help(f"{_BATCH}env: {{A: b}}\n") == "write it under `runtime`, `image` or `batch`"
    assert _help(f"{SPEC}env: {{A: b}}\n") == "write it under `runtime` or `image`"


def test_a_name_that_is_a_field_elsewhere_is_not_renamed_unasked() -> None:
    """`timeouts` is near, and `timeout` is what another block has: which was meant, only the author knows."""
    (found,) = _report(f"{SPEC}network: {{expose: {{host: a.b}}, timeouts: 3s}}\n").diagnostics
    assert found.help == "did you mean `timeout`?"
    assert found.fix is not None
    assert not found.fix.safe


@pytest.mark.parametrize(
    ("text", "marked", "help_"),
    [
        (f"{SPEC}runtime:\nserver: onnxruntime\nworkers: 2\n", 6, "indent `server` and `workers` by two spaces"),
        (f"{SPEC}scaling:\nreplicas: 3\n", 6, "indent `replicas` by two spaces"),
        (f"{SPEC}resources:\n  limits:\n  memory: 1Gi\n", 7, "indent `memory` by two spaces"),
        (f"{HEAD}model:\nformat: onnx\nuri: ./model.onnx\nowner: me\n", 4, "indent `format` and `uri` by two spaces"),
    ],
)
def test_a_block_that_is_not_indented(text: str, marked: int, help_: str) -> None:
    """A key with nothing in it and its fields right below is one mistake, shown at all of their places."""
    document = load("serving.yaml", text.encode()).document
    (item,) = locate((Findings(document, _report(text)),))
    assert (item.primary.start.line, item.diagnostic.help) == (marked, help_)
    assert len(item.labels) == 1 + help_.count("`") // 2


def test_a_block_with_nothing_below_it_is_no_indentation() -> None:
    """What follows an empty block and belongs to none, or to another, is a mistake of its own."""
    codes = [item.code for item in _report(f"{SPEC}runtime:\nautoscaling: {{max: 3}}\n").diagnostics]
    assert sorted(codes) == ["unknown-field", "wrong-type"]
