"""The program that fetches a model, as compose starts it, on the host; and storages on loopback."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.e2e.fetch import clouds, storages
from tests.e2e.fetch.storages import Storage
from tests.projects import analyse, made, write

_SPEC = """\
apiVersion: servespec/v1
name: fetched
pattern: realtime
model: {model}
connections: {connections}
targets: {{ compose: }}
"""
_CERTIFICATE = Path(__file__).parents[1] / "programs" / "certificate.py"


@dataclass(frozen=True)
class Fetcher:
    """The program with what the compose file tells it."""

    command: tuple[str, ...]
    env: Mapping[str, str]
    folder: Path
    """Where the model comes."""

    def run(self, *, code: int = 0) -> str:
        """What it says, after it ended with that exit code."""
        ran = subprocess.run(self.command, env=dict(self.env), capture_output=True, text=True, timeout=120)
        assert ran.returncode == code, ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
        return ran.stdout + ran.stderr

    def told(self, *flags: str, **env: str) -> Fetcher:
        """It, with more on its command line or in its environment."""
        return replace(self, command=(*self.command, *flags), env={**self.env, **env})

    def files(self) -> dict[str, bytes]:
        """What is there."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="session")
def fetch_python(environment: Callable[[str], Path]) -> Path:
    """An interpreter with all clients."""
    return environment("fetch")


def compiled(project: Path, spec: str) -> dict[str, str]:
    """The text of all that a spec makes, by target and path."""
    analysis = analyse(write(project, spec, {"requirements.txt": "scikit-learn==1.9.1\n"}))
    assert analysis.ok, analysis.report
    return made(analysis)


@pytest.fixture
def fetcher(tmp_path: Path, fetch_python: Path) -> Callable[..., Fetcher]:
    """Compiles a spec, and reads its compose file as Compose would: variables of secrets come from the shell."""

    def make(model: str, connections: str = "[]", **shell: str) -> Fetcher:
        project, folder = tmp_path / "project", tmp_path / "models"
        project.mkdir(exist_ok=True)
        folder.mkdir(exist_ok=True)
        spec = _SPEC.format(model=model, connections=connections)
        emitted = compiled(project, spec)
        write(project / "deploy", spec, emitted)
        told = yaml.safe_load(emitted["compose/compose.yaml"])["services"]["fetched-fetch"]
        words = [str(folder) if word == "/mnt/models" else word.replace("$$", "$") for word in told["command"]]
        given = {
            name: re.sub(r"\$\{(\w+):\?[^}]*\}", lambda m: shell[m[1]], text)
            for name, text in told.get("environment", {}).items()
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME")}
        env = {**kept, "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1", **given}
        return Fetcher((str(fetch_python), str(project / "deploy" / "fetch" / "fetch.py"), *words), env, folder)

    return make


@pytest.fixture(scope="session")
def certificate(fetch_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all servers show here, by whichever name they are called; its key is beside it."""
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run([fetch_python, _CERTIFICATE, made, key, "everybody", *clouds.NAMES], check=True)
    return made


@pytest.fixture(scope="session")
def running(
    fetch_python: Path,
    certificate: Path,
    free_ports: Callable[[int], list[int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Storage]]:
    """The storage of a kind, started when it is first asked for."""
    with ExitStack() as stack:

        @cache
        def find(kind: str) -> Storage:
            folder = tmp_path_factory.mktemp(kind)
            return stack.enter_context(storages.KINDS[kind](fetch_python, folder, certificate, *free_ports(1)))

        yield find


@pytest.fixture(params=storages.KINDS)
def storage(request: pytest.FixtureRequest, running: Callable[[str], Storage]) -> Storage:
    """A storage of each kind on loopback."""
    return running(request.param)
