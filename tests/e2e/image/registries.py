"""Debian's registry of images on loopback, which takes pushes and gives real digests."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

PROGRAM = Path("/usr/bin/docker-registry")
# https://distribution.github.io/distribution/about/configuration/ (read 2026-11)
_CONFIGURATION = (
    "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {folder}}}}}\nhttp: {{addr: '127.0.0.1:{port}'}}\n"
)


@dataclass(frozen=True)
class Registry:
    """A registry that is answering, and the client that talks to the engine."""

    host: str
    log: Path
    """What was asked of it."""

    def docker(self, *words: str) -> str:
        """What a call of the client prints."""
        done = subprocess.run(["/usr/bin/docker", *words], capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, f"{words}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout.strip()

    def layers(self, image: str) -> list[str]:
        """The layers of an image of the engine."""
        layers: list[str] = json.loads(self.docker("image", "inspect", image))[0]["RootFS"]["Layers"]
        return layers

    def put(self, name: str, source: str) -> str:
        """Push an image of the engine under a name of this registry; its digest there. Here it keeps no such name."""
        reference = f"{self.host}/{name}"
        self.docker("tag", source, reference)
        self.docker("push", "--quiet", reference)
        digest = self.docker("image", "inspect", "--format", "{{index .RepoDigests 0}}", reference)
        self.docker("image", "rm", "--no-prune", reference)
        return digest.rpartition("@")[2]


@contextmanager
def running(folder: Path, port: int) -> Iterator[Registry]:
    """A registry that keeps its images in a folder."""
    configuration, written = folder / "config.yml", folder / "log"
    configuration.write_text(_CONFIGURATION.format(folder=folder / "data", port=port))
    with written.open("wb") as log:
        process = subprocess.Popen([PROGRAM, "serve", configuration], stdout=log, stderr=log)
    try:
        _wait(port, process)
        yield Registry(f"127.0.0.1:{port}", written)
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert process.poll() is None, "the registry ended"
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/v2/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the registry does not answer")
