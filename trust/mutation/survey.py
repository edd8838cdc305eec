"""Which test reaches which line, found by running each once."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import coverage
import pytest

from trust.mutation.loaded import modules


@dataclass(frozen=True)
class Reach:
    """What is known of the tests."""

    seconds: dict[str, float] = field(default_factory=dict)
    """How long each takes that passes, with its lines being watched."""
    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    """For each module of servespec the tests that run a line of it."""

    def of_lines(self, module: str, first: int, last: int) -> set[str]:
        """The tests that run one of these lines."""
        lines = self.tests.get(module, {})
        return {test for line in range(first, last + 1) for test in lines.get(line, ()) if test in self.seconds}

    def of_module(self, module: str) -> set[str]:
        """The tests that run any line of a module."""
        return {test for found in self.tests.get(module, {}).values() for test in found if test in self.seconds}

    def save(self, path: Path) -> None:
        """The file that `load` reads."""
        path.write_text(json.dumps({"seconds": self.seconds, "tests": self.tests}), encoding="utf-8")


def load(path: Path) -> Reach:
    """What an earlier survey found."""
    record = json.loads(path.read_text(encoding="utf-8"))
    tests = {module: {int(line): found for line, found in lines.items()} for module, lines in record["tests"].items()}
    return Reach(record["seconds"], tests)


class Survey:
    """A plugin for pytest that runs the tests as ever, and watches."""

    def __init__(self, packages: tuple[str, ...], path: Path) -> None:
        loaded = [import_module(name) for package in packages for name in modules(package)]
        self._names = {str(module.__file__): module.__name__ for module in loaded}
        self._coverage = coverage.Coverage(data_file=None, config_file=False, include=list(self._names))
        self._path = path
        self._seconds: dict[str, float] = defaultdict(float)
        self._failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> object:
        """All of them, while coverage looks on."""
        self._coverage.start()
        try:
            result = yield
        finally:
            self._coverage.stop()
        self._reach().save(self._path)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> object:
        """One of them, by whose name its lines are noted."""
        self._coverage.switch_context(item.nodeid)
        before = time.process_time()
        result = yield
        self._seconds[item.nodeid] = time.process_time() - before
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One that fails or is skipped anyway says nothing of any mutant."""
        if not report.passed:
            self._failed.add(report.nodeid)

    def _reach(self) -> Reach:
        data = self._coverage.get_data()
        tests = {
            self._names[file]: {
                line: [test for test in by if test] for line, by in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        return Reach({test: took for test, took in self._seconds.items() if test not in self._failed}, tests)
