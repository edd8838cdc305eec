"""A server as a container: its image built by BuildKit, started by compose from the emitted compose file."""

from __future__ import annotations

import posixpath
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from servespec.deployment.workloads import BATCH, REALTIME, dockerfile_name, of_workload, service_name
from servespec.edge.engine import Engine, RunningContainer
from servespec.edge.process import Ran, Terminated
from servespec.running.cannot import CannotRun
from servespec.running.compiled import Compiled
from servespec.running.server import Tell
from servespec.targets.compose import proxy
from servespec.targets.container import BuiltImage
from servespec.targets.docker.building import build_options

_PAUSE = 0.5


def build(compiled: Compiled, engine: Engine) -> None:
    """Build the images of what is run, under the names that the emitted files have for them."""
    folder, deployment = compiled.folder.emitted, compiled.deployment
    for workload in compiled.workloads:
        file = folder / "docker" / dockerfile_name(workload, compiled.images)
        reference = compiled.images[workload].reference
        options = build_options(of_workload(deployment, workload), file=str(file), reference=reference)
        _build(engine, file, options, context=compiled.project)
    if deployment.variants and BATCH not in compiled.workloads:
        name = proxy.reference(deployment, proxy.files_of(deployment))
        file = folder / "compose" / proxy.DOCKERFILE
        _build(engine, file, [f"--file={file}", f"--tag={name}"], context=folder / "compose")


def _build(engine: Engine, file: Path, options: Sequence[str], *, context: Path) -> None:
    if not engine.build(options, project=context):
        raise CannotRun(f"the image of {file} could not be built")


class StackServer:
    """A server, or all variants of one with what stands before them, as a compose stack of its own."""

    def __init__(self, compiled: Compiled, engine: Engine, *, tell: Tell) -> None:
        self._compiled, self._engine = compiled, engine
        deployment = compiled.deployment
        self._stack = f"{deployment.name}-run"  # beside a stack that the user has started from the output folder
        try:
            if not self._compose("up", "--detach", "--no-build", "--force-recreate"):
                raise CannotRun(f"compose could not start {deployment.name}")
            self._servers = {name: self._containers(service_name(deployment, name)) for name in compiled.workloads}
            self._proxy = self._containers(deployment.name) if deployment.variants else ()
        except BaseException:
            self._down(grace=0)
            raise
        for name, found in {**self._servers, "proxy": self._proxy}.items():
            for item in found:
                item.follow(tell if name == REALTIME else _named(tell, name))

    def _containers(self, service: str) -> tuple[RunningContainer, ...]:
        return self._engine.containers(self._stack, service)

    @property
    def _needed(self) -> Iterator[tuple[RunningContainer, BuiltImage]]:
        """The containers of servers that answer clients, which a shadow does not."""
        shadows = {variant.name for variant in self._compiled.deployment.variants if variant.shadow}
        for name in self._compiled.workloads:
            image = self._compiled.images[name]
            yield from ((item, image) for item in self._servers[name] if name not in shadows)

    def _compose(self, *arguments: str) -> bool:
        file = self._compiled.folder.emitted / "compose" / "compose.yaml"
        options = (f"--file={file}", f"--project-name={self._stack}")
        return self._engine.compose((*options, *arguments), project=self._compiled.project)

    def _down(self, *, grace: int) -> bool:
        return self._compose("down", "--volumes", f"--timeout={grace}")

    def health(self, *, timeout: float) -> Ran:
        """What its health check says, asked by us: the engine itself asks first after a whole interval.

        Of several the first that does not answer has the word.
        """
        said = (item.ask(image.container.health) for item, image in self._needed)
        return next((ran for ran in said if ran.code != 0), Ran(0, ""))

    def ended(self) -> str:
        """How it ended; empty while it runs."""
        needed = (*(item for item, _ in self._needed), *self._proxy)
        return next((how for item in needed if (how := item.ended())), "")

    def wait(self, seconds: float) -> None:
        """Returns after so many seconds, or soon after it ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.ended():
            time.sleep(min(_PAUSE, max(0.0, end - time.monotonic())))

    def read(self, name: str) -> str:
        """A file in its first writable folder."""
        path = posixpath.join(self._compiled.container.writable[0], name)
        server, _ = next(iter(self._needed))
        ran = server.ask(("cat", path))
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


def _named(tell: Tell, name: str) -> Tell:
    return lambda line: tell(f"{name}: {line}")
