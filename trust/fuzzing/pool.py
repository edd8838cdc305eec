"""Questions asked in processes of their own, which may die of one: of time, of memory, or of a signal."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from ctypes import c_longlong
from dataclasses import astuple, dataclass
from multiprocessing.connection import wait

from trust.fuzzing.trial import Answer

SECONDS = 1.0
"""Of processor time, so that a busy machine changes nothing."""
MEMORY = 200 << 20
"""What a process may come to while it answers."""
_ROOM = 100 << 20
"""What it may take beyond what it began with, where that is most of it: a test runner is large itself."""
_CHUNK = 500
"""Questions to a process: few enough that what it remembers does not pile up."""
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Told:
    """An answer, and what it took."""

    index: int
    answer: Answer
    seconds: float = 0
    memory: int = 0


class _Worker:
    """A process that answers some questions, and what it has told so far."""

    def __init__(self, questions: range, ask: Callable[[int], Answer]) -> None:
        self._questions = questions
        self._ask = ask
        self._current = _FORK.RawValue(c_longlong, questions.start)
        self._told = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115, which `end` closes
        self._process = _FORK.Process(target=self._run)
        self._process.start()

    @property
    def sentinel(self) -> int:
        """Ready when the process has ended."""
        return self._process.sentinel

    def end(self) -> tuple[list[Told], range]:
        """All that was told, with the death of the process if it died, and the questions that are left."""
        self._process.join()
        code, current = self._process.exitcode or 0, self._current.value
        self._process.close()
        with self._told as file:
            file.seek(0)
            rows = [json.loads(line) for line in file]
        told = [Told(index, Answer(made, wrong), seconds, memory) for index, made, wrong, seconds, memory in rows]
        if code:
            told.append(Told(current, Answer(wrong=_death(code))))
        return told, range(current + 1 if code else current, self._questions.stop)

    def _run(self) -> None:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        most = max(MEMORY, _peak() + _ROOM)
        for index in self._questions:
            self._current.value = index
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            began = time.process_time()
            answer = self._ask(index)
            took, memory = time.process_time() - began, _peak()
            signal.setitimer(signal.ITIMER_PROF, 0)
            fat = memory > most
            if fat:
                answer = Answer(answer.made, answer.wrong or "more than 200 MiB")
            print(json.dumps((index, *astuple(answer), took, memory)), file=self._told, flush=True)
            if fat:  # what comes after it must not be blamed
                self._current.value = index + 1
                return
        self._current.value = self._questions.stop


def answers(count: int, ask: Callable[[int], Answer], *, first: int = 0) -> Iterator[Told]:
    """What each question of a number of them came to, in no order; a process dies alone, and the next goes on."""
    starts = range(first, first + count, _CHUNK)
    waiting = deque(range(start, min(start + _CHUNK, first + count)) for start in starts)
    running: dict[int, _Worker] = {}
    while waiting or running:
        while waiting and len(running) < len(os.sched_getaffinity(0)):
            worker = _Worker(waiting.popleft(), ask)
            running[worker.sentinel] = worker
        for ready in wait([*running]):
            assert isinstance(ready, int)
            told, left = running.pop(ready).end()
            yield from told
            if left:
                waiting.appendleft(left)


def _death(code: int) -> str:
    if code == -signal.SIGPROF:
        return "more than a second"
    return f"the process died of {signal.Signals(-code).name}" if code < 0 else f"the process ended with {code}"


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
