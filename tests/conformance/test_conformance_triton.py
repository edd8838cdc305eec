"""A real tritonserver, that of the wheel of nvidia-pytriton, reads what is emitted. It has no onnxruntime backend, so
each configuration must come as far as that: all that the server checks of it, it checks before. A twin of the example's
model for the Python backend is served by the emitted command line."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from servespec.running.protocols import wire
from servespec.running.smoke import Aim, smoke
from tests.projects import HEAD, analyse, made, write

pytestmark = pytest.mark.e2e

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_EXAMPLE = _ROOT / "examples" / "06-triton-onnx"
_FACES = {
    "tensors": "{tensors: [{name: a, datatype: FP32, shape: [-1, 4]}, {name: b, datatype: BYTES, shape: [-1]}]}",
    "columns": "{columns: {amount: FP32, count: INT64, card: BYTES, new: BOOL}}",
    "picture": "{tensors: [{name: a, datatype: FP16, shape: [-1, 3, -1, -1]}]}",
    "scalar": "{tensors: [{name: a, datatype: FP32, shape: []}]}",
    "fixed": "{tensors: [{name: a, datatype: UINT8, shape: [1, 3]}]}",
}
_RUNTIMES = {
    "plain": "runtime: {server: triton}\n",
    "batched": "runtime: {server: triton, microBatch: {size: 16, delay: 3ms}, workers: 2, threads: 2}\n",
    "gpus": "runtime: {server: triton}\nresources: {accelerator: {count: 1}}\n",
    "basic": "runtime: {server: triton, graphLevel: basic}\ntargets: {triton: {responseCache: true}, docker: {}}\n",
}
_NO_BACKEND = "unable to find backend library for backend 'onnxruntime'"


@pytest.fixture(scope="session")
def tritonserver() -> Path:
    """The program, laid out on first use."""
    if shutil.which("python3.11") is None:
        pytest.skip("the wheel's Python backend is for Python 3.11, which is not on the PATH")
    folder = _ROOT / ".e2e" / "triton"
    subprocess.run([_HERE / "triton.sh", folder], check=True, stdout=subprocess.DEVNULL)
    return folder / "tritonserver"


def _port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _config(project: Path, runtime: str, face: str, *, name: str) -> str:
    model = f"model: {{name: {name}, format: onnx, uri: ./model.onnx}}\n"
    spec = f"{HEAD}{model}{runtime}signature: {{inputs: {face}, outputs: {face}}}\n"
    analysis = analyse(write(project, spec, {"model.onnx": "x"}))
    assert analysis.ok, analysis.report
    return made(analysis)[f"triton/models/{name}/config.pbtxt"]


def _verdicts(tritonserver: Path, repository: Path) -> dict[str, str]:
    """What the server says of each model that it could not load."""
    argv = [
        *(tritonserver, f"--model-repository={repository}", "--disable-auto-complete-config", "--exit-on-error=true"),
        *("--allow-grpc=false", "--allow-metrics=false", "--http-address=127.0.0.1", f"--http-port={_port()}"),
        "--cache-config=local,size=1048576",
    ]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    log = done.stdout + done.stderr
    return (
        dict(re.findall(r"^\| (\w+) +\| 1 +\| UNAVAILABLE: (.*?) *\|$", log, re.MULTILINE))
        | dict(re.findall(r"failed to load '(\w+)' version 1: (.*)", log))
        | dict(re.findall(r"Poll failed for model directory '(\w+)': (.*)", log))
    )


def _put(repository: Path, name: str, config: str) -> None:
    (repository / name / "1").mkdir(parents=True)
    (repository / name / "1" / "model.onnx").write_bytes(b"x")
    (repository / name / "config.pbtxt").write_text(config)


def test_conformance_every_config(tritonserver: Path, tmp_path: Path) -> None:
    """The server parses and validates every form of the configuration, up to the backend that it has not."""
    wanted = set()
    for kind, runtime in _RUNTIMES.items():
        for form, face in _FACES.items():
            if kind != "batched" or form not in ("fixed", "scalar"):
                name = f"{kind}_{form}"
                _put(tmp_path / "models", name, _config(tmp_path, runtime, face, name=name))
                wanted.add(name)
    verdicts = _verdicts(tritonserver, tmp_path / "models")
    assert verdicts.keys() == wanted
    assert {name: said for name, said in verdicts.items() if _NO_BACKEND not in said} == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [("TYPE_FP32", "FP32"), ("max_batch_size: 16", "max_batch_size: -1"), ('name: "twin"', 'name: "other"')],
)
def test_conformance_bad_twins(tritonserver: Path, tmp_path: Path, old: str, new: str) -> None:
    """The server is no yes-man: a configuration with one word wrong does not come as far as the backend."""
    config = _config(tmp_path, _RUNTIMES["batched"], _FACES["tensors"], name="twin")
    assert old in config
    _put(tmp_path / "models", "twin", config.replace(old, new))
    verdicts = _verdicts(tritonserver, tmp_path / "models")
    assert all(_NO_BACKEND not in said for said in verdicts.values())


@pytest.fixture
def served(tritonserver: Path, tmp_path: Path) -> Iterator[tuple[int, int, subprocess.Popen[bytes]]]:
    """The example by its emitted command line, its model by the twin: the ports of REST and gRPC, and the process."""
    emitted = made(analyse(_EXAMPLE))
    models = tmp_path / "models"
    version = models / "fraud_detector" / "1"
    version.mkdir(parents=True)
    shutil.copy(_EXAMPLE / "model" / "model.onnx", version)
    shutil.copy(_HERE / "twin" / "model.py", version)
    config = emitted["triton/models/fraud_detector/config.pbtxt"].replace('"onnxruntime"', '"python"')
    (models / "fraud_detector" / "config.pbtxt").write_text(
        config.replace('default_model_filename: "model.onnx"\n', "")
    )
    for path in ("triton/healthcheck.sh", "client/rest.py", "client/rpc.py"):
        (tmp_path / path.partition("/")[2]).write_text(emitted[path])
    argv = ast.literal_eval(emitted["docker/Dockerfile"].partition("\nENTRYPOINT ")[2])
    port, grpc = _port(), _port()
    here = {"/srv/triton/models": str(models), "=8000": f"={port}", "=8001": f"={grpc}", "=8002": f"={_port()}"}
    told = [*argv[1:], *(f"--{face}-address=127.0.0.1" for face in ("http", "grpc", "metrics"))]
    for there, moved in here.items():
        told = [word.replace(there, moved) for word in told]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen([tritonserver, *told], stdout=log, stderr=log) as server,
    ):
        yield port, grpc, server
        if server.poll() is None:
            server.kill()


def _health(folder: Path, port: int) -> int:
    argv = ["/bin/bash", folder / "healthcheck.sh", "/v2/models/fraud_detector/ready", str(port), "3"]
    return subprocess.run(argv, env={}).returncode


def _asked(program: Path, port: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(program), f"--url=http://127.0.0.1:{port}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_conformance_twin(served: tuple[int, int, subprocess.Popen[bytes]], tmp_path: Path) -> None:
    """The health check says when the model is ready, the examples and the clients get their answers, and a stop is
    orderly."""
    port, grpc, server = served
    assert _health(tmp_path, port) == 1
    until = time.monotonic() + 60
    while _health(tmp_path, port) != 0:
        assert server.poll() is None, (tmp_path / "log").read_text()
        assert time.monotonic() < until
        time.sleep(0.1)
    deployment = analyse(_EXAMPLE).deployment
    assert deployment is not None
    how = wire(deployment)
    assert how is not None
    aim = Aim(url=f"http://127.0.0.1:{port}", wait_seconds=5, answer_seconds=5)
    verdicts = list(smoke(deployment, how, aim))
    assert [verdict.problem for verdict in verdicts] == [None] * len(deployment.examples)
    answers = [_asked(tmp_path / "rest.py", port, "[1, 2, 3, 4]"), _asked(tmp_path / "rpc.py", grpc, "[1, 2, 3, 4]")]
    for answer in answers:
        assert json.loads(answer.stdout)["probability"] == [[pytest.approx(0.8807971, abs=1e-6)]], answer.stderr
    refused = [_asked(tmp_path / name, at, '[["a", 2, 3, 4]]') for name, at in (("rest.py", port), ("rpc.py", grpc))]
    # Over REST the server itself says so, and with status 500.
    assert [answer.returncode for answer in refused] == [3, 2], [answer.stderr for answer in refused]
    os.kill(server.pid, signal.SIGTERM)
    assert server.wait(40) == 0
