"""`python session.py survey|trials ORDER`: one run of pytest, in a process and a shelter of its own.

`ORDER` is a JSON file: the packages, how many mutants of each, the tests, and where the survey and what is found go.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

# As a script's folder this one would stand first.
sys.path[0] = str(Path(__file__).parents[2])

from trust.mutation import survey  # noqa: E402
from trust.mutation.loaded import Loaded, modules  # noqa: E402
from trust.mutation.mutants import Mutant  # noqa: E402
from trust.mutation.trials import Trial, Trials  # noqa: E402

_SEED = "servespec"
_THREADED = {"dockerfile": ("parse_string", "parse_file", "GoParseError")}
"""What starts threads when it is loaded, and what is used of it: BuildKit's parser is written in Go."""
_OPTIONS = ("-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not e2e", "-s")


@dataclass(frozen=True)
class Order:
    """What is to be done."""

    packages: dict[str, int]
    """How many mutants of each package."""
    tests: tuple[str, ...]
    survey: str
    found: str
    only: tuple[str, ...] = ()
    """The keys of those that are tried again; all that are drawn when none is named."""


def main() -> int:
    """Do it; pytest's own exit code."""
    order = Order(**json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
    # Properties try the same values each time, or a mutant would live today and die tomorrow.
    os.environ["CI"] = "true"
    for name in _THREADED:
        sys.modules[name] = _Later(name)
    plugins = _survey(order) if sys.argv[1] == "survey" else _trials(order)
    return int(pytest.main([*_OPTIONS, *order.tests], plugins=plugins))


def _survey(order: Order) -> list[object]:
    return [survey.Survey(tuple(order.packages), Path(order.survey))]


def _trials(order: Order) -> list[object]:
    reach = survey.load(Path(order.survey))
    trials = Trials(list(_chosen(order)), reach, lambda trial: _tell(trial, Path(order.found)))
    return [trials, trials.forks]


class _Later(ModuleType):
    """A module that is loaded when it is first used: in a fork, for what starts threads does not survive one."""

    def __getattr__(self, name: str) -> object:
        if name not in _THREADED[self.__name__]:
            raise AttributeError(name)  # pytest asks for much
        sys.modules.pop(self.__name__, None)
        return getattr(import_module(self.__name__), name)


def _tell(trial: Trial, found: Path) -> None:
    mutant = trial.mutant
    record = {
        "key": mutant.key,
        "line": mutant.lines[0],
        "verdict": trial.verdict,
        "by": trial.by,
        "asked": trial.asked,
        "reaching": trial.reaching,
    }
    with found.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _chosen(order: Order) -> Iterator[tuple[Loaded, Mutant]]:
    """A sample of each package's mutants that changes little when the package does: by a hash of each one's name."""
    for package, number in order.packages.items():
        loaded = [Loaded(name) for name in modules(package)]
        pairs = [
            (module, mutant)
            for module in loaded
            for mutant in module.mutants
            if mutant.key in order.only or not order.only
        ]
        drawn = sorted(pairs, key=lambda pair: _lot(pair[1]))[:number]
        yield from sorted(drawn, key=lambda pair: (pair[1].module, pair[1].lines))


def _lot(mutant: Mutant) -> bytes:
    return hashlib.blake2b(f"{_SEED}:{mutant.key}".encode(errors="surrogatepass")).digest()


if __name__ == "__main__":
    sys.exit(main())
