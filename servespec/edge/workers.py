"""Work on many things, shared out among processes, and told in the order of the things.

Of each thing there is a dialogue: a generator that yields a question once, is given the answer, and returns an outcome.
Answers are given here, in order, so that each can depend on all questions before it. Where processes can't be forked,
or one of them fails, the rest is done here: what failed there fails here again, where it is told.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any, Generic, TypeAlias, TypeVar

Thing = TypeVar("Thing")
Question = TypeVar("Question")
Answer = TypeVar("Answer")
Outcome = TypeVar("Outcome")

Talk: TypeAlias = Callable[[Thing], Generator[Question, Answer, Outcome]]
Reply: TypeAlias = Callable[[int, Question], Answer]

WORTH_IT = 16
"""Things from which on it takes less time to fork than is saved: measured with specs, of 10 to 20 ms each."""
_CHUNK = 4
"""Things that a process asks about at a time. Few, so that what it holds until it is answered stays small."""


class _Lost(Exception):
    """A process ended, or something went wrong in it."""


def outcomes(
    things: Sequence[Thing], talk: Talk[Thing, Question, Answer, Outcome], reply: Reply[Question, Answer]
) -> Iterator[Outcome]:
    """What each thing came to, in order; `reply` is given its number and its question."""
    done = 0
    if len(things) >= WORTH_IT and (processes := _processors()) > 1 and hasattr(os, "fork"):
        with suppress(_Lost):
            for outcome in _shared_out(things, talk, reply, processes=processes):
                done += 1
                yield outcome
    for number in range(done, len(things)):
        dialogue = talk(things[number])
        yield _ended(dialogue, reply(number, next(dialogue)))


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _ended(dialogue: Generator[Any, Answer, Outcome], answer: Answer) -> Outcome:
    try:
        dialogue.send(answer)
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome
    raise AssertionError("a dialogue has one question")


def _shared_out(
    things: Sequence[Thing],
    talk: Talk[Thing, Question, Answer, Outcome],
    reply: Reply[Question, Answer],
    *,
    processes: int,
) -> Iterator[Outcome]:
    chunks = [things[start : start + _CHUNK] for start in range(0, len(things), _CHUNK)]
    gc.collect()
    gc.freeze()  # what is there already is shared with the processes as long as nobody touches it
    crew: list[_Process[Thing, Question, Answer, Outcome]] = []
    try:
        for number in range(processes):
            crew.append(_Process(chunks[number::processes], talk, others=crew))
        for number in range(len(chunks) + processes):
            process = crew[number % processes]
            if number >= processes and number - processes < len(chunks):
                yield from process.receive()
            if number < len(chunks):
                questions = process.receive()
                process.send([reply(number * _CHUNK + index, item) for index, item in enumerate(questions)])
    finally:
        for process in crew:
            process.end()
        gc.unfreeze()


class _Process(Generic[Thing, Question, Answer, Outcome]):
    """A process with its share of the things."""

    def __init__(
        self, chunks: Sequence[Sequence[Thing]], talk: Talk[Thing, Question, Answer, Outcome], *, others: Sequence[Any]
    ) -> None:
        told, tell = os.pipe()
        heard, hear = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            # Also the others' pipes: who holds an end of one would keep it open after we are gone.
            for fd in (told, hear, *(fd for other in others for fd in other.ends)):
                os.close(fd)
            _work(chunks, talk, tell=tell, heard=heard)
        os.close(tell)
        os.close(heard)
        self.ends = (told, hear)
        self._told, self._hear = os.fdopen(told, "rb"), os.fdopen(hear, "wb")

    def receive(self) -> list[Any]:
        """What it tells next, of a chunk. Raises `_Lost` when it can't."""
        try:
            said: list[Any] | None = pickle.load(self._told)
        except (EOFError, pickle.UnpicklingError):
            said = None
        if said is None:
            raise _Lost
        return said

    def send(self, answers: list[Answer]) -> None:
        """Tell it the answers to what it asked."""
        try:
            pickle.dump(answers, self._hear)
            self._hear.flush()
        except BrokenPipeError:
            raise _Lost from None

    def end(self) -> None:
        """It is gone. One that is still at work stops as if by Ctrl-C, and clears up what it began."""
        with suppress(OSError):
            self._hear.close()
        self._told.close()
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGINT)
        os.waitpid(self._pid, 0)


def _work(
    chunks: Sequence[Sequence[Thing]], talk: Talk[Thing, Question, Answer, Outcome], *, tell: int, heard: int
) -> None:
    """The life of a process, which never returns."""
    signal.signal(signal.SIGINT, _interrupted)
    code = 1
    try:
        with os.fdopen(tell, "wb") as telling, os.fdopen(heard, "rb") as hearing:
            for chunk in chunks:
                dialogues = [talk(thing) for thing in chunk]
                pickle.dump([next(dialogue) for dialogue in dialogues], telling)
                telling.flush()
                answers: list[Answer] = pickle.load(hearing)
                pairs = zip(dialogues, answers, strict=True)
                pickle.dump([_ended(dialogue, answer) for dialogue, answer in pairs], telling)
        code = 0
    except (KeyboardInterrupt, Exception):
        pass  # whoever waits for us sees that we are gone, and does it again where it can be told
    finally:
        os._exit(code)  # nothing that was begun before the fork is ended twice


def _interrupted(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough: the second must not stop the clearing up
    raise KeyboardInterrupt
