"""Fuzz that is led by coverage: as `fuzz` asks of specs, atheris finds those that reach something new.

It takes minutes for what the other does in seconds, since all of servespec is watched: by hand. A budget of another
length is the first argument of `trust/fuzzing/guided.py`.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from trust.fuzz import Ask, Shows
from trust.fuzzing.corpus import corpus
from trust.fuzzing.guided import Guided
from trust.fuzzing.minimal import minimal
from trust.fuzzing.trial import trial
from trust.rows import Row, Scale

_ROOT = Path(__file__).parents[1]
PYTHON = _ROOT / ".e2e" / "atheris" / "bin" / "python"
GUIDED = _ROOT / "trust" / "fuzzing" / "guided.py"
_QUICK, _FULL = 15, 300
_STATISTIC = re.compile(r"^stat::(\w+): +([0-9]+)$", re.MULTILINE)


def run(scale: Scale, *, program: Path = GUIDED, ask: Ask = trial) -> Iterator[Row]:
    """One row: how many specs were tried, how many reached something new, and how many kinds of wrong answers came."""
    if not PYTHON.exists():
        raise RuntimeError("atheris is not here: run `make .e2e/atheris/.installed`")
    began = time.monotonic()
    seconds = scale.of(_QUICK, _FULL)
    with tempfile.TemporaryDirectory(prefix="servespec-atheris-") as name:
        said = subprocess.run(
            [PYTHON, program, str(seconds), name], cwd=_ROOT, capture_output=True, text=True, errors="replace"
        )
        wrong = tuple(_wrong(Path(name), ask))
    counts = dict(_STATISTIC.findall(said.stderr))
    if said.returncode:
        wrong += (f"the process ended with {said.returncode}: {said.stderr[-2000:]}",)
    number, new = int(counts.get("number_of_executed_units", 0)), int(counts.get("new_units_added", 0))
    tried = f"{number:,} specs in {seconds} s, {new:,} of which reached something new"
    what = "specs that are led by what they reach are answered at their lines, or build"
    yield Row(what, tried, len(wrong), 0, time.monotonic() - began, wrong)


def _wrong(folder: Path, ask: Ask) -> Iterator[str]:
    """Each kind of wrong answer with the least input that has it; what only a watched program answers stays whole."""
    found = folder / "found.jsonl"
    inputs = Guided(corpus())
    for line in found.read_text("utf-8").splitlines() if found.exists() else ():
        told = json.loads(line)
        case, shows = inputs.case(bytes.fromhex(told["input"])), Shows(ask, told["wrong"])
        small = minimal(case, shows) if shows(case) else case
        files = {name: data.decode(errors="backslashreplace") for name, data in small.files.items()}
        yield f"{told['wrong']}; made of {case.name}; the least of it: {files}"
