"""Programs on this machine: asked, watched and ended."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from servespec.edge import process
from servespec.edge.process import Process, Terminated, ask, is_taken, terminable

# Starts a worker in a session of its own, as servers do, and heeds no signal; neither does the worker.
_STUBBORN = """\
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
worker = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.alarm(60); print('up'); signal.pause()"
child = subprocess.Popen([sys.executable, "-u", "-c", worker], start_new_session=True)
print(child.pid, flush=True)
child.wait()
"""


class _Log:
    """What a process said, and a way to wait for it."""

    def __init__(self, lines: int) -> None:
        self.lines: list[str] = []
        self._wanted = lines
        self._there = threading.Event()

    def __call__(self, line: str) -> None:
        self.lines.append(line)
        if len(self.lines) == self._wanted:
            self._there.set()

    def wait(self) -> list[str]:
        assert self._there.wait(20)
        return self.lines


def _start(code: str, log: _Log) -> Process:
    return Process([sys.executable, "-c", code], env=dict(os.environ), cwd=Path("/"), tell=log)


def test_what_it_says() -> None:
    """Each line comes as it is said, whatever bytes are in it, and the exit code at the end."""
    log = _Log(2)
    running = _start("import os; os.write(1, b'one\\n\\xfftwo\\r\\n'); os.write(2, b'three'); raise SystemExit(3)", log)
    assert running.wait(20) == 3
    assert running.stop(grace=1)
    assert log.lines == ["one", "\ufffdtwo", "three"]


def test_nobody_hears_what_it_says() -> None:
    """A program that says more than a pipe holds goes on to its end, though each line of it is lost on us."""

    def tell(line: str) -> None:
        raise BrokenPipeError(line)

    running = Process([sys.executable, "-c", "print('a line\\n' * 20_000)"], env={}, cwd=Path("/"), tell=tell)
    assert running.wait(20) == 0


def test_a_program_is_shown_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose words would go to a pipe that was closed does what it is to do, as `compose down` must."""
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(process, "STDERR", writer)
    assert process.show(["sh", "-c", "echo word && echo word >&2 && exit 3"]) == 3
    os.close(writer)


def test_ended_in_order() -> None:
    """A program that heeds SIGTERM is ended by it."""
    log = _Log(1)
    running = _start("import signal; print('up', flush=True); signal.pause()", log)
    log.wait()
    assert running.stop(grace=20)
    assert running.code == -signal.SIGTERM


def test_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does not is killed when its time is over, and all that it started with it."""
    monkeypatch.setattr(process, "_SECOND_CHANCE", 0.05)
    log = _Log(2)
    running = _start(_STUBBORN, log)
    (worker,) = (int(line) for line in log.wait() if line != "up")
    assert not running.stop(grace=0.05)
    assert running.code == -signal.SIGKILL
    end = time.monotonic() + 10
    while _is_alive(worker):
        assert time.monotonic() < end, "the worker is still there"


def _is_alive(pid: int) -> bool:
    # Killed, and nobody asked yet how it ended: a zombie.
    return process.ask(["ps", "-o", "stat=", "-p", str(pid)], timeout=5).said[:1] not in ("", "Z")


def test_ask(tmp_path: Path) -> None:
    """Exit code and all words of a short program; one that is not there, or takes too long, is a failure with a reason."""
    said = ask([sys.executable, "-c", "import sys; print('a'); sys.exit('b')"], timeout=20)
    assert (said.code, set(said.said.split())) == (1, {"a", "b"})
    assert ask([str(tmp_path / "absent")], timeout=1).said.endswith("absent: No such file or directory")
    late = ask([sys.executable, "-c", "import signal; signal.pause()"], timeout=0.1)
    assert (late.code, late.said) == (127, "no answer within 0.1 s")


def test_ports() -> None:
    """A port is taken while somebody listens on it, on one address or on all."""
    for address in ("127.0.0.1", "0.0.0.0"):
        with socket.socket() as other:
            other.bind((address, 0))
            other.listen()
            port = other.getsockname()[1]
            assert is_taken(port)
        assert not is_taken(port)


def test_terminable() -> None:
    """SIGTERM raises within the block; after it things are as before."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Terminated), terminable():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before
