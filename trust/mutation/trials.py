"""Mutants on trial: those tests are asked that could notice, until one does."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pytest

from trust.mutation.forks import PASSED, UNCHANGED, Ending, Forks
from trust.mutation.loaded import Loaded
from trust.mutation.mutants import Mutant
from trust.mutation.survey import Reach

_PLANNED = 9.0
"""Seconds that a mutant's tests may take by the survey; others are not asked."""
_STRANGE = 3
"""How much quicker than those of its own package a test has to be that is asked before them."""
_WARMING = ("tests/test_cases.py", "tests/test_goldens.py", "tests/checks/test_manual.py")


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    UNREACHED = "unreached"
    SAME = "same"
    """Python makes the same code of it."""


@dataclass(frozen=True)
class Trial:
    """One mutant and what became of it."""

    mutant: Mutant
    verdict: Verdict
    by: str = ""
    """The test that noticed; nothing when the module could not be loaded any more."""
    asked: int = 0
    reaching: int = 0


class Trials:
    """A plugin for pytest that runs its tests on mutants instead of on servespec as it is."""

    def __init__(self, chosen: Sequence[tuple[Loaded, Mutant]], reach: Reach, tell: Callable[[Trial], None]) -> None:
        self.forks = Forks()
        self._chosen = chosen
        self._reach = reach
        self._tell = tell
        self._items: dict[str, pytest.Item] = {}
        self._kills: dict[str, Counter[str]] = defaultdict(Counter)
        self._fit: dict[str, bool] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Each mutant, one after the other."""
        self._items = {item.nodeid: item for item in session.items if item.nodeid in self._reach.seconds}
        self._warm()
        gc.collect()
        gc.freeze()
        for loaded, mutant in self._chosen:
            self._tell(self._tried(loaded, mutant))
        return True

    def _warm(self) -> None:
        """What all tests need is loaded once: the quickest test of some files runs here."""
        for file in _WARMING:
            quickest = min((test for test in self._items if test.startswith(file)), key=self._seconds, default=None)
            if quickest is not None:
                item = self._items[quickest]
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if (threads := len(os.listdir("/proc/self/task"))) > 1:
            raise RuntimeError(f"{threads} threads run, of which a fork takes one along")

    def _tried(self, loaded: Loaded, mutant: Mutant) -> Trial:
        tests = self._tests(loaded, mutant)
        if not tests:
            return Trial(mutant, Verdict.UNREACHED)
        while True:
            asked = list(self._affordable(self._ordered(tests, mutant)))
            ending = self._forked(asked, lambda: loaded.put(mutant))
            if not ending.during or self._is_fit(ending.during):
                break
            tests.remove(ending.during)
        self._kills[mutant.module][ending.during] += 1
        verdict = {PASSED: Verdict.SURVIVED, UNCHANGED: Verdict.SAME}.get(ending.code, Verdict.KILLED)
        return Trial(mutant, verdict, ending.during, len(asked), len(tests))

    def _tests(self, loaded: Loaded, mutant: Mutant) -> set[str]:
        if not mutant.outside:
            found = self._reach.of_lines(mutant.module, *mutant.lines)
        else:
            modules = _holders(mutant.module, loaded.names(mutant), among=self._reach.tests)
            found = {test for name in modules for test in self._reach.of_module(name)}
        return found & self._items.keys()

    def _ordered(self, tests: set[str], mutant: Mutant) -> list[str]:
        """Those first that noticed others here, then those about this module, then the quick ones of its package."""
        names, kills = mutant.module.split("."), self._kills[mutant.module]
        own = f"/test_{names[-1]}.py::", f"[{names[-1].replace('_', '-')}"

        def rank(test: str) -> tuple[float, ...]:
            strange = 1 if test.startswith(f"tests/{names[1]}/") else _STRANGE
            return -kills[test], not any(name in test for name in own), self._seconds(test) * strange

        return sorted(tests, key=rank)

    def _affordable(self, tests: Sequence[str]) -> Iterator[str]:
        left = _PLANNED
        for test in tests:
            left -= self._seconds(test)
            if left > 0:
                yield test

    def _seconds(self, test: str) -> float:
        return self._reach.seconds[test]

    def _is_fit(self, test: str) -> bool:
        """Whether a test passes in a fork as long as nothing is changed."""
        if test not in self._fit:
            self._fit[test] = self._forked([test], lambda: True).code == PASSED
        return self._fit[test]

    def _forked(self, tests: Sequence[str], change: Callable[[], bool]) -> Ending:
        return self.forks.run([self._items[test] for test in tests], change, seconds=self._reach.seconds)


def _holders(module: str, names: set[str], *, among: Iterable[str]) -> Iterator[str]:
    """The modules in which these names of a module are used."""
    for name in among:
        there = vars(sys.modules[name])
        if name == module or any(
            there.get(wanted) is vars(sys.modules[module]).get(wanted) for wanted in names & set(there)
        ):
            yield name
