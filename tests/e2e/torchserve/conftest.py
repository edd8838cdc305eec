"""TorchServe on this machine, started by the emitted entry point with the emitted configuration, on free ports."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_PORTS = (
    ("TS_INFERENCE_ADDRESS", "http://127.0.0.1:{}"),
    ("TS_MANAGEMENT_ADDRESS", "http://127.0.0.1:{}"),
    ("TS_METRICS_ADDRESS", "http://127.0.0.1:{}"),
    ("TS_GRPC_INFERENCE_PORT", "{}"),
    ("TS_GRPC_MANAGEMENT_PORT", "{}"),
)


@dataclass(frozen=True)
class Server:
    """A running TorchServe."""

    process: subprocess.Popen[bytes]
    python: Path
    emitted: Path
    """The folder of the files that it runs from."""
    scratch: Path
    environment: dict[str, str]
    ports: list[int]
    client: Any
    health: list[tuple[int, str]] = field(default_factory=list)
    """What the emitted health check said from the start on: exit code and words."""

    @property
    def key(self) -> str:
        """The key of clients."""
        key: str = json.loads((self.scratch / "key_file.json").read_text())["inference"]["key"]
        return key

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return (self.scratch / "log").read_text()

    def ask_health(self) -> int:
        """The exit code of the emitted health check, which is also remembered."""
        command: list[str | Path] = [self.python, "-I", self.emitted / "healthcheck.py"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert not done.stderr
        self.health.append((done.returncode, done.stdout.strip()))
        return done.returncode

    def wait_until_ready(self) -> None:
        """Returns when the emitted health check says so."""
        end = time.monotonic() + 90
        while self.ask_health() != 0:
            assert self.process.poll() is None, self.log[-4000:]
            assert time.monotonic() < end, self.log[-4000:]
            time.sleep(0.2)

    def stop(self) -> None:
        """Ends it, in order if it lets itself; a second signal skips the draining."""
        for _ in range(2):
            if self.process.poll() is None:
                self.process.terminate()
                try:
                    self.process.wait(20)
                except subprocess.TimeoutExpired:
                    continue


@pytest.fixture(scope="session")
def serve(
    torch_python: Path, client: Callable[..., Any], free_ports: Callable[[int], list[int]]
) -> Callable[[Any, Path], AbstractContextManager[Server]]:
    """Serves a project whose archive has been made; `scratch` is a folder for what the server writes."""

    @contextmanager
    def start(project: Any, scratch: Path) -> Iterator[Server]:
        scratch.mkdir()
        ports, emitted = free_ports(len(_PORTS)), project.emitted("torchserve")
        addresses = {name: form.format(port) for (name, form), port in zip(_PORTS, ports, strict=True)}
        inside = {"TEMP": str(scratch), "TMPDIR": str(scratch), "TS_MODEL_STORE": str(emitted / "model-store")}
        environment = {"PATH": os.environ["PATH"], "HOME": str(scratch), **inside, **addresses}
        with (scratch / "log").open("wb") as log:
            process = subprocess.Popen(
                [torch_python, "-I", emitted / "entrypoint.py"], env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        asker = client(rest=ports[0], grpc=ports[3])
        server = Server(process, torch_python, emitted, scratch, environment, ports, asker)
        try:
            server.wait_until_ready()
            yield server
        finally:
            server.stop()

    return start


@pytest.fixture(scope="session")
def pack(torch_python: Path) -> Callable[[Any], Path]:
    """Runs the emitted archive script with the real archiver, and gives the folder of the archive."""

    def run(project: Any) -> Path:
        tools = {**os.environ, "PATH": f"{torch_python.parent}:{os.environ['PATH']}"}
        subprocess.run([project.emitted("torchserve/archive.sh")], env=tools, cwd="/", check=True)
        store: Path = project.emitted("torchserve/model-store")
        return store

    return run
