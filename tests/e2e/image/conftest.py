"""A real engine, and the example as a person would build it there: by the commands of the summary, as they are."""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.image import registries

_ROOT = Path(__file__).parents[3]
_ENGINE = _ROOT / "tests" / "e2e" / "engine"
# Debian's client has no `compose`; the script that stands in for it is told where to install it.
_SHIM = f"""\
#!/bin/sh
if [ "$1" = compose ]; then
    shift
    SERVESPEC_COMPOSE_VENV={_ROOT}/.e2e/compose exec {_ENGINE}/compose.sh "$@"
fi
exec /usr/bin/docker "$@"
"""


@dataclass(frozen=True)
class Shell:
    """Runs command lines as a person types them, in one folder."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, line: str, *, check: bool = True) -> subprocess.CompletedProcess[str]:
        """The outcome of a line; an exit code other than 0 fails the test, with all that was said."""
        done = subprocess.run(
            ["sh", "-c", line], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=900
        )
        assert not check or done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        return done

    def output(self, line: str) -> str:
        """What a line prints, without the end of the line."""
        return self.run(line).stdout.strip()


@dataclass(frozen=True)
class Service:
    """A project with commands to build and run it, and the model behind its published ports."""

    project: Any
    shell: Shell
    client: Any

    @property
    def compose_file(self) -> Path:
        """The emitted compose file."""
        path: Path = self.project.emitted("compose/compose.yaml")
        return path

    @property
    def described(self) -> dict[str, Any]:
        """The service as the compose file has it."""
        services: dict[str, dict[str, Any]] = yaml.safe_load(self.compose_file.read_text())["services"]
        (service,) = services.values()
        return service

    def command(self, words: str) -> str:
        """The command of the summary that holds these words."""
        (line,) = [line for line in self.project.next if words in line]
        return str(line)

    def compose(self, words: str) -> str:
        """A command line for this stack."""
        return f"docker compose --file={self.compose_file} {words}"

    @property
    def container(self) -> str:
        """The id of the one container, running or not."""
        return self.shell.output(self.compose("ps --all --quiet"))

    def inspect(self, form: str) -> str:
        """A part of what the engine knows of the container."""
        return self.shell.output(f"docker inspect --format '{form}' {self.container}")


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `docker` as it is on a machine with the compose plugin; skips where no engine answers."""
    for asked in ("info", "image inspect python:3.11-slim-bookworm"):
        done = subprocess.run(["sh", "-c", f"/usr/bin/docker {asked}"], capture_output=True)
        if done.returncode != 0:
            pytest.skip(f"`docker {asked}` fails: run `make e2e-ready`")
    folder = tmp_path_factory.mktemp("docker")
    (folder / "docker").write_text(_SHIM)
    (folder / "docker").chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def gateway(engine: Path) -> str:
    """The address at which containers reach this machine. An engine that has just made its bridge tells no gateway of it,
    only the network, of which it takes the first address."""
    form = "{{with index .IPAM.Config 0}}{{or .Gateway .Subnet}}{{end}}"
    command = ["/usr/bin/docker", "network", "inspect", "bridge", f"--format={form}"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return str(next(ip_network(told).hosts()) if "/" in told else told)


@pytest.fixture(scope="session")
def registry(
    engine: Path, free_ports: Callable[[int], list[int]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[registries.Registry]:
    """Debian's registry on a port of its own, empty."""
    if not registries.PROGRAM.exists():
        pytest.skip(f"no {registries.PROGRAM} here: run `make e2e-ready`")
    with registries.running(tmp_path_factory.mktemp("registry"), *free_ports(1)) as found:
        yield found


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory, torch_python: Path) -> Path:
    """A folder with torch's wheel, from where pip finds it on this machine."""
    folder = tmp_path_factory.mktemp("wheels")
    command: list[str | Path] = [
        torch_python,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        f"--dest={folder}",
        "torch==2.13.0",
    ]
    subprocess.run([*command, "--python-version=3.11", "--only-binary=:all:"], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def service(
    engine: Path,
    wheels: Path,
    project: Callable[..., Any],
    client: Callable[..., Any],
    free_ports: Callable[[int], list[int]],
) -> Callable[..., Service]:
    """The example in a folder, built by servespec, on ports of its own, with torch's wheel where it belongs."""

    def make(folder: Path, changes: Mapping[str, Sequence[tuple[str, str]]] | None = None) -> Service:
        rest, grpc = free_ports(2)
        ports = ("  server: torchserve\n", f"  server: torchserve\n  protocols: {{ rest: {rest}, grpc: {grpc} }}\n")
        edits = dict(changes or {})
        edits["serving.yaml"] = [ports, *edits.get("serving.yaml", ())]
        made = project(folder, edits)
        for wheel in wheels.iterdir():
            os.link(wheel, folder / "wheels" / wheel.name)
        for path in folder.rglob("*"):
            path.chmod(0o700 if path.is_dir() or os.access(path, os.X_OK) else 0o600)  # a clone under umask 077
        environment = {
            "PATH": f"{engine}:{os.environ['PATH']}",
            "HOME": os.environ["HOME"],
            "COMPOSE_PROJECT_NAME": f"e2e-{uuid.uuid4().hex[:12]}",
        }
        return Service(made, Shell(folder, environment), client(rest=rest, grpc=grpc))

    return make


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, service: Callable[..., Service]) -> Iterator[Service]:
    """The example, its image built from the emitted Dockerfile by the command of the summary."""
    made = service(tmp_path_factory.mktemp("project"))
    made.shell.run(made.command("docker build"))
    image = made.described["image"]
    first = made.shell.output(f"docker image inspect --format '{{{{.Id}}}}' {image}")
    yield made
    made.shell.run(f"docker image rm --force {image}")
    # Compose, building it again, has given the tag to another one.
    made.shell.run(f"docker image rm --force {first}", check=False)
