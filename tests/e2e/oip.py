"""MLServer on this machine, started from what was emitted, and a client of the Open Inference Protocol."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PROGRAMS = Path(__file__).parent / "programs"


def program(python: Path, name: str, *arguments: object, asked: object = None) -> Any:
    """What one of our programs prints, run by the interpreter of another environment."""
    command = [str(python), "-I", str(_PROGRAMS / name), *map(str, arguments)]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


@dataclass(frozen=True)
class Served:
    """A server process, ready or not."""

    process: subprocess.Popen[bytes]
    python: Path
    emitted: Path
    """The folder of the files that it runs from."""
    scratch: Path
    environment: dict[str, str]
    rest: int
    grpc: int
    metrics: int
    model: str
    health: list[tuple[int, str]] = field(default_factory=list)
    """What the emitted health check said from the start on: exit code and words."""

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return (self.scratch / "log").read_text()

    def http(self, method: str, path: str, body: object = None, *, port: int | None = None) -> tuple[int, Any]:
        """Status and body of an answer over REST; JSON is read."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.rest, timeout=60)
        try:
            connection.request(
                method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            data = answer.read()
            return answer.status, json.loads(
                data
            ) if answer.headers.get_content_type() == "application/json" else data.decode()
        finally:
            connection.close()

    def post(self, body: object) -> tuple[int, Any]:
        """Status and JSON of an answer to an inference request over REST."""
        return self.http("POST", f"/v2/models/{self.model}/infer", body)

    def call(self, bodies: Sequence[object]) -> list[dict[str, Any]]:
        """Code and outputs of each answer over gRPC; all are asked at once."""
        asked = {"port": self.grpc, "model": self.model, "bodies": bodies}
        found: list[dict[str, Any]] = program(self.python, "oip_client.py", asked=asked)
        return found

    def wait_for_call(self) -> None:
        """Returns when a request over gRPC is in flight: its client takes a while to start."""
        end = time.monotonic() + 30
        while not re.search(r'grpc_server_started_total\{.*"ModelInfer".*\} [1-9]', self.metrics_text()):
            assert time.monotonic() < end, self.metrics_text()
            time.sleep(0.05)

    def wait_for_posts(self, count: int) -> None:
        """Returns when so many requests over REST are in flight."""
        pattern = re.compile(r'^rest_server_requests_in_progress\{.*"POST".*\} ([0-9.]+)$', re.MULTILINE)
        end = time.monotonic() + 30
        while sum(float(found) for found in pattern.findall(self.metrics_text())) < count:
            assert time.monotonic() < end, self.metrics_text()
            time.sleep(0.05)

    def wait_until_refused(self) -> None:
        """Returns when nobody can connect any more."""
        end = time.monotonic() + 30
        try:
            while time.monotonic() < end:
                assert self.http("GET", "/v2/health/live")[0] == 200
        except ConnectionError:
            return
        raise AssertionError("it still takes requests")

    def metrics_text(self) -> str:
        """What the operator's monitoring reads."""
        return str(self.http("GET", "/metrics", port=self.metrics)[1])

    def ask_health(self) -> int:
        """The exit code of the emitted health check, which is also remembered."""
        command: list[str | Path] = [self.python, "-I", self.emitted / "healthcheck.py"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert not done.stderr
        self.health.append((done.returncode, done.stdout.strip()))
        return done.returncode

    def wait_until_ready(self) -> None:
        """Returns when the emitted health check says so."""
        end = time.monotonic() + 120
        while self.ask_health() != 0:
            assert self.process.poll() is None, self.log[-4000:]
            assert time.monotonic() < end, self.log[-4000:]
            time.sleep(0.1)


@contextmanager
def serve(project: Any, scratch: Path, *, python: Path, ports: Sequence[int]) -> Iterator[Served]:
    """Starts what was emitted for a project on free ports, with what a run outside of an image needs besides."""
    scratch.mkdir()
    spec = project.spec
    (emitted,) = [path.parent for path in project.emitted("").glob("*/serve.py")]
    uri = project.folder / spec["model"]["uri"]
    rest, grpc, metrics = ports
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "MLSERVER_HTTP_PORT": str(rest),
        "MLSERVER_GRPC_PORT": str(grpc),
        "MLSERVER_METRICS_PORT": str(metrics),
        "MLSERVER_MODEL_URI": str(uri),
        "http_proxy": "http://127.0.0.1:9",
    }
    with (scratch / "log").open("wb") as log:
        process = subprocess.Popen(
            [python, "-I", emitted / "serve.py"], cwd=scratch, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    name = spec["model"].get("name", spec["name"])
    served = Served(process, python, emitted, scratch, environment, rest, grpc, metrics, name)
    try:
        yield served
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
