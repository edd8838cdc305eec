"""The files of a worker: its literal, and just the modules that this literal needs."""

from __future__ import annotations

import ast

import pytest

from servespec.artifacts import Artifact, Content
from servespec.targets.streaming.program import program
from tests.targets.streaming.literals import literal

_AVRO = {"format": "avro", "schema": None, "wire": "confluent", "registry": {"url": "http://registry", "secrets": {}}}


def _texts(artifacts: tuple[Artifact, ...]) -> dict[str, str]:
    return {item.path: item.content.text for item in artifacts if isinstance(item.content, Content)}


def _spec(text: str) -> object:
    """The value of SPEC, as Python's own parser reads it."""
    (found,) = (
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SPEC"
    )
    return ast.literal_eval(found)


def test_the_literal_is_what_was_given_with_the_clients_defaults() -> None:
    """What is said of a client stands; what is not said is as it was measured to be right."""
    spec = literal(source={"client": {"bootstrap.servers": "k:1", "fetch.wait.max.ms": 7}})
    read = _spec(_texts(program(spec, model="onnx"))["stream.py"])
    assert isinstance(read, dict)
    assert read["source"]["client"]["fetch.wait.max.ms"] == 7
    assert read["source"]["client"]["enable.auto.commit"] is False
    assert read["sink"]["client"]["enable.idempotence"] is True
    assert {name: read[name] for name in spec if name not in ("source", "sink")} == {
        name: value for name, value in spec.items() if name not in ("source", "sink")
    }


@pytest.mark.parametrize(
    ("model", "changes", "there", "not_there"),
    [
        ("onnx", {}, {"worker/kafka_source.py", "worker/json.py"}, {"scorer/estimators.py", "worker/avro.py"}),
        ("sklearn", {}, {"scorer/estimators.py"}, {"worker/registry.py"}),
        ("onnx", {"value": _AVRO}, {"worker/avro.py", "worker/json.py", "worker/registry.py"}, set()),
    ],
)
def test_just_the_modules_that_are_needed(
    model: str, changes: dict[str, object], there: set[str], not_there: set[str]
) -> None:
    """A client or a library that is not installed is imported nowhere; every module that is imported is there."""
    texts = _texts(program(literal(**changes), model=model))
    assert there <= set(texts)
    assert not not_there & set(texts)
    for text in texts.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(("worker.", "scorer.")):
                assert f"{node.module.replace('.', '/')}.py" in texts
