"""A model of a registry in a compose stack, in a network that has its own copies of all images: locked, built from the
mirror by digest, fetched from a real tracking server, rolled on by the lock, and refused when its files are others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest
import yaml

from tests.e2e import tracking
from tests.e2e.image.registries import Registry

pytestmark = pytest.mark.e2e

_PROGRAM = Path(__file__).parents[1] / "programs" / "mlflow_scaled.py"
_BASE = "python:3.11-slim-bookworm"
_SPEC = """\
apiVersion: servespec/v1
name: fraud-detector
pattern: realtime
model: {{ format: mlflow, uri: "models:/fraud@champion", credentials: {{ registry: r }} }}
connections: [{{ name: r, type: mlflow, endpoint: "{tracking}" }}]
runtime: {{ protocols: {{ rest: {port} }} }}
probes: {{ readiness: {{ periodSeconds: 1 }} }}
image: {{ requirements: requirements.txt, repository: "{images}/ml/fraud" }}
targets: {{ compose: }}
"""
_ROWS = {
    "columns": ["amount", "category_encoded", "hour", "day_of_week"],
    "data": [[86.2, 4, 13, 1], [1850.0, 10, 3, 6]],
}


@dataclass(frozen=True)
class Stack:
    """A project, its stack, and what it is asked at."""

    folder: Path
    port: int
    environment: dict[str, str]

    def servespec(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One call of the command line."""
        command = [sys.executable, "-m", "servespec", *words]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=600
        )

    def done(self, *words: str) -> str:
        """What a call that succeeds prints."""
        done = self.servespec(*words)
        assert done.returncode == 0, f"{words}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def emitted(self, path: str) -> str:
        """The text of an emitted file."""
        return (self.folder / "deploy" / "fraud-detector" / path).read_text()

    def compose(self, words: str, *, check: bool = True) -> str:
        """What a command of the stack says."""
        command = ["docker", "compose", "--file=deploy/fraud-detector/compose/compose.yaml", *words.split()]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert not check or done.returncode == 0, f"{words}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        return done.stdout + done.stderr

    def ask(self) -> Any:
        """What it predicts."""
        body, headers = json.dumps({"dataframe_split": _ROWS}).encode(), {"Content-Type": "application/json"}
        asked = Request(f"http://127.0.0.1:{self.port}/invocations", body, headers)
        with build_opener(ProxyHandler({})).open(asked, timeout=30) as answer:
            return json.load(answer)["predictions"]


@pytest.fixture(scope="module")
def models(
    gateway: str,
    environment: Callable[[str], Path],
    free_ports: Callable[[int], list[int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tracking.Tracking]:
    """A tracking server where containers reach it, with a champion."""
    folder = tmp_path_factory.mktemp("tracking")
    with tracking.running(environment("mlflow"), folder, *free_ports(1), host=gateway) as found:
        found.register(_saved(found, folder / "first", "2.5"), "fraud", "champion")
        yield found


def _saved(models: tracking.Tracking, folder: Path, number: str) -> Path:
    """The folder, with a model that multiplies by the number."""
    subprocess.run([models.python, _PROGRAM, folder, number], capture_output=True, check=True)
    return folder


def _truth(models: tracking.Tracking, folder: Path) -> Any:
    """What the model itself says."""
    command = [models.python, _PROGRAM, folder]
    done = subprocess.run(command, input=json.dumps(_ROWS), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def stack(
    engine: Path,
    registry: Registry,
    models: tracking.Tracking,
    free_ports: Callable[[int], list[int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """The project, locked and compiled; no image of it is there, and none to start from but in the mirror."""
    folder, (port,) = tmp_path_factory.mktemp("mirrored"), free_ports(1)
    spec = _SPEC.format(tracking=models.url, images=registry.host, port=port)
    (folder / "serving.yaml").write_text(spec)
    (folder / "servespec.yaml").write_text(f"mirrors: {{ images: {{ docker.io: '{registry.host}/hub' }} }}\n")
    (folder / "requirements.txt").write_text("numpy==2.4.6\npandas==3.1.1\n")
    registry.put(f"hub/library/{_BASE}", _BASE)
    variables = {
        **{"HOME": os.environ["HOME"], "PATH": f"{engine}:{os.environ['PATH']}", "no_proxy": "*"},
        "COMPOSE_PROJECT_NAME": f"e2e-{uuid.uuid4().hex[:12]}",
    }
    made = Stack(folder, port, variables)
    made.done("lock")
    made.done("build", "--locked")
    try:
        yield made
    finally:
        made.compose("down --volumes --timeout=5 --rmi=all", check=False)


def test_all_of_it_comes_from_the_mirror(stack: Stack, registry: Registry) -> None:
    """What both images start from has the mirror's name and the digest that it has there; the engine, which has it by
    another name only, builds them from it, and the second time has them."""
    images = yaml.safe_load((stack.folder / "serving.lock").read_text())["images"]
    ((image, digest),) = images.items()
    assert image == f"{registry.host}/hub/library/{_BASE}"
    for name in ("Dockerfile", "fetch.Dockerfile"):
        assert stack.emitted(f"docker/{name}").startswith(f"FROM {image}@{digest}\n")
    for state in ("built", "here"):
        report = json.loads(stack.done("image", "build", "--if-absent", "--format=json"))
        assert [item["state"] for item in report["images"]] == [state, state]
    assert f"/v2/hub/library/python/manifests/{digest}" in registry.log.read_text()


def test_a_version_and_the_next(stack: Stack, models: tracking.Tracking, tmp_path: Path) -> None:
    """The stack fetches the version that was locked, and predicts what it does itself, though the alias has moved on. The
    next lock rolls to the next version, in the same images; the old lock is the way back."""
    following = _saved(models, tmp_path / "next", "4")
    models.register(following, "fraud", "champion")
    assert stack.servespec("lock", "--check").returncode == 3
    first, lock = stack.emitted("compose/compose.yaml"), stack.folder / "serving.lock"
    stack.compose("up --no-build --wait")
    assert stack.ask() == _truth(models, models.folder / "first") == [215.5, 4625.0]
    before = lock.read_text()
    stack.done("lock")
    stack.done("build", "--locked")
    stack.compose("up --no-build --wait")
    assert stack.ask() == _truth(models, following) == [344.8, 7400.0]
    lock.write_text(before)
    stack.done("build", "--locked")
    assert stack.emitted("compose/compose.yaml") == first


def test_other_files(stack: Stack, models: tracking.Tracking) -> None:
    """Bytes that have changed in the registry are found where the model is fetched, and no server starts."""
    stack.compose("down --volumes --timeout=5")
    for kept in models.kept("factor"):
        kept.write_text("9")
    assert "didn't complete successfully" in stack.compose("up --no-build --wait", check=False)
    assert "artifacts/factor has the SHA-256" in stack.compose("logs fraud-detector-fetch")
    assert stack.compose("ps --status=running --quiet fraud-detector") == ""
