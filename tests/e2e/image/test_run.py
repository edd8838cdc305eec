"""`servespec run --docker`: the image by BuildKit, the stack by compose, containers and logs by the SDK."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

_SERVESPEC = f"{shlex.quote(sys.executable)} -m servespec"


@pytest.fixture(scope="module")
def somebody(tmp_path_factory: pytest.TempPathFactory, service: Callable[..., Any]) -> Any:
    """The example on ports of its own, under a name of its own."""
    made = service(
        tmp_path_factory.mktemp("project"), {"serving.yaml": [("name: fraud-detector\n", "name: run-docker\n")]}
    )
    made.shell.environment.pop("COMPOSE_PROJECT_NAME")
    yield made
    images = made.shell.output("docker images --quiet run-docker")
    made.shell.run(f"docker image rm --force {images}", check=False)


def _stack(somebody: Any) -> str:
    return str(
        somebody.shell.output("docker ps --all --quiet --filter label=com.docker.compose.project=run-docker-run")
    )


def test_smoke(somebody: Any) -> None:
    """Built, up, asked, and down again: 0, and no container is left."""
    done = somebody.shell.run(f"{_SERVESPEC} run --docker --smoke")
    assert done.stdout.endswith("3 of 3 examples are answered as the spec says\n")
    assert re.search(r"^run-docker \| .* Model run-docker loaded\.$", done.stderr, re.MULTILINE)
    assert "run-docker | drain: " in done.stderr
    assert _stack(somebody) == ""


def test_ctrl_c(somebody: Any, tmp_path: Path) -> None:
    """130: what runs is told, `servespec smoke` beside it knows the key, and Ctrl-C takes the stack down."""
    command = [sys.executable, "-m", "servespec", "run", "--docker"]
    shell = somebody.shell
    with (tmp_path / "log").open("w") as log:
        run = subprocess.Popen(command, cwd=shell.folder, env=shell.environment, stdout=-1, stderr=log, text=True)
    with run:
        assert run.stdout is not None
        assert run.stdout.readline().startswith(f"ready: http://127.0.0.1:{somebody.client.rest}, grpc "), (
            tmp_path / "log"
        ).read_text()[-4000:]
        assert _stack(somebody)
        shell.run(f"{_SERVESPEC} smoke")
        start = time.monotonic()
        run.send_signal(signal.SIGINT)
        assert run.wait(60) == 130
    assert time.monotonic() - start < 35
    assert _stack(somebody) == ""


@pytest.mark.parametrize(
    "kill",
    ["docker kill {}", "docker exec {} sh -c 'kill -9 $(cat /proc/1/task/1/children)'"],
    ids=["ends", "restarts"],
)
def test_it_dies(somebody: Any, tmp_path: Path, kill: str) -> None:
    """5: a container that ends, or that the engine had to start again, is told, and the stack is taken down."""
    command = [sys.executable, "-m", "servespec", "run", "--docker"]
    shell = somebody.shell
    with (tmp_path / "log").open("w") as log:
        run = subprocess.Popen(command, cwd=shell.folder, env=shell.environment, stdout=-1, stderr=log, text=True)
    with run:
        assert run.stdout is not None
        assert run.stdout.readline().startswith("ready: ")
        shell.run(kill.format(_stack(somebody)), check=False)
        assert run.wait(60) == 5
    assert "servespec: run-docker ended " in (tmp_path / "log").read_text()
    assert _stack(somebody) == ""
