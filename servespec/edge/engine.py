"""A Docker engine: containers and logs by the SDK; BuildKit and compose, which it lacks, by their command lines."""

from __future__ import annotations

import os
import shlex
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from servespec.edge import process
from servespec.edge.process import Ran

COMPOSE = "SERVESPEC_COMPOSE"
"""A variable with the command of compose, where it is neither a plugin of docker nor called docker-compose."""
_DEBIANS = "/usr/bin/docker"
_BUNDLED = 23
"""The first version of the client whose BuildKit is a plugin of its own, buildx."""


class NoEngine(Exception):
    """There is no engine here, or not all that it takes to use it; the message is a sentence."""


class NotPushed(Exception):
    """A registry did not take an image; the message is a sentence."""


class Engine:
    """An engine that answers, and the programs to build images and to run stacks with."""

    def __init__(self) -> None:
        self.docker = _docker()
        self._client = _connected(self.docker)

    @cached_property
    def _compose(self) -> list[str]:
        return _compose(self.docker)

    def build(self, options: Sequence[str], *, project: Path) -> bool:
        """Build an image of the project folder, with BuildKit's own progress; whether it was made."""
        environment = {**os.environ, "DOCKER_BUILDKIT": "1"}
        return process.show([self.docker, "build", *options, "."], env=environment, cwd=project) == 0

    def has(self, reference: str, platform: str = "") -> bool:
        """Whether an image of that name is here, and for that platform, where one is named: `linux/arm64`."""
        from docker.errors import ImageNotFound

        try:
            known = self._client.images.get(reference).attrs
        except ImageNotFound:
            return False
        found = (known["Os"], known["Architecture"], known.get("Variant") or "")
        return all(want == have for want, have in zip(platform.split("/"), found, strict=False) if want and have)

    def push(self, repository: str, tag: str, *, tell: Callable[[str], None]) -> str:
        """Push an image to its registry: the digest that it has there. `tell` gets each step of each of its layers."""
        said: dict[str, str] = {}
        digest = ""
        for item in self._pushing(repository, tag):
            if "error" in item:
                raise NotPushed(f"{repository}:{tag} was not pushed: {item['error']}")
            layer, status = item.get("id", ""), item.get("status", "")
            digest = item.get("aux", {}).get("Digest", digest)
            if layer and said.get(layer) != status:
                said[layer] = status
                tell(f"{layer}: {status}")
        return digest

    def _pushing(self, repository: str, tag: str) -> Iterator[dict[str, Any]]:
        self._client.api.timeout = None  # a registry that works on a large layer says nothing for minutes
        try:
            yield from self._client.api.push(repository, tag=tag, stream=True, decode=True)
        except Exception as failure:  # of the SDK, or of what it lets through from the libraries beneath it
            raise NotPushed(f"{repository}:{tag} was not pushed: {_short(failure)}") from None

    def run(self, arguments: Sequence[str], *, env: Mapping[str, str], project: Path) -> int:
        """The exit code of a container that runs to its end, whose words the user sees."""
        environment = {**os.environ, **env}
        return process.show([self.docker, "run", "--rm", *arguments], env=environment, cwd=project)

    def compose(self, arguments: Sequence[str], *, project: Path) -> bool:
        """Run compose, whose words the user sees; whether it did what it was to do."""
        return process.show([*self._compose, *arguments], env=_with(self.docker), cwd=project) == 0

    def containers(self, stack: str, service: str) -> tuple[RunningContainer, ...]:
        """The containers of a service of a stack, one at least."""
        labels = [f"com.docker.compose.project={stack}", f"com.docker.compose.service={service}"]
        found = self._client.containers.list(all=True, filters={"label": labels})
        if not found:
            raise NoEngine(f"compose made no container of {service}")
        return tuple(map(RunningContainer, found))


class RunningContainer:
    """One container."""

    def __init__(self, container: Any) -> None:
        self._container = container

    def follow(self, tell: Callable[[str], None]) -> None:
        """From now on `tell` gets each line that it logs."""
        threading.Thread(target=self._read, args=(tell,), daemon=True).start()

    def _read(self, tell: Callable[[str], None]) -> None:
        left = b""
        for chunk in self._logged():
            *lines, left = (left + chunk).split(b"\n")
            for line in lines:
                with suppress(OSError):  # our own reader may be gone
                    tell(line.decode(errors="replace").rstrip("\r"))

    def _logged(self) -> Iterator[bytes]:
        # The engine ends the stream with the container; what breaks it otherwise is told by `ended`.
        with suppress(Exception):
            yield from self._container.logs(stream=True, follow=True)

    def ask(self, argv: Sequence[str]) -> Ran:
        """What a program in it came to."""
        from docker.errors import APIError

        try:
            done = self._container.exec_run(list(argv))
        except APIError as refusal:  # it is starting, or it has ended
            return Ran(127, str(refusal.explanation or refusal))
        return Ran(int(done.exit_code or 0), done.output.decode(errors="replace").strip())

    def ended(self) -> str:
        """How it ended, in words, even if the engine has started it again; empty while it runs."""
        from docker.errors import NotFound

        try:
            self._container.reload()
        except NotFound:
            return "because it was removed"
        state = self._container.attrs["State"]
        if state["Status"] in ("exited", "dead"):
            return f"with exit code {state['ExitCode']}"
        return "and was started again" if self._container.attrs["RestartCount"] else ""


def _docker() -> str:
    """The first client that has BuildKit: an old one of its own, a new one as a plugin."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    names = dict.fromkeys((*(os.path.join(folder, "docker") for folder in folders if folder), _DEBIANS))
    found = [name for name in names if shutil.which(name)]
    if not found:
        raise NoEngine("there is no docker on the PATH")
    for name in found:
        if _has_buildkit(name):
            return name
    raise NoEngine(f"{found[0]} has no BuildKit: its plugin buildx is not installed")


def _has_buildkit(docker: str) -> bool:
    if process.ask([docker, "buildx", "version"], timeout=20).code == 0:
        return True
    # The server's version would need an engine; the client prints its own first, with `,` after it.
    words = process.ask([docker, "--version"], timeout=20).said.split()
    major = words[2].partition(".")[0] if len(words) > 2 and words[0] == "Docker" else ""
    return major.isdigit() and int(major) < _BUNDLED


def _connected(docker: str) -> Any:
    try:
        import docker as sdk
        from docker.errors import DockerException
    except ImportError:
        raise NoEngine("Python's docker package is not here: pip install 'servespec[docker]'") from None
    try:
        client = sdk.from_env(environment=_where(docker))
        client.ping()
    except (DockerException, OSError) as failure:
        where = os.environ.get("DOCKER_HOST", "the usual place")
        raise NoEngine(f"no Docker engine answers at {where}: {_short(failure)}") from None
    return client


def _short(failure: Exception) -> str:
    """The innermost reason: what libraries wrap around it says nothing more."""
    while failure.__context__ is not None and isinstance(failure.__context__, Exception):
        failure = failure.__context__
    return (failure.strerror if isinstance(failure, OSError) else None) or str(failure)


def _where(docker: str) -> Mapping[str, str]:
    """The environment that leads to the engine which the client uses: contexts are known to the client alone."""
    if "DOCKER_HOST" in os.environ:
        return os.environ
    host = process.ask([docker, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], timeout=20)
    return {**os.environ, "DOCKER_HOST": host.said} if host.code == 0 and "://" in host.said else os.environ


def _compose(docker: str) -> list[str]:
    if given := os.environ.get(COMPOSE):
        return shlex.split(given)
    if process.ask([docker, "compose", "version"], timeout=20).code == 0:
        return [docker, "compose"]
    if path := shutil.which("docker-compose"):
        return [path]
    raise NoEngine(f"compose is not here: neither as a plugin of {docker}, nor as docker-compose, nor by ${COMPOSE}")


def _with(docker: str) -> dict[str, str]:
    """The environment with our client first, since compose may call it."""
    return {**os.environ, "PATH": os.pathsep.join((os.path.dirname(docker), os.environ.get("PATH", "")))}
