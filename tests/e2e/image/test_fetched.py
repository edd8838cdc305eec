"""The example of a model in S3 in a real engine: fetched by the compose stack from a server on this machine, compared
with its digest, and given to the server to read only."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.fetch.storages import put
from tests.e2e.image.test_mlserver import Stack

pytestmark = pytest.mark.e2e

_EXAMPLE = Path(__file__).parents[3] / "examples" / "17-connections"
_NAME = "iris-from-s3"


@pytest.fixture(scope="module")
def storage(gateway: str, environment: Callable[[str], Path], free_ports: Callable[[int], list[int]]) -> Iterator[str]:
    """The address, as containers reach it, of a server that speaks S3 and has the bucket `models`."""
    (port,) = free_ports(1)
    command = [str(environment("fetch").with_name("moto_server")), "-H", "0.0.0.0", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(150):
                try:
                    put(f"http://127.0.0.1:{port}/models", b"")
                    break
                except OSError:
                    time.sleep(0.2)
            yield f"http://{gateway}:{port}"
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def stack(
    engine: Path,
    storage: str,
    build: Callable[[Path], Any],
    free_ports: Callable[[int], list[int]],
    environment: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """The example with its storage there, built and not yet up."""
    folder, (rest, grpc) = tmp_path_factory.mktemp("fetched"), free_ports(2)
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("deploy"), dirs_exist_ok=True)
    spec = folder / "serving.yaml"
    text = spec.read_text().replace("https://minio.example.com:9000", storage)
    spec.write_text(f"{text}\nruntime: {{ protocols: {{ rest: {rest}, grpc: {grpc} }} }}\n")
    variables = {
        "PATH": f"{engine}:{os.environ['PATH']}",
        "HOME": os.environ["HOME"],
        "COMPOSE_PROJECT_NAME": f"e2e-{uuid.uuid4().hex[:12]}",
        "no_proxy": "127.0.0.1",
        "IRIS_MODELS__AWS_ACCESS_KEY_ID": "id",
        "IRIS_MODELS__AWS_SECRET_ACCESS_KEY": "key",
    }
    made = Stack(build(folder), "mlserver", rest, grpc, environment("mlserver"), variables)
    try:
        made.compose("build")
        yield made
    finally:
        made.compose("down --volumes --timeout=5 --rmi=all", check=False)


def _model(stack: Stack) -> bytes:
    return bytes((stack.project.folder / "model" / "iris.joblib").read_bytes())


def _address(storage: str) -> str:
    return f"http://127.0.0.1:{storage.rpartition(':')[2]}/models/iris/1/iris.joblib"


def test_other_bytes(stack: Stack, storage: str) -> None:
    """Where the storage has something else, the stack says so, and no server is started."""
    put(_address(storage), _model(stack).replace(b"sklearn", b"sklearm", 1))
    said = stack.compose("up --wait", check=False)
    assert "didn't complete successfully" in said
    assert "was meant" in stack.compose(f"logs {_NAME}-fetch")
    assert stack.compose(f"ps --status=running --quiet {_NAME}") == ""


def test_the_model(stack: Stack, storage: str, fits: Callable[..., bool]) -> None:
    """It is fetched, the server starts, answers the example, and can write to nothing of it."""
    put(_address(storage), _model(stack))
    stack.run(stack.command("up --build --wait"))
    assert "fetched: 1 file" in stack.compose(f"logs {_NAME}-fetch")
    (example,) = stack.project.spec["examples"]
    status, answer = stack.post(example["request"])
    assert status == 200
    assert fits(answer, example["expect"], 1e-6), answer
    said = stack.compose(f"exec -T {_NAME} touch /srv/mlserver/model/iris.joblib", check=False)
    assert "Read-only file system" in said
    assert "AWS_" not in stack.compose(f"exec -T {_NAME} env")


def test_again(stack: Stack, storage: str) -> None:
    """What was fetched once is there still: the stack comes up when the storage has lost it."""
    stack.compose("down --timeout=10")
    put(_address(storage), b"")
    stack.compose("up --wait")
    assert "is there already" in stack.compose(f"logs {_NAME}-fetch")
