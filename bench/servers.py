"""Servers that are started, asked until they answer, and stopped with all that they started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_PATIENCE = 120.0
_PAUSE = 0.02


@dataclass(frozen=True)
class Served:
    """One way to serve the model."""

    name: str
    argv: Sequence[str]
    folder: Path
    url: str
    body: str
    """The request: one row."""
    environment: Mapping[str, str] = field(default_factory=dict)
    starter: bool = False
    """Whether the first process only starts the server, as `servespec run` does, and is not counted."""


@dataclass(frozen=True)
class Running:
    """A server that has answered."""

    pid: int
    seconds: float
    """From its start to its first answer."""
    answer: bytes

    def memory(self, *, without_first: bool) -> float:
        """MiB of it and of all that it started; what processes share is counted once."""
        pids = list(_below(self.pid))[1 if without_first else 0 :]
        return sum(_share(pid) for pid in pids) / 1024


@contextmanager
def running(served: Served) -> Iterator[Running]:
    """The server, from its first answer on; it is stopped in the end."""
    log = served.folder / "bench.log"
    began = time.perf_counter()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            served.argv,
            cwd=served.folder,
            env={**os.environ, **served.environment},
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    try:
        answer = _first_answer(served, process, log)
        yield Running(process.pid, time.perf_counter() - began, answer)
    finally:
        with suppress(ProcessLookupError):  # it may have ended by itself
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _first_answer(served: Served, process: subprocess.Popen[bytes], log: Path) -> bytes:
    end = time.perf_counter() + _PATIENCE
    while process.poll() is None and time.perf_counter() < end:
        try:
            return ask(served)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(_PAUSE)
    raise SystemExit(f"bench: {served.name} does not answer\n{log.read_text(errors='replace')[-4000:]}")


def ask(served: Served) -> bytes:
    """The answer to the request; raises what urllib does for anything but a 200."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(served.url, served.body.encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: bytes = response.read()
        return answer


def _below(root: int) -> Iterator[int]:
    """A process and all that descend from it, itself first."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    found = [root]
    for pid in found:
        yield pid
        found += [child for child, parent in parents.items() if parent == pid]


def _parent(entry: Path) -> int:
    try:
        # The name in brackets may hold anything: what follows its end is numbers.
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except FileNotFoundError:  # it has ended meanwhile
        return 0


def _share(pid: int) -> int:
    """KiB of a process, its part of what it shares with others."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
