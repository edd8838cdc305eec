"""A real tracking server of MLflow with a registry, which keeps its files itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_REGISTER = Path(__file__).parent / "programs" / "mlflow_register.py"


@dataclass(frozen=True)
class Tracking:
    """One that answers."""

    url: str
    python: Path
    folder: Path
    """Where it keeps everything."""

    @property
    def environment(self) -> dict[str, str]:
        """The variables of its clients."""
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME")},
            **{"MLFLOW_TRACKING_URI": self.url, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            **{"MLFLOW_DISABLE_TELEMETRY": "true", "NO_PROXY": "*"},
        }

    def register(self, model: Path, name: str, alias: str) -> None:
        """A folder as the newest version of a model, with an alias."""
        command = [self.python, "-I", _REGISTER, model, name, alias]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr

    def kept(self, name: str) -> list[Path]:
        """The files of this name that it has."""
        return sorted((self.folder / "artifacts").rglob(name))


@contextmanager
def running(python: Path, folder: Path, port: int, *, host: str = "127.0.0.1") -> Iterator[Tracking]:
    """A server in a folder, that is reached by an address of this machine."""
    made = Tracking(f"http://{host}:{port}", python, folder)
    store = [f"--backend-store-uri=sqlite:///{folder}/mlflow.db", f"--artifacts-destination={folder}/artifacts"]
    at = [f"--host={host}", f"--port={port}", f"--allowed-hosts={host}:{port}"]
    command = [str(python.with_name("mlflow")), "server", *at, "--workers=1", *store]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=made.environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        ask = ["curl", "--silent", "--fail", "--noproxy", "*", "--retry", "60", "--retry-connrefused"]
        subprocess.run([*ask, "--retry-delay", "1", f"{made.url}/health"], check=True, capture_output=True)
        yield made
    finally:
        os.killpg(server.pid, 15)
        server.wait(30)
