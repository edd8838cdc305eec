"""The program that fetches a model, as compose starts it, on the host; and storages on loopback."""

from __future__ import annotations

import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

_SPEC = """\
apiVersion: servespec/v1
name: fetched
pattern: realtime
model: {model}
connections: {connections}
targets: {{ compose: }}
"""
_SOMEBODY = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0123456789abcdef"


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

    def files(self) -> dict[str, bytes]:
        """What is there."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="session")
def fetch_python(environment: Callable[[str], Path]) -> Path:
    """An interpreter with all clients."""
    return environment("fetch")


@pytest.fixture
def fetcher(tmp_path: Path, build: Callable[[Path], Any], fetch_python: Path) -> Callable[..., Fetcher]:
    """Compiles a spec, and reads its compose file as Compose would: variables of secrets come from the shell."""

    def make(model: str, connections: str = "[]", **shell: str) -> Fetcher:
        project, folder = tmp_path / "project", tmp_path / "models"
        project.mkdir(exist_ok=True)
        folder.mkdir(exist_ok=True)
        (project / "requirements.txt").write_text("scikit-learn==1.9.1\n")
        (project / "serving.yaml").write_text(_SPEC.format(model=model, connections=connections))
        built = build(project)
        told = yaml.safe_load(built.emitted("compose/compose.yaml").read_text())["services"]["fetched-fetch"]
        words = [str(folder) if word == "/mnt/models" else word.replace("$$", "$") for word in told["command"]]
        given = {
            name: re.sub(r"\$\{(\w+):\?[^}]*\}", lambda m: shell[m[1]], text)
            for name, text in told.get("environment", {}).items()
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME")}
        env = {**kept, "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1", **given}
        return Fetcher((str(fetch_python), str(built.emitted("fetch/fetch.py")), *words), env, folder)

    return make


@dataclass(frozen=True)
class Storage:
    """A server that speaks S3, with the bucket `models`."""

    url: str

    def put(self, key: str, data: bytes, **headers: str) -> None:
        """An object."""
        put(f"{self.url}/models/{key}", data, **headers)


def put(url: str, data: bytes, **headers: str) -> None:
    """What moto takes for a request of somebody, whoever he is."""
    asked = {"Content-Type": "application/octet-stream", "Authorization": _SOMEBODY, **headers}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(urllib.request.Request(url, data=data, method="PUT", headers=asked), timeout=10).close()


@pytest.fixture(scope="module")
def storage(fetch_python: Path, free_ports: Callable[[int], list[int]]) -> Iterator[Storage]:
    """A storage on loopback."""
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    command = [str(fetch_python.with_name("moto_server")), "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(150):
                try:
                    put(f"{url}/models", b"")
                    break
                except OSError:
                    time.sleep(0.2)
            yield Storage(url)
        finally:
            server.terminate()
