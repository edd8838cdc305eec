"""The Python that a server runs on, and the virtual environment with all that it needs."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH, REALTIME, STREAMING
from servespec.diagnostics.suggest import one_of
from servespec.edge import process
from servespec.records import dataclass
from servespec.running.cannot import CannotRun
from servespec.runtimes import batch, streaming
from servespec.runtimes.catalog import SERVERS
from servespec.targets.container import Input, PythonEnvironment

_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
_DONE = ".servespec-complete"


@dataclass(frozen=True)
class Interpreter:
    """A Python on this machine."""

    path: str
    version: str
    """`3.11`."""


@dataclass(frozen=True)
class Taken:
    """Which versions of Python something runs on."""

    title: str
    versions: tuple[str, ...]


def taken_by(deployment: Deployment, workload: str) -> Taken:
    """What the deployment's server, its scorer or its workers run on."""
    if workload == BATCH:
        return Taken("the scorer", batch.PYTHON.value)
    if workload == STREAMING:
        return Taken("the worker", streaming.PYTHON.value)
    server = SERVERS[deployment.runtime.server]
    return Taken(server.title, server.python.value)


def interpreter(deployment: Deployment, *, asked: str | None, workload: str = REALTIME) -> Interpreter:
    """The Python that was asked for, else the image's version, else another that the workload takes."""
    runs = taken_by(deployment, workload)
    taken, title = runs.versions, runs.title
    if asked is not None:
        found = look(asked)
        if found is None:
            raise CannotRun(f"{asked} is no Python that can be started")
        if found.version not in taken:
            raise CannotRun(f"{asked} is Python {found.version}, and {title} runs on {one_of(taken, 'or')}")
        return found
    for name in (f"python{deployment.image.python}", sys.executable, *(f"python{version}" for version in taken)):
        found = look(name)
        if found is not None and found.version in taken:
            return found
    raise CannotRun(f"{title} runs on Python {one_of(taken, 'or')}, and none is on the PATH; name one by --python")


def look(name: str) -> Interpreter | None:
    """The Python of that name or path, if it is one."""
    path = shutil.which(name)
    ran = process.ask([path, "-I", "-c", _VERSION], timeout=20) if path else None
    return Interpreter(str(path), ran.said) if ran and ran.code == 0 else None


def existing(deployment: Deployment, folder: Path, *, workload: str = REALTIME) -> Path:
    """A virtual environment that the user made, if the workload runs on its Python."""
    found = look(str(folder / "bin" / "python"))
    if found is None:
        raise CannotRun(f"{folder} is no virtual environment: there is no bin/python that starts")
    runs = taken_by(deployment, workload)
    if found.version not in runs.versions:
        known = one_of(runs.versions, "or")
        raise CannotRun(f"{folder} has Python {found.version}, and {runs.title} runs on {known}")
    return Path(os.path.abspath(folder))


@dataclass(frozen=True)
class Environment:
    """A virtual environment in the cache: its folder is named by all that decides what is in it."""

    folder: Path
    commands: tuple[tuple[str, ...], ...]
    """What makes it."""

    @property
    def is_there(self) -> bool:
        """Whether it was made, and to its end."""
        return (self.folder / _DONE).exists()

    @property
    def line(self) -> str:
        """The commands as one line for a shell."""
        return " && \\\n  ".join(
            shlex.join(command) for command in (*self.commands, ("touch", str(self.folder / _DONE)))
        )

    def make(self) -> None:
        """Make it, with pip's own words on standard error."""
        for command in self.commands:
            if process.show(command) != 0:
                raise CannotRun(f"this failed: {shlex.join(command)}")
        (self.folder / _DONE).touch()


@dataclass(frozen=True)
class Sources:
    """Where what is to be installed is described."""

    project: Path
    emitted: Path

    def file(self, item: Input) -> Path:
        """A file of the project, or one that a target made."""
        return self.project / item.path if item.emitted_by is None else self.emitted / item.emitted_by / item.path


def environment(
    deployment: Deployment, step: PythonEnvironment, sources: Sources, *, python: Interpreter
) -> Environment:
    """The environment for a server: made of the requirements that its image would install."""
    files = [sources.file(item) for item in step.requirements]
    places = list(_places(deployment, sources.project))
    seed = [python.path, python.version, places, list(step.pins), [file.read_text("utf-8") for file in files]]
    key = hashlib.sha256(json.dumps(seed).encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "servespec" / "envs" / f"{deployment.runtime.server}-{key}"
    pip = (str(folder / "bin" / "python"), "-m", "pip")
    install = (*pip, "install", "--disable-pip-version-check", "--no-input", *places)
    return Environment(
        folder,
        (
            (python.path, "-m", "venv", "--clear", str(folder)),
            *((*install, *wanted) for wanted in _wanted(step, files)),
            (*pip, "--disable-pip-version-check", "check"),
        ),
    )


def _wanted(step: PythonEnvironment, files: Sequence[Path]) -> Iterator[tuple[str, ...]]:
    """What each call of pip installs. With hashes pip wants one for everything, and our own pins have none."""
    hashed = [
        file for item, file in zip(step.requirements, files, strict=True)
        if item.emitted_by is None and "--hash=" in file.read_text("utf-8")
    ]  # fmt: skip
    for file in hashed:
        yield ("--require-hashes", f"--requirement={file}")
    rest = tuple(f"--requirement={file}" for file in files if file not in hashed)
    if rest or step.pins:
        yield (*rest, *step.pins)


def _places(deployment: Deployment, project: Path) -> Iterator[str]:
    if deployment.image.wheels:
        yield f"--find-links={project / deployment.image.wheels}"
    for index, item in enumerate(deployment.image.indexes):
        yield f"--index-url={item.url}" if index == 0 else f"--extra-index-url={item.url}"
