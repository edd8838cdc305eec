"""The emitted clients of TensorFlow Serving, asked to ask the stand-in: over REST by its paths, over gRPC by TensorFlow's own
messages, which read what was sent, and write what is answered."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.answering import silent_port
from tests.conformance.tf_serving import STATES, TfServing, calls, tf_serving
from tests.projects import HEAD, analyse, made, write

_TYPES = (
    "BOOL",
    "UINT8",
    "UINT16",
    "UINT32",
    "UINT64",
    "INT8",
    "INT16",
    "INT32",
    "INT64",
    "FP16",
    "FP32",
    "FP64",
    "BYTES",
)
_NAMES = {name: f"{name[0].lower()}{index}" for index, name in enumerate(_TYPES)}
_VALUES: dict[str, list[Any]] = {name: [0, 7] for name in _TYPES} | {
    "BOOL": [True, False],
    "INT8": [-128, 127],
    "INT64": [-(2**63), 2**63 - 1],
    "UINT32": [0, 2**32 - 1],
    "UINT64": [0, 2**64 - 1],
    "FP16": [-0.5, 65504.0],
    "FP32": [-0.25, 1e30],
    "FP64": [0.1, -1e300],
    "BYTES": ["é", ""],
}
# tensorflow/core/framework/types.proto and tensor.proto: numbers of the types, and the field of their values
_REAL = {
    "FP32": (1, "float_val"), "FP64": (2, "double_val"), "INT32": (3, "int_val"), "UINT8": (4, "int_val"),
    "INT16": (5, "int_val"), "INT8": (6, "int_val"), "BYTES": (7, "string_val"), "INT64": (9, "int64_val"),
    "BOOL": (10, "bool_val"), "UINT16": (17, "int_val"), "FP16": (19, "half_val"), "UINT32": (22, "uint32_val"),
    "UINT64": (23, "uint64_val"),
}  # fmt: skip
_HALVES = {-0.5: 0xB800, 65504.0: 0x7BFF}


@dataclass(frozen=True)
class Clients:
    """The emitted programs, and where the server is."""

    folder: Path
    urls: dict[str, str]

    def runs(self, program: str, *arguments: str) -> tuple[int, Any, str]:
        """Exit code, answer and complaint of a program."""
        command = [sys.executable, "-I", str(self.folder / program), f"--url={self.urls[program]}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


@pytest.fixture
def server() -> Iterator[TfServing]:
    """The stand-in, whose one version answers."""
    with tf_serving("fraud_detector") as one:
        one.states = {1: "AVAILABLE"}
        yield one


def _emitted(project: Path, tensors: str, *, outputs: str | None = None) -> Path:
    spec = (
        f"{HEAD}model: {{name: fraud_detector, format: tensorflow, uri: ./saved}}\n"
        f"signature: {{inputs: {{tensors: [{tensors}]}}, outputs: {{tensors: [{outputs or tensors}]}}}}\n"
        "examples: [{name: one, request: {instances: [{features: [1, 2]}]}}]\n"
    )
    analysis = analyse(write(project, spec, {"saved/1/saved_model.pb": "x"}))
    assert analysis.ok, analysis.report
    folder = project / "client"
    folder.mkdir()
    for path, text in made(analysis).items():
        if path.startswith("client/"):
            (project / path).write_text(text)
    return folder


@pytest.fixture
def clients(server: TfServing, tmp_path: Path) -> Iterator[Clients]:
    """Those of a model with one input and one output."""
    tensor = "{{name: {}, datatype: FP32, shape: [-1, {}]}}".format
    folder = _emitted(tmp_path, tensor("features", 2), outputs=tensor("probability", 1))
    server.answer = {"outputs": [[0.5]]}
    server.outputs = {
        "probability": {"dtype": 1, "tensor_shape": {"dim": [{"size": 1}, {"size": 1}]}, "float_val": [0.5]}
    }
    with calls(server) as port:
        yield Clients(
            folder, {"rest.py": f"http://127.0.0.1:{server.server_port}", "rpc.py": f"http://127.0.0.1:{port}"}
        )


@pytest.mark.parametrize("program", ["rest.py", "rpc.py"])
def test_conformance_states(server: TfServing, clients: Clients, program: str) -> None:
    """A version that answers is asked; one in any other state, and one that is absent, is a refusal with its reason."""
    for state in STATES:
        server.states = {1: state}
        code, answer, complaint = clients.runs(program, "[1, 2]")
        if state == "AVAILABLE":
            assert (code, answer, complaint) == (0, {"probability": [[0.5]]}, "")
        else:
            assert (code, answer) == (1, None)
            assert complaint.startswith("Refused: ")
            assert "Servable not found" in complaint
    server.states = {}
    assert clients.runs(program, "[1, 2]")[0] == 1
    assert len(server.asked) == (1 if program == "rpc.py" else len(STATES) + 1)


def test_conformance_both_say_the_same(server: TfServing, clients: Clients) -> None:
    """The same inputs reach the server as the tensor that they are, over both."""
    assert clients.runs("rest.py", "[[1, 2], [3, 4.5]]")[0] == clients.runs("rpc.py", "[[1, 2], [3, 4.5]]")[0] == 0
    body, message = server.asked
    assert body == {"inputs": {"features": [[1, 2], [3, 4.5]]}}
    assert message.model_spec.name == "fraud_detector"
    assert not message.model_spec.HasField("version")
    tensor = message.inputs["features"]
    assert (tensor.dtype, [dim.size for dim in tensor.tensor_shape.dim], list(tensor.float_val)) == (
        1,
        [2, 2],
        [1, 2, 3, 4.5],
    )


def test_conformance_the_example(server: TfServing, clients: Clients) -> None:
    """Without inputs both send the example: REST as it is written, gRPC as the tensor that it means."""
    assert clients.runs("rest.py") == (0, {"outputs": [[0.5]]}, "")
    assert clients.runs("rpc.py") == (0, {"probability": [[0.5]]}, "")
    body, message = server.asked
    assert body == {"instances": [{"features": [1, 2]}]}
    assert list(message.inputs["features"].float_val) == [1, 2]


def test_conformance_failures_over_grpc(server: TfServing, clients: Clients) -> None:
    """A refusal, a server that fails or is too late, an absent one, and values of another type have their exit codes."""
    server.inputs = {"other"}
    code, _, complaint = clients.runs("rpc.py", "[1, 2]")
    assert (code, complaint) == (1, "Refused: INVALID_ARGUMENT: input size does not match signature: features\n")
    assert clients.runs("rpc.py", '[["a", 2]]')[0] == 2
    assert clients.runs("rpc.py", "[1, 2, 3]")[0] == 2
    server.inputs, server.outputs = {"features"}, {"probability": {"dtype": 99}}
    assert clients.runs("rpc.py", "[1, 2]")[:2] == (3, None)
    server.outputs = {"probability": {"tensor_shape": {"dim": [{"size": -1}]}, "dtype": "wrong"}}  # its code raises
    assert clients.runs("rpc.py", "[1, 2]")[:2] == (3, None)
    absent = Clients(clients.folder, {"rpc.py": f"http://127.0.0.1:{silent_port()}"})
    code, _, complaint = absent.runs("rpc.py", "[1, 2]")
    assert (code, complaint[:25]) == (5, "Unreachable: UNAVAILABLE:")
    server.seconds = 1
    code, _, complaint = clients.runs("rpc.py", "--timeout=0.3", "[1, 2]")
    assert (code, complaint[:27]) == (4, "TooLate: DEADLINE_EXCEEDED:")


def test_conformance_datatypes(server: TfServing, tmp_path: Path) -> None:
    """Every datatype goes into the field that TensorFlow has for it, and comes out of it as it went in."""
    tensors = ", ".join(f"{{name: {_NAMES[name]}, datatype: {name}, shape: [-1]}}" for name in _TYPES)
    folder = _emitted(tmp_path, tensors)
    wanted = {_NAMES[name]: _written(name) for name in _TYPES}
    server.inputs, server.outputs = set(wanted), wanted
    with calls(server) as port:
        clients = Clients(folder, {"rpc.py": f"http://127.0.0.1:{port}"})
        code, answer, complaint = clients.runs("rpc.py", json.dumps({_NAMES[name]: _VALUES[name] for name in _TYPES}))
    assert (code, complaint) == (0, "")
    (message,) = server.asked
    assert dict(message.inputs) == {name: type(message.inputs[name])(**fields) for name, fields in wanted.items()}
    for name in _TYPES:
        wanted_values = _VALUES[name] if name == "BYTES" else pytest.approx(_VALUES[name], rel=1e-7)
        assert answer[_NAMES[name]] == wanted_values


def _written(name: str) -> dict[str, Any]:
    number, field = _REAL[name]
    values = _VALUES[name]
    if name == "FP16":
        values = [_HALVES[value] for value in values]
    if name == "BYTES":
        values = [value.encode() for value in values]
    return {"dtype": number, "tensor_shape": {"dim": [{"size": 2}]}, field: values}
