"""The examples of MLServer, and of ONNX Runtime inside it, in a real engine: built under a strict umask, up, healthy,
answering, hardened, stopped in order, each by the commands of the summary."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.oip import program

pytestmark = pytest.mark.e2e

_EXAMPLES = Path(__file__).parents[3] / "examples"
_CASES = [("02-onnxruntime-fraud-detector", "onnxruntime", 1), ("03-mlserver-sklearn", "mlserver", 2)]
"""Example, server, worker processes."""


@dataclass(frozen=True)
class Stack:
    """An example's stack, and its commands."""

    project: Any
    server: str
    rest: int
    grpc: int
    python: Path
    environment: dict[str, str]

    def run(self, line: str, *, check: bool = True) -> str:
        """What a line prints."""
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.project.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert not check or done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        return done.stdout.strip() if check else done.stdout + done.stderr

    @property
    def name(self) -> str:
        """The service's name."""
        return str(self.project.spec["name"])

    def command(self, words: str) -> str:
        """The command of the summary that holds these words."""
        (line,) = [line for line in self.project.next if words in line]
        return str(line)

    def compose(self, words: str, *, check: bool = True) -> str:
        """What a command of this stack prints."""
        return self.run(f"docker compose --file={self.project.emitted('compose/compose.yaml')} {words}", check=check)

    def inspect(self, form: str) -> str:
        """A part of what the engine knows of the container."""
        return self.run(f"docker inspect --format '{form}' {self.compose('ps --all --quiet')}")

    def post(self, body: object) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.rest, timeout=60)
        try:
            path = f"/v2/models/{self.name}/infer"
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.load(answer)
        finally:
            connection.close()


@pytest.fixture(scope="module", params=_CASES, ids=lambda case: case[1])
def stack(
    request: pytest.FixtureRequest,
    engine: Path,
    build: Callable[[Path], Any],
    free_ports: Callable[[int], list[int]],
    environment: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """Each example, up by the commands of the summary."""
    name, server, workers = request.param
    folder, (rest, grpc) = tmp_path_factory.mktemp(server), free_ports(2)
    shutil.copytree(_EXAMPLES / name, folder, ignore=shutil.ignore_patterns("deploy"), dirs_exist_ok=True)
    with (folder / "serving.yaml").open("a") as spec:
        spec.write(f"runtime: {{ workers: {workers}, protocols: {{ rest: {rest}, grpc: {grpc} }} }}\n")
    made = build(folder)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)  # a clone under umask 077
    variables = {
        "PATH": f"{engine}:{os.environ['PATH']}",
        "HOME": os.environ["HOME"],
        "COMPOSE_PROJECT_NAME": f"e2e-{uuid.uuid4().hex[:12]}",
        "no_proxy": "127.0.0.1",
    }
    stack = Stack(made, server, rest, grpc, environment(server), variables)
    try:
        for words in ("docker build", "docker compose"):
            stack.run(stack.command(words))
        yield stack
    finally:
        stack.compose("down --volumes --timeout=5 --rmi=all", check=False)


def test_healthy_and_answering(stack: Stack, fits: Callable[..., bool]) -> None:
    """The engine calls it healthy; the examples get their answers over REST and gRPC, and by the summary's `curl`."""
    assert stack.inspect("{{.State.Health.Status}}") == "healthy"
    examples = stack.project.spec["examples"]
    posts = [stack.post(item["request"]) for item in examples]
    assert [status for status, _ in posts] == [200] * len(examples)
    asked = {"port": stack.grpc, "model": stack.name, "bodies": [item["request"] for item in examples]}
    calls = program(stack.python, "oip_client.py", asked=asked)
    for answers in ([answer for _, answer in posts], calls):
        assert all(fits(answer, item["expect"], 1e-6) for answer, item in zip(answers, examples, strict=True))
    assert fits(json.loads(stack.run(stack.command("curl "))), examples[0]["expect"], 1e-6)


def test_hardened(stack: Stack) -> None:
    """Every process is user 10001 without a capability, and can write to nothing but its scratch folder."""
    status = 'cat /proc/[0-9]*/status | grep -E "^(Uid|CapEff|CapBnd|NoNewPrivs):"'
    fields = stack.compose(f"exec -T {stack.name} sh -c '{status}'")
    assert {tuple(line.split()) for line in fields.splitlines()} == {
        ("Uid:", "10001", "10001", "10001", "10001"),
        *((name, "0000000000000000") for name in ("CapEff:", "CapBnd:")),
        ("NoNewPrivs:", "1"),
    }
    for folder in ("/", "/tmp", f"/srv/{stack.server}", f"/srv/{stack.server}/model", "/opt/venv"):
        assert "Read-only file system" in stack.compose(f"exec -T {stack.name} touch {folder}/x", check=False)
    stack.compose(f"exec -T {stack.name} touch /run/{stack.server}/x")


def test_only_clients_ports_are_published(stack: Stack) -> None:
    """On the machine only the two ports for clients are open, and only on loopback; metrics are for the inside."""
    published = json.loads(stack.inspect("{{json .NetworkSettings.Ports}}"))
    found = {name: [(item["HostIp"], item["HostPort"]) for item in items] for name, items in published.items()}
    assert found == {f"{port}/tcp": [("127.0.0.1", str(port))] for port in (stack.rest, stack.grpc)}


def test_stops_in_order(stack: Stack) -> None:
    """`compose stop` under load: what is accepted is answered, and the exit code is 0. The last test."""
    body = stack.project.spec["examples"][0]["request"]
    outcomes: list[int] = []

    def ask() -> None:
        while True:
            try:
                outcomes.append(stack.post(body)[0])
            except ConnectionError:
                return  # it takes no more

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        while len(outcomes) < 20:
            assert not all(item.done() for item in asking)
            time.sleep(0.01)
        stack.compose("stop")
    assert set(outcomes) == {200}
    assert stack.inspect("{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}") == "exited 0 false"
