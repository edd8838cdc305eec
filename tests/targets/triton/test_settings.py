"""What Triton is told of a model, read back by the parser of `servespec inspect`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from servespec.artifacts import Bundle
from servespec.verify.textproto import read

_SIGNATURE = """\
signature:
  inputs: {tensors: [{name: features, datatype: FP32, shape: [-1, 4]}, {name: note, datatype: BYTES, shape: [-1]}]}
  outputs: {tensors: [{name: label, datatype: INT64, shape: [-1]}]}
"""


@pytest.fixture
def config(bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]) -> Callable[..., dict[str, list[Any]]]:
    """The fields of the configuration, each with its values in their order."""

    def emitted(more: str = "", *, signature: str = _SIGNATURE) -> dict[str, list[Any]]:
        model = "model: {name: fraud, format: onnx, uri: ./m.onnx, version: '3'}\nimage: {}\n"
        server = "" if "runtime:" in more else "runtime: {server: triton}\n"
        made = bundles(model + signature + server + more, files={"m.onnx": "x"})["triton"]
        found: dict[str, list[Any]] = {}
        for name, value in read(text(made, "models/fraud/config.pbtxt")):
            found.setdefault(name, []).append(value)
        return found

    return emitted


def test_gpus(config: Callable[..., dict[str, list[Any]]]) -> None:
    """Instances are on the GPUs when there are some, and on the CPU otherwise."""
    assert "KIND_GPU" in str(config("resources: {accelerator: {count: 1}}\n")["instance_group"])
    assert "KIND_CPU" in str(config()["instance_group"])


def test_without_batching(config: Callable[..., dict[str, list[Any]]]) -> None:
    """Shapes are said with the batch, whose size is free, and nothing is put together."""
    found = config()
    assert found["max_batch_size"] == [0]
    assert found["input"] == [
        (("name", "features"), ("data_type", "TYPE_FP32"), ("dims", -1), ("dims", 4)),
        (("name", "note"), ("data_type", "TYPE_STRING"), ("dims", -1)),
    ]
    assert found["output"] == [(("name", "label"), ("data_type", "TYPE_INT64"), ("dims", -1))]
    assert "dynamic_batching" not in found


def test_a_scalar(config: Callable[..., dict[str, list[Any]]]) -> None:
    """A tensor without dimensions has the one that the server wants; told to take it away, it would not start."""
    scalar = "{tensors: [{name: x, datatype: FP32, shape: []}]}"
    found = config(signature=f"signature: {{inputs: {scalar}, outputs: {scalar}}}\n")
    assert found["input"] == found["output"] == [(("name", "x"), ("data_type", "TYPE_FP32"), ("dims", 1))]


def test_with_batching(config: Callable[..., dict[str, list[Any]]]) -> None:
    """Shapes are said without the batch; an input of one number a row has a dimension for the server alone."""
    found = config("runtime: {server: triton, microBatch: {size: 16, delay: 3ms}, timeouts: {request: 2s}}\n")
    assert found["max_batch_size"] == [16]
    assert found["input"] == [
        (("name", "features"), ("data_type", "TYPE_FP32"), ("dims", 4)),
        (("name", "note"), ("data_type", "TYPE_STRING"), ("dims", 1), ("reshape", ())),
    ]
    (batching,) = found["dynamic_batching"]
    assert dict(batching)["max_queue_delay_microseconds"] == 3000
    assert dict(dict(batching)["default_queue_policy"])["default_timeout_microseconds"] == 2_000_000


def test_the_version(config: Callable[..., dict[str, list[Any]]]) -> None:
    """Just the version of the spec is served."""
    assert config()["version_policy"] == [(("specific", (("versions", 3),)),)]


@pytest.mark.parametrize(("level", "number"), [("none", 2), ("basic", -1), ("extended", 1), ("all", None)])
def test_the_graph_level(config: Callable[..., dict[str, list[Any]]], level: str, number: int | None) -> None:
    """The backend's own numbers stand for the levels; everything is on without one."""
    found = config(f"runtime: {{server: triton, graphLevel: {level}}}\n").get("optimization")
    assert found == (None if number is None else [(("graph", (("level", number),)),)])


def test_threads_and_workers(config: Callable[..., dict[str, list[Any]]]) -> None:
    """Workers are instances of the model, and each computes with the threads of the spec."""
    found = config("runtime: {server: triton, workers: 3, threads: 2}\n")
    assert found["instance_group"] == [(("count", 3), ("kind", "KIND_CPU"))]
    assert found["parameters"][0] == (("key", "intra_op_thread_count"), ("value", (("string_value", "2"),)))


def test_the_cache(config: Callable[..., dict[str, list[Any]]]) -> None:
    """Answers are remembered only where the spec says so."""
    assert "response_cache" not in config()
    assert config("targets: {triton: {responseCache: true}}\n")["response_cache"] == [(("enable", True),)]
