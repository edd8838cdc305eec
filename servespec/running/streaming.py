"""A worker of a stream as a process of this machine, and its examples sent through the broker that it works for."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from servespec.deployment.types import Deployment, Example
from servespec.deployment.workloads import STREAMING
from servespec.edge import process
from servespec.edge.http import NoAnswer
from servespec.edge.http import ask as ask_http
from servespec.edge.putting import clear
from servespec.records import dataclass
from servespec.running.cannot import CannotRun
from servespec.running.compare import compared, difference, excerpt
from servespec.running.compiled import Compiled
from servespec.running.place import variables
from servespec.running.server import Tell
from servespec.running.smoke import Problem, Verdict, Why, milliseconds
from servespec.runtimes import brokers
from servespec.runtimes import streaming as facts
from servespec.spans import Value

_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Started:
    """Everything to start a worker with."""

    compiled: Compiled
    python: Path
    """The virtual environment."""
    broker: str
    more: tuple[str, ...] = ()
    """Arguments that say where the model is."""

    @property
    def interpreter(self) -> str:
        """Its Python."""
        return str(self.python / "bin" / "python")

    def script(self, name: str) -> str:
        """One of the emitted programs."""
        return str(self.compiled.folder.emitted / STREAMING / name)

    @property
    def env(self) -> Mapping[str, str]:
        """The user's own variables, which lead to registries, and those of the spec."""
        return {**os.environ, **variables(self.compiled.deployment.runtime.env, os.environ)}


def usual_broker(deployment: Deployment) -> str:
    """Where a broker of that kind is on this machine."""
    assert deployment.streaming is not None
    return f"{_HOST}:{brokers.HOST_PORTS.value[deployment.streaming.source.kind]}"


def make_topics(started: Started) -> None:
    """Makes the topics that are not there yet."""
    argv = [started.interpreter, started.script("topics.py"), f"--broker={started.broker}", "--wait=10"]
    if process.show(argv, env=started.env, cwd=started.compiled.project) != 0:
        raise CannotRun(f"the topics of {started.compiled.deployment.name} are not there, at {started.broker}")


class WorkerServer:
    """A worker that runs as a process."""

    def __init__(self, started: Started, *, tell: Tell) -> None:
        self._grace = started.compiled.grace
        self._scratch = Path(tempfile.mkdtemp(prefix="servespec-"))
        port = process.free_port()
        self._ready = f"http://{_HOST}:{port}{facts.READY.value}"
        given = (f"--broker={started.broker}", f"--host={_HOST}", f"--port={port}", *started.more)
        env = {**started.env, "TMPDIR": str(self._scratch), "PYTHONUNBUFFERED": "1"}
        argv = (started.interpreter, started.script("stream.py"), *given)
        self._process = process.Process(argv, env=env, cwd=started.compiled.project, tell=tell)

    def health(self, *, timeout: float) -> process.Ran:
        """What it says of itself where a cluster would ask it."""
        try:
            answer = ask_http(self._ready, timeout=timeout)
        except NoAnswer as reason:
            return process.Ran(1, str(reason))
        return process.Ran(0 if answer.status == 200 else 1, answer.body.decode(errors="replace").strip())

    def ended(self) -> str:
        """How it ended; empty while it runs."""
        code = self._process.code
        return "" if code is None else f"with exit code {code}"

    def wait(self, seconds: float) -> None:
        """Returns after so many seconds, or earlier when it ends."""
        self._process.wait(seconds)

    def read(self, name: str) -> str:
        """A file in its scratch folder."""
        return (self._scratch / name).read_text(encoding="utf-8")

    def stop(self) -> bool:
        """End it, and remove what it wrote."""
        orderly = self._process.stop(grace=self._grace)
        clear(self._scratch)
        return orderly


def smoke(started: Started, *, wait_seconds: float) -> Iterator[Verdict]:
    """A verdict on each example, once something came of its event or the time is over."""
    examples = started.compiled.deployment.examples
    told = _probed(started, examples, wait_seconds)
    for index, example in enumerate(examples):
        yield _verdict(example, told.get(index, {"outcome": "silent"}), wait_seconds)


def _probed(started: Started, examples: Sequence[Example], wait_seconds: float) -> dict[int, dict[str, Value]]:
    """What the emitted program says came of each event, by its number."""
    argv = [started.interpreter, started.script("probe.py"), f"--broker={started.broker}", f"--wait={wait_seconds}"]
    events = "".join(f"{json.dumps(example.request)}\n" for example in examples)
    done = subprocess.run(
        argv,
        env=dict(started.env),
        input=events,
        capture_output=True,
        text=True,
        check=False,
        timeout=60 + wait_seconds,
    )
    if done.returncode not in (0, 5):
        raise CannotRun(excerpt(done.stderr.strip(), 300) or f"probe.py ended with {done.returncode}")
    return {line["index"]: line for line in map(json.loads, done.stdout.splitlines())}


def _verdict(example: Example, told: Mapping[str, Value], wait_seconds: float) -> Verdict:
    if told["outcome"] == "silent":
        return Verdict(example, problem=Problem(Why.TIMEOUT, f"no prediction within {wait_seconds:g} s"))
    seconds = told["seconds"]
    assert isinstance(seconds, int | float)
    answer = {"error": told["reason"]} if told["outcome"] == "dead" else told["value"]
    if told["outcome"] == "dead" and not _refused_on_purpose(example):
        return Verdict(example, seconds, Problem(Why.WRONG, f"among the dead letters: {told['reason']}"))
    if example.expect is not None and (wrong := difference(answer, example.expect, tolerance=example.tolerance)):
        return Verdict(example, seconds, Problem(Why.WRONG, wrong))
    if example.latency and seconds * 1000 > example.latency.milliseconds:
        return Verdict(example, seconds, Problem(Why.SLOW, f"it took {milliseconds(seconds)}"))
    return Verdict(example, seconds, answer=compared(answer, example.expect))


def _refused_on_purpose(example: Example) -> bool:
    return isinstance(example.expect, dict) and "error" in example.expect
