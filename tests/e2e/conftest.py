"""What end-to-end tests share: environments of the real tools, projects to compile, and clients of what is served."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.groups import place
from tests.e2e.oip import Served, serve

_ROOT = Path(__file__).parents[2]
_EXAMPLE = _ROOT / "examples" / "01-torchserve-fraud-detector"
_PROGRAMS = Path(__file__).parent / "programs"
_MODEL = "fraud-detector"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The groups that take longest come first."""
    items.sort(key=lambda item: place(item.nodeid))


@dataclass(frozen=True)
class Project:
    """A folder with a spec that has been built."""

    folder: Path
    next: tuple[str, ...]
    """The commands that the summary says to type next."""

    @property
    def spec(self) -> dict[str, Any]:
        """What was written."""
        spec: dict[str, Any] = yaml.safe_load((self.folder / "serving.yaml").read_text())
        return spec

    def emitted(self, path: str) -> Path:
        """An emitted file, by its target and name."""
        return self.folder.joinpath("deploy", self.spec["name"], path)


@dataclass(frozen=True)
class Client:
    """Somebody who asks the served model, with a key or without."""

    rest: int
    grpc: int
    python: Path
    """An interpreter that has gRPC."""

    def post(self, body: object, *, key: str | None) -> tuple[int, Any]:
        """Status and JSON of an answer over REST."""
        connection = http.client.HTTPConnection("127.0.0.1", self.rest, timeout=30)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        try:
            connection.request("POST", f"/predictions/{_MODEL}", json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.load(answer)
        finally:
            connection.close()

    def call(self, bodies: Sequence[object], *, key: str | None) -> list[dict[str, Any]]:
        """Code and JSON of each answer over gRPC; all are asked at once."""
        asked = {"port": self.grpc, "key": key, "model": _MODEL, "bodies": bodies}
        answers: list[dict[str, Any]] = _run(self.python, "grpc_client.py", asked)
        return answers


@pytest.fixture(scope="session")
def environment() -> Callable[[str], Path]:
    """The interpreter of a tool's own virtual environment, which `make e2e-ready` made of `venvs/NAME.txt`."""

    def find(name: str) -> Path:
        python = _ROOT / ".e2e" / name / "bin" / "python"
        if not python.exists():
            pytest.skip(f"no .e2e/{name} here: run `make e2e-ready`")
        return python

    return find


@pytest.fixture(scope="session")
def torch_python(environment: Callable[[str], Path]) -> Path:
    """An interpreter with TorchServe, torch and gRPC."""
    return environment("torchserve")


@pytest.fixture(scope="session")
def project() -> Callable[..., Project]:
    """Builds a copy of the example in a folder, after some texts of its files were changed."""

    def make(folder: Path, changes: Mapping[str, Sequence[tuple[str, str]]] | None = None) -> Project:
        ignored = shutil.ignore_patterns("deploy", "__pycache__", "*.whl")
        shutil.copytree(_EXAMPLE, folder, ignore=ignored, dirs_exist_ok=True)
        for name, edits in (changes or {}).items():
            path = folder / name
            text = path.read_text()
            for old, new in edits:
                assert old in text, f"{name} has no {old!r}"
                text = text.replace(old, new)
            path.write_text(text)
        return _build(folder)

    return make


@pytest.fixture(scope="session")
def build() -> Callable[[Path], Project]:
    """Builds the spec that stands in a folder."""
    return _build


def _build(folder: Path) -> Project:
    command = [sys.executable, "-m", "servespec", "build", "--summary", "serving.yaml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    _, *commands = re.split(r"^next\b.*:\n", done.stdout, flags=re.MULTILINE)
    return Project(folder, tuple(line.strip() for line in "".join(commands).splitlines() if line.startswith("  ")))


@pytest.fixture(scope="session")
def client(torch_python: Path) -> Callable[..., Client]:
    """Somebody who asks the model that is served on these ports."""

    def make(*, rest: int, grpc: int) -> Client:
        return Client(rest, grpc, torch_python)

    return make


@pytest.fixture(scope="session")
def truth(torch_python: Path) -> Callable[[Sequence[object]], list[float]]:
    """The probability that torch itself gives each row."""
    model = _EXAMPLE / "model"

    def ask(rows: Sequence[object]) -> list[float]:
        answers: list[float] = _run(torch_python, "torch_model.py", rows, model, model / "fraud_detector.pt")
        return answers

    return ask


def _run(python: Path, program: str, asked: object, *arguments: object) -> Any:
    command = [str(python), "-I", str(_PROGRAMS / program), *map(str, arguments)]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def fits() -> Callable[..., bool]:
    """Whether an answer is what an example expects: numbers within its tolerance, keys that it names."""
    return _fits


def _fits(answer: Any, expected: Any, tolerance: float = 1e-6) -> bool:
    match expected:
        case dict():
            return isinstance(answer, dict) and all(
                key in answer and _fits(answer[key], value, tolerance) for key, value in expected.items()
            )
        case list():
            return (
                isinstance(answer, list)
                and len(answer) == len(expected)
                and all(_fits(*pair, tolerance) for pair in zip(answer, expected, strict=True))
            )
        case float():
            return isinstance(answer, float) and abs(answer - expected) <= tolerance
        case _:
            return type(answer) is type(expected) and bool(answer == expected)


@pytest.fixture(scope="session")
def free_ports() -> Callable[[int], list[int]]:
    """Ports that nobody listens on, all different."""

    def find(count: int) -> list[int]:
        with ExitStack() as stack:
            sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
            for item in sockets:
                item.bind(("127.0.0.1", 0))
            return [item.getsockname()[1] for item in sockets]

    return find


@pytest.fixture(scope="session")
def start(
    environment: Callable[[str], Path], free_ports: Callable[[int], list[int]]
) -> Callable[[Any, Path, str], AbstractContextManager[Served]]:
    """Starts a project's MLServer in the environment of that name; `scratch` is a folder for what it writes."""
    return lambda project, scratch, name: serve(project, scratch, python=environment(name), ports=free_ports(3))
