"""The folder of a run, `.servespec/run/<name>` beside the spec: nothing in it is worth keeping, or to be committed."""

from __future__ import annotations

import os
from pathlib import Path

from servespec.deployment.names import in_environment
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import REALTIME
from servespec.records import dataclass


@dataclass(frozen=True)
class RunFolder:
    """Where things are in it."""

    path: Path

    @classmethod
    def of(cls, project: Path, deployment: Deployment, workload: str = REALTIME) -> RunFolder:
        """The folder for a deployment, in a project folder; what is no server has one of its own."""
        name = in_environment(deployment.name, deployment.environment)
        return cls(project / ".servespec" / "run" / (name if workload == REALTIME else f"{name}.{workload}"))

    @property
    def emitted(self) -> Path:
        """What was compiled, a folder for each target."""
        return self.path / "emitted"

    @property
    def root(self) -> Path:
        """What an image would hold, at the same paths."""
        return self.path / "root"

    @property
    def token(self) -> Path:
        """The token of clients, while a server runs that wants one."""
        return self.path / "token"

    def make(self) -> None:
        """Make it, and keep git out of it."""
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path.parent / ".gitignore").write_text("*\n", encoding="utf-8")

    def keep_token(self, token: str) -> None:
        """Put the token where `servespec smoke` finds it, and nobody else reads it."""
        self.forget_token()
        descriptor = os.open(self.token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{token}\n")

    def forget_token(self) -> None:
        """The server is gone, and its token with it."""
        self.token.unlink(missing_ok=True)

    def read_token(self) -> str | None:
        """The token of the server that runs, if there is one."""
        try:
            return self.token.read_text(encoding="utf-8").strip() or None
        except OSError:
            return None
