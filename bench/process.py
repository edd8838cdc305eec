"""Fresh processes, measured one by one: wall time, processor time, and the most memory each had."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Sample:
    """One process: seconds by the clock, seconds of processor time, and its peak memory in MiB."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Command:
    """What is run, where, and what has to be put right before each run."""

    argv: Sequence[str]
    cwd: str = "."
    environment: Mapping[str, str] | None = None
    before: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Ratio:
    """How many times as long as its reference a command takes, by the clock and by processor time."""

    wall: float
    cpu: float
    subject: Sample
    reference: Sample


def sample(command: Command) -> Sample:
    """One run of a command that must succeed. Its output is thrown away."""
    command.before()
    began = time.perf_counter()
    process = os.fork()
    if process == 0:
        _become(command)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - began
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"bench: exit code {code} of {' '.join(command.argv)} in {command.cwd}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compare(subject: Command, reference: Command, *, runs: int) -> Ratio:
    """The medians of both, run in turn so that whatever else the machine does falls on both alike."""
    pairs = [(sample(subject), sample(reference)) for _ in range(runs)]
    mine, other = (_median(samples) for samples in zip(*pairs, strict=True))
    return Ratio(mine.wall / other.wall, mine.cpu / other.cpu, mine, other)


def _become(command: Command) -> None:
    """Turns this process, a child, into the command; never returns."""
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os.chdir(command.cwd)
        os.execve(command.argv[0], list(command.argv), dict(command.environment or os.environ))
    finally:
        os._exit(127)


def _median(samples: Sequence[Sample]) -> Sample:
    return Sample(
        median(item.wall for item in samples),
        median(item.cpu for item in samples),
        median(item.peak for item in samples),
    )
