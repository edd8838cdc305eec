"""Programs on this machine: started, read line by line, asked, and ended with everything that they started."""

from __future__ import annotations

import errno
import os
import select
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from servespec.records import dataclass

STDERR = 2
"""Where programs that talk to a person write to: standard output is for what was asked for."""
_SECOND_CHANCE = 5.0


class Terminated(BaseException):
    """Somebody asked this process to end in order."""


@contextmanager
def terminable() -> Iterator[None]:
    """Within it SIGTERM, and the end of the terminal, raise `Terminated` as Ctrl-C raises KeyboardInterrupt."""

    def ask(number: int, frame: FrameType | None) -> None:
        raise Terminated

    if threading.current_thread() is not threading.main_thread():  # Python lets only that one set handlers
        yield
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True)
class Ran:
    """What a short program came to."""

    code: int
    said: str


def ask(argv: Sequence[str], *, timeout: float, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Ran:
    """The exit code of a short program and all that it said. One that can't be started, or takes too long, has 127."""
    try:
        done = subprocess.run(
            argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=timeout, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Ran(127, f"no answer within {timeout:g} s")
    except OSError as failure:
        return Ran(127, f"{argv[0]}: {failure.strerror}")
    return Ran(done.returncode, done.stdout.decode(errors="replace").strip())


def show(argv: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> int:
    """The exit code of a program whose words and progress the user sees. Raises OSError when there is none."""
    words = STDERR if _is_read(STDERR) else subprocess.DEVNULL
    return subprocess.run(
        argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=words, stderr=words, check=False
    ).returncode


def _is_read(stream: int) -> bool:
    """Whether anybody is at the other end of a stream: a program that writes there is ended by the system otherwise."""
    gone = select.POLLERR | select.POLLHUP
    poll = select.poll()
    poll.register(stream, 0)
    return not any(event & gone for _, event in poll.poll(0))


def is_taken(port: int) -> bool:
    """Whether somebody on this machine listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that are closing do not count
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as refusal:
            return refusal.errno == errno.EADDRINUSE
    return False


def free_port() -> int:
    """A port on which nobody on this machine listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Process:
    """A server's process, whose lines go to `tell` as they come."""

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, tell: Callable[[str], None]) -> None:
        # A session of its own: Ctrl-C is for us, and we pass it on in order.
        self._process = subprocess.Popen(
            argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        self._tell = tell
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with suppress(OSError):  # our own reader may be gone; a server whose pipe nobody empties would stand still
                self._tell(line.decode(errors="replace").rstrip("\r\n"))

    @property
    def code(self) -> int | None:
        """Its exit code, once it has ended."""
        return self._process.poll()

    def wait(self, seconds: float | None = None) -> int | None:
        """Its exit code once it has ended; None after `seconds`."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, *, grace: float) -> bool:
        """End it: in order within `grace` seconds, by a second signal, or by force. Whether force was not needed."""
        for seconds in (grace, _SECOND_CHANCE):
            if self.code is None:
                self._process.terminate()
                # A user who presses Ctrl-C again does not want to wait for requests in flight.
                with suppress(KeyboardInterrupt, Terminated):
                    self.wait(seconds)
        orderly = self.code is not None
        if not orderly:
            self._kill()
        self._reader.join(1)
        return orderly

    def _kill(self) -> None:
        # Not the group alone: servers start workers in sessions of their own. It goes first: it could start others, or
        # end by itself, as soon as it sees that its workers are gone.
        for pid in (self._process.pid, *descendants(self._process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()


def descendants(pid: int) -> tuple[int, ...]:
    """The processes that a process has started, and those that they have started."""
    children: dict[int, list[int]] = {}
    for row in ask(["ps", "-A", "-o", "pid=,ppid="], timeout=5).said.splitlines():
        with suppress(ValueError):
            child, parent = map(int, row.split())
            children.setdefault(parent, []).append(child)
    found: list[int] = []
    pending = [pid]
    while pending:
        below = children.get(pending.pop(), [])
        found += below
        pending += below
    return tuple(found)
