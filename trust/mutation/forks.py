"""Forks of a process that has loaded everything: in each something is changed, and tests are asked."""

from __future__ import annotations

import os
import resource
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import pytest

PASSED, FAILED, UNCHANGED = 0, 1, 3
_SECONDS = 4
"""Of processor time, beyond what a test is expected to take."""
_MEMORY = 4 << 30
_WALL = 6
"""How much longer than its processor time a test may take: other work goes on, and a deadlock takes none."""


@dataclass(frozen=True)
class Ending:
    """How a fork ended."""

    code: int
    """Of the process; negative for a signal."""
    during: str
    """The test that it was at, unless all passed."""


class Forks:
    """A plugin for pytest that ends a fork with the first test that fails in it."""

    def __init__(self) -> None:
        self._told = -1
        self._seconds: Mapping[str, float] = {}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A fork says which test it begins, and gives it so long: some mutants never end."""
        if self._told >= 0:
            os.write(self._told, f"\n{nodeid}".encode())
            _limit(2 * self._seconds[nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One failure is enough."""
        if report.failed and self._told >= 0:
            os._exit(FAILED)

    def run(self, tests: Sequence[pytest.Item], change: Callable[[], bool], *, seconds: Mapping[str, float]) -> Ending:
        """How the tests went in a fork in which something was changed; each is expected to take its seconds."""
        scratch = tempfile.mkdtemp(prefix="mutant-")
        os.chmod(scratch, 0o711)  # some tests go on as another user
        with tempfile.TemporaryFile() as told:
            child = os.fork()
            if not child:
                self._told, self._seconds = told.fileno(), seconds
                self._in_fork(tests, change, scratch=scratch)
            code = _waited(child)
            told.seek(0)
            begun = told.read().decode().rpartition("\n")[2]
        shutil.rmtree(scratch, ignore_errors=True)
        return Ending(code, begun if code else "")

    def _in_fork(self, tests: Sequence[pytest.Item], change: Callable[[], bool], *, scratch: str) -> NoReturn:
        code = FAILED
        try:
            _shut_in(scratch)
            if not change():
                os._exit(UNCHANGED)
            for item, following in zip(tests, [*tests[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            code = PASSED
        finally:
            os._exit(code)


def _shut_in(scratch: str) -> None:
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    os.environ["TMPDIR"] = tempfile.tempdir = scratch
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    _limit(0)


def _limit(seconds: float) -> None:
    """The system ends this process unless it sets another limit in time."""
    seconds += _SECONDS
    processor = int(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (processor, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, seconds * _WALL)


def _waited(child: int) -> int:
    """The exit code of a process; it is gone, with all that it started."""
    handle = os.pidfd_open(child)
    select.select([handle], [], [])
    os.close(handle)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)  # it did not come to make a group of its own
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
