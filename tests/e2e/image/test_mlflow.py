"""The example of MLflow in a real engine: built under a strict umask, up, healthy, answering, stopped in order."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.e2e

_EXAMPLE = Path(__file__).parents[3] / "examples" / "04-mlflow-fraud-detector"


class Stack:
    """The example's stack, and its commands."""

    def __init__(self, project: Any, engine: Path, port: int) -> None:
        self.project, self.port = project, port
        self._environment = {
            "PATH": f"{engine}:{os.environ['PATH']}",
            "HOME": os.environ["HOME"],
            "COMPOSE_PROJECT_NAME": f"e2e-{uuid.uuid4().hex[:12]}",
        }
        self._file = project.emitted("compose/compose.yaml")
        self.image = yaml.safe_load(self._file.read_text())["services"]["fraud-detector"]["image"]

    def run(self, line: str, *, check: bool = True) -> str:
        """What a line prints."""
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.project.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert not check or done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        return (done.stdout + done.stderr).strip()

    def compose(self, words: str, *, check: bool = True) -> str:
        """What a command of this stack prints."""
        return self.run(f"docker compose --file={self._file} {words}", check=check)

    def inspect(self, form: str) -> str:
        """A part of what the engine knows of the container."""
        return self.run(f"docker inspect --format '{form}' {self.compose('ps --all --quiet')}")

    def post(self, body: object) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/invocations", json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.load(answer)
        finally:
            connection.close()


@pytest.fixture(scope="module")
def stack(
    engine: Path,
    build: Callable[[Path], Any],
    free_ports: Callable[[int], list[int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """The example with two workers, up by the commands of the summary."""
    folder, (port,) = tmp_path_factory.mktemp("mlflow"), free_ports(1)
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("deploy"), dirs_exist_ok=True)
    with (folder / "serving.yaml").open("a") as spec:
        spec.write(f"runtime: {{ workers: 2, protocols: {{ rest: {port} }} }}\n")
    made = build(folder)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)  # a clone under umask 077
    stack = Stack(made, engine, port)
    try:
        for words in ("docker build", "docker compose"):
            (line,) = [line for line in made.next if words in line]
            stack.run(line)
        yield stack
    finally:
        stack.compose("down --volumes --timeout=5 --rmi=local", check=False)
        stack.run(f"docker image rm --force {stack.image}", check=False)


def test_healthy_and_answering(stack: Stack, fits: Callable[..., bool]) -> None:
    """The engine calls it healthy, and every example gets the model's numbers."""
    assert stack.inspect("{{.State.Health.Status}}") == "healthy"
    for example in stack.project.spec["examples"]:
        status, answer = stack.post(example["request"])
        assert status == 200
        assert fits(answer, example["expect"], 1e-6)


def test_hardened(stack: Stack) -> None:
    """A numeric user without privileges, a root that nobody writes to, and one port on loopback."""
    assert stack.compose("exec -T fraud-detector id -u") == "10001"
    assert stack.inspect("{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}") == "true [ALL]"
    assert stack.compose("exec -T fraud-detector find /srv /opt ! -type l -writable") == ""
    assert "Read-only" in stack.compose("exec -T fraud-detector touch /srv/mlflow/model/x", check=False)
    published = json.loads(stack.inspect("{{json .NetworkSettings.Ports}}"))
    assert published == {f"{stack.port}/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(stack.port)}]}


def test_small(stack: Stack) -> None:
    """The whole of MLflow is not in the image: the server needs its small part only."""
    packages = stack.compose("exec -T fraud-detector ls /opt/venv/lib/python3.11/site-packages").split()
    assert [name for name in packages if name.startswith("mlflow_skinny-")]
    assert not [name for name in packages if name.startswith(("mlflow-", "Flask", "flask", "pyarrow", "gunicorn"))]


def test_stops_in_order(stack: Stack) -> None:
    """`compose stop` ends it with exit code 0. The last test: it stops the stack."""
    stack.compose("stop")
    assert stack.inspect("{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}") == "exited 0 false"
