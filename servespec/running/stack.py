"""A server as a container: its image built by BuildKit, started by compose from the emitted compose file."""

from __future__ import annotations

import posixpath
import time
from contextlib import suppress

from servespec.deployment.names import secret_variable
from servespec.edge.engine import Engine
from servespec.edge.process import Ran, Terminated
from servespec.running.cannot import CannotRun
from servespec.running.compiled import Compiled
from servespec.running.server import Tell

_PAUSE = 0.5


def build(compiled: Compiled, engine: Engine, *, dockerfile: str = "Dockerfile") -> None:
    """Build the image under the name that the emitted files have for it."""
    secrets = compiled.deployment.image.build_secrets
    options = [
        f"--file={compiled.folder.emitted / 'docker' / dockerfile}",
        f"--tag={compiled.image.reference}",
        *(f"--secret=id={name},env={secret_variable(name)}" for name in secrets),
    ]
    if not engine.build(options, project=compiled.project):
        raise CannotRun(f"the image {compiled.image.reference} could not be built")


class StackServer:
    """A server that runs as a compose stack of its own."""

    def __init__(self, compiled: Compiled, engine: Engine, *, tell: Tell) -> None:
        self._compiled, self._engine = compiled, engine
        name = compiled.deployment.name
        self._stack = f"{name}-run"  # beside a stack that the user has started from the output folder
        try:
            if not self._compose("up", "--detach", "--no-build", "--force-recreate"):
                raise CannotRun(f"compose could not start {name}")
            self._container = engine.container(self._stack, name)
        except BaseException:
            self._down(grace=0)
            raise
        self._container.follow(tell)

    def _compose(self, *arguments: str) -> bool:
        file = self._compiled.folder.emitted / "compose" / "compose.yaml"
        options = (f"--file={file}", f"--project-name={self._stack}")
        return self._engine.compose((*options, *arguments), project=self._compiled.project)

    def _down(self, *, grace: int) -> bool:
        return self._compose("down", "--volumes", f"--timeout={grace}")

    def health(self, *, timeout: float) -> Ran:
        """What its health check says, asked by us: the engine itself asks first after a whole interval."""
        return self._container.ask(self._compiled.container.health)

    def ended(self) -> str:
        """How it ended; empty while it runs."""
        return self._container.ended()

    def wait(self, seconds: float) -> None:
        """Returns after so many seconds, or soon after it ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.ended():
            time.sleep(min(_PAUSE, max(0.0, end - time.monotonic())))

    def read(self, name: str) -> str:
        """A file in its first writable folder."""
        path = posixpath.join(self._compiled.container.writable[0], name)
        ran = self._container.ask(("cat", path))
        if ran.code != 0:
            raise OSError(ran.said)
        return ran.said

    def stop(self) -> bool:
        """Stop and remove it; its image stays."""
        # A user who presses Ctrl-C again does not want to wait for requests in flight.
        for grace in (self._compiled.grace, 0):
            with suppress(KeyboardInterrupt, Terminated):
                return self._down(grace=grace)
        return False
