"""A server as a process of this machine, in the folders that its image would have."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from servespec.edge import process
from servespec.edge.putting import clear
from servespec.records import dataclass
from servespec.running.cannot import CannotRun
from servespec.running.compiled import Compiled
from servespec.running.furnish import furnish, python_step
from servespec.running.place import Place, environment
from servespec.running.server import Tell
from servespec.runtimes.catalog import SERVERS
from servespec.targets.container import Packages


@dataclass(frozen=True)
class Host:
    """Everything to start a server with."""

    compiled: Compiled
    python: Path
    """The virtual environment."""


def require_programs(compiled: Compiled) -> None:
    """Stops where a program that the server needs is not on the search path."""
    server = SERVERS[compiled.deployment.runtime.server]
    if not server.python.value:
        raise CannotRun(f"{server.title} is no Python package, but comes in its own image; use --docker")
    missing = [name for name in (server.programs.value if server.programs else ()) if not shutil.which(name)]
    if missing:
        names = [
            name for step in compiled.container.stages[-1].steps if isinstance(step, Packages) for name in step.names
        ]
        on_debian = f"; on Debian: apt install {' '.join(names)}" if names else ""
        raise CannotRun(f"{server.title} needs {' and '.join(missing)} on the PATH{on_debian}")


class HostServer:
    """A server that runs as a process."""

    def __init__(self, host: Host, *, tell: Tell) -> None:
        container, root = host.compiled.container, host.compiled.folder.root
        self._grace = host.compiled.grace
        # A short path: servers put sockets there, whose names have 107 bytes at most (unix(7)).
        self._scratch = Path(tempfile.mkdtemp(prefix="servespec-"))
        try:
            furnish(host.compiled)
            writable = {folder: self._folder(index) for index, folder in enumerate(container.writable)}
            places = {container.home: _at(root, container.home), python_step(container).folder: host.python, **writable}
            place = Place({name: str(path) for name, path in places.items()})
            self._health = place.argv(container.health)
            self._env = environment(host.compiled, place, user=os.environ)
            argv, cwd = place.argv(container.entrypoint), places[container.home]
            self._process = process.Process(argv, env=self._env, cwd=cwd, tell=tell)
        except BaseException:
            clear(self._scratch)
            raise

    def _folder(self, index: int) -> Path:
        folder = self._scratch / str(index)
        folder.mkdir(mode=0o700)
        return folder

    def health(self, *, timeout: float) -> process.Ran:
        """What the container's own health check says here."""
        return process.ask(self._health, timeout=timeout, env=self._env, cwd=self._scratch)

    def ended(self) -> str:
        """How it ended; empty while it runs."""
        code = self._process.code
        if code is None:
            return ""
        return f"with exit code {code}" if code >= 0 else f"by signal {-code}"

    def wait(self, seconds: float) -> None:
        """Returns after so many seconds, or earlier when it ends."""
        self._process.wait(seconds)

    def read(self, name: str) -> str:
        """A file that it wrote into its first writable folder."""
        return (self._scratch / "0" / name).read_text(encoding="utf-8")

    def stop(self) -> bool:
        """End it, and remove what it wrote."""
        orderly = self._process.stop(grace=self._grace)
        clear(self._scratch)
        return orderly


def _at(root: Path, path: str) -> Path:
    return root / path.lstrip("/")
