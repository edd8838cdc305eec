"""The inputs, each a function of the seed and its number alone, so that one can be had again without the others."""

from __future__ import annotations

from functools import cached_property
from random import Random
from typing import Any

from servespec.source import load
from trust.fuzzing.corpus import Case, corpus
from trust.fuzzing.grammar import Grammar
from trust.fuzzing.text import TEXT
from trust.fuzzing.tree import TREE, Lexicon, copied, written


class Inputs:
    """What is drawn from the corpus and the schema for one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.cases = corpus()
        self._sound = tuple(case for case in self.cases if case.is_sound)
        self._trees = {(case.name, file): tree for case in self.cases for file, tree in _trees(case).items()}
        self._lexicon = Lexicon([*self._trees.values()])

    @cached_property
    def _grammar(self) -> Grammar:
        return Grammar()

    def __getitem__(self, index: int) -> Case:
        """The input of that number."""
        rng = Random(f"{self._seed}:{index}")
        case = rng.choice(self._sound if rng.random() < 0.7 else self.cases)
        file = rng.choice(sorted(case.files))
        tree = self._trees.get((case.name, file))
        kind = rng.random()
        if tree is None or kind < 0.4:
            return case.saying(_retexted(rng, case.files[file]), file=file)
        if kind < 0.85:
            return case.saying(self._regrown(rng, tree), file=file)
        spec = self._trees.get((case.name, "serving.yaml"), {})
        return case.saying(written(rng, self._grammar.spec(rng, spec)))

    def _regrown(self, rng: Random, tree: dict[str, Any]) -> bytes:
        new = copied(tree)
        for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
            if new:
                rng.choice(TREE)(rng, new, self._lexicon)
        data = written(rng, new)
        return _retexted(rng, data) if rng.random() < 0.1 else data


def _retexted(rng: Random, data: bytes) -> bytes:
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        data = rng.choice(TEXT)(rng, data)
    return data


def _trees(case: Case) -> dict[str, dict[str, Any]]:
    """What each file of a case says that says anything."""
    values = {name: load(name, data).document.value for name, data in case.files.items()}
    return {name: value for name, value in values.items() if isinstance(value, dict) and value}
