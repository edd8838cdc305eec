"""MLflow's scoring server on the host, started by the emitted script."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_EXAMPLE = Path(__file__).parents[3] / "examples" / "04-mlflow-fraud-detector"
_SLOW = """\
apiVersion: servespec/v1
name: slow
pattern: realtime
model: { format: mlflow, uri: ./model }
runtime:
  protocols: { rest: PORT }
"""


@dataclass(frozen=True)
class Server:
    """A server that runs, and a client of it."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def post(self, body: object) -> tuple[int, Any]:
        """Status and text of an answer, as JSON where it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/invocations", json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text) if text.startswith("{") else text
        finally:
            connection.close()

    def sleep(self, seconds: float) -> tuple[int, Any]:
        """Has the slow model sleep."""
        return self.post({"dataframe_split": {"columns": ["seconds"], "data": [[seconds]]}})

    def wait_until_sleeping(self, count: int) -> None:
        """Returns when the model is at so many requests."""
        end = time.monotonic() + 60
        while self.log.read_text().count("it sleeps") < count:
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)

    def wait_until_refused(self) -> None:
        """Returns when no request is taken any more."""
        end = time.monotonic() + 60
        try:
            while time.monotonic() < end:
                assert self.sleep(0)[0] == 200
        except ConnectionError:
            return
        raise AssertionError("it still takes requests")

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture(scope="session")
def python(environment: Callable[[str], Path]) -> Path:
    """An interpreter with MLflow."""
    return environment("mlflow")


@pytest.fixture(scope="session")
def example(build: Callable[[Path], Any], free_ports: Callable[[int], list[int]]) -> Callable[..., Any]:
    """Builds a copy of the example, after some texts of its spec were changed, on a port of its own."""

    def make(folder: Path, *changes: tuple[str, str]) -> Any:
        shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("deploy"), dirs_exist_ok=True)
        spec = folder / "serving.yaml"
        text = spec.read_text()
        (port,) = free_ports(1)
        for old, new in (("\nresources:", f"\nruntime: {{ protocols: {{ rest: {port} }} }}\nresources:"), *changes):
            assert old in text
            text = text.replace(old, new)
        spec.write_text(text)
        return build(folder)

    return make


@pytest.fixture(scope="session")
def slow_model(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model that takes as long as it is told."""
    folder = tmp_path_factory.mktemp("slow") / "model"
    program = Path(__file__).parents[1] / "programs" / "mlflow_slow.py"
    subprocess.run([python, "-I", program, folder], check=True, capture_output=True)
    return folder


@pytest.fixture
def slow(
    slow_model: Path, tmp_path: Path, build: Callable[[Path], Any], free_ports: Callable[[int], list[int]]
) -> Callable[[str], Any]:
    """Builds a spec around the slow model, with more lines below `runtime`."""

    def make(more: str = "") -> Any:
        shutil.copytree(slow_model, tmp_path / "model")
        (port,) = free_ports(1)
        (tmp_path / "serving.yaml").write_text(_SLOW.replace("PORT", str(port)) + more)
        return build(tmp_path)

    return make


@pytest.fixture
def serve(python: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts the emitted script, and waits until the emitted health check says that the model is loaded."""
    with ExitStack() as stack:

        def start(project: Any, *, wait: bool = True, environment: Mapping[str, str] | None = None) -> Server:
            log = tmp_path / "log"
            script, port = project.emitted("mlflow/serve.py"), project.spec["runtime"]["protocols"]["rest"]
            uri = project.spec["model"]["uri"]
            model = [] if ":" in uri else [f"--model={uri}"]
            command: Sequence[str | Path] = [python, "-I", script, *model]
            server = Server(stack.enter_context(_process(command, project.folder, log, environment)), port, log)
            if wait:
                _wait(server, python, project.emitted("mlflow/healthcheck.py"))
            return server

        yield start


@contextmanager
def _process(
    command: Sequence[str | Path], folder: Path, log: Path, environment: Mapping[str, str] | None
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=stream, stderr=stream)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _wait(server: Server, python: Path, check: Path) -> None:
    deadline = time.monotonic() + 90
    while subprocess.run([python, "-I", check], capture_output=True).returncode:
        assert server.process.poll() is None, server.log.read_text()
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.1)
