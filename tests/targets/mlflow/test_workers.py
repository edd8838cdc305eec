"""The worker processes of the emitted server script, without MLflow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from servespec.artifacts import Bundle

_SPEC = "model: { format: mlflow, uri: ./mlf }\nruntime: { workers: 3 }\n"
_STARTED = """\
import os, signal, socket, sys, time

script = {"__name__": "serve", "__file__": "serve.py"}
exec(open(sys.argv[1]).read(), script)
script["serve"] = lambda model, listener: time.sleep(60)
script["arguments"] = lambda: type("Given", (), {"host": "127.0.0.1", "model": "m"})
script["bound"] = lambda host, port: socket.socket()
fork = os.fork


def forked():
    worker = fork()
    if worker:
        print(worker, flush=True)
        if sys.argv[2] == "early":
            os.kill(os.getpid(), signal.SIGTERM)
    return worker


os.fork = forked
sys.exit(script["main"]())
"""


@pytest.fixture
def started(
    tmp_path: Path, bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]
) -> Callable[[str], Any]:
    """Starts the script, whose workers do nothing for a minute; tells its process, and reads theirs."""
    script = tmp_path / "serve.py"
    script.write_text(text(bundles(_SPEC, files={"mlf/MLmodel": "flavors: {}\n"})["mlflow"], "serve.py"))

    def start(when: str) -> Any:
        command = [sys.executable, "-c", _STARTED, str(script), when]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        return SimpleNamespace(process=process, out=process.stdout)

    return start


@pytest.mark.parametrize("when", ["early", "late"])
def test_a_signal_reaches_every_worker(started: Callable[[str], Any], when: str) -> None:
    """One that comes before all workers are there stops them no less than a later one: nothing is left behind."""
    server = started(when)
    workers = [int(server.out.readline() or 0) for _ in range(3)]
    try:
        if when == "late":
            server.process.terminate()
        assert server.process.wait(20) == 0
        assert 0 not in workers
        for worker in workers:
            with pytest.raises(ProcessLookupError):
                os.kill(worker, 0)
    finally:
        for worker in filter(None, workers):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        server.process.kill()
