"""Specs that are led by what they reach: libFuzzer through atheris, in an environment that has it.

`.e2e/atheris/bin/python trust/fuzzing/guided.py SECONDS FOLDER`: the first of each kind of wrong answer is put into
FOLDER/found.jsonl, and whatever reached something new into FOLDER/reached. An input is a byte that picks the project,
and the text of its `serving.yaml`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if __name__ == "__main__":  # as a script's folder this one would stand first
    sys.path[0] = str(Path(__file__).parents[2])

from trust.fuzzing.corpus import SPEC, Case, corpus
from trust.fuzzing.text import TEXT

if TYPE_CHECKING:
    from trust.fuzzing.trial import Answer

_LONGEST = 20_000
"""Bytes of a spec: what is longer is thrown by the bombs."""
_SECONDS = 4.0
"""Of processor time. A program that is watched takes some three times as long, and may take a second without."""


def main(seconds: int, folder: Path) -> None:
    """Tries specs for so long; libFuzzer ends the process."""
    atheris = import_module("atheris")
    inputs = Guided(corpus())
    with atheris.instrument_imports(include=["servespec"]):
        from trust.fuzzing.trial import trial

        for case in corpus():  # much is loaded only by specs that have it
            trial(case)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        rng = Random(seed)
        own = rng.random() < 0.5
        changed: bytes = data[:1] + rng.choice(TEXT)(rng, data[1:]) if own else atheris.Mutate(data, most)
        return changed[:most]

    reached = folder / "reached"
    inputs.sow(reached)
    limits = (f"-max_total_time={seconds}", f"-max_len={_LONGEST}", "-timeout=60", "-rss_limit_mb=0")
    given = [sys.argv[0], *limits, "-print_final_stats=1", f"-artifact_prefix={folder}/", str(reached)]
    atheris.Setup(given, Watch(inputs, folder / "found.jsonl", trial).look, custom_mutator=mutated)
    atheris.Fuzz()


class Guided:
    """Inputs as libFuzzer knows them: bytes."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        self._bases: Mapping[Path, Case] = {case.project: case for case in cases if case.is_sound}

    def case(self, data: bytes) -> Case:
        """The spec that an input is."""
        bases = [*self._bases.values()]
        return bases[(data[0] if data else 0) % len(bases)].saying(data[1:])

    def sow(self, folder: Path) -> None:
        """Puts all specs that there are into a folder, each as an input."""
        folder.mkdir(parents=True)
        places = [*self._bases]
        for index, case in enumerate(self._cases):
            (folder / f"seed-{index}").write_bytes(bytes([places.index(case.project)]) + case.files[SPEC])


@dataclass(frozen=True)
class Watch:
    """Asks about one input after the other, and writes down the first of each kind of wrong answer."""

    inputs: Guided
    found: Path
    ask: Callable[[Case], Answer]
    _seen: set[str] = field(default_factory=set)

    def look(self, data: bytes) -> None:
        """One input."""
        case = self.inputs.case(data)
        began = time.process_time()
        wrong = self.ask(case).wrong or ("more than a second" if time.process_time() - began > _SECONDS else "")
        if wrong and wrong not in self._seen:
            self._seen.add(wrong)
            with self.found.open("a", encoding="utf-8") as file:
                print(json.dumps({"wrong": wrong, "input": data.hex()}), file=file)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
