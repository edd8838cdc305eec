"""No mistake goes unnoticed: small ones are put into the code that must not have any, and the tests are asked.

Mutants that change nothing, and those that no test has to notice, stand with the reason in `survivors.toml`.
`mutmut` could not be taken: it leaves out decorated functions and what stands outside of functions, which are here the
tables and patterns that quoting is made of; a process for each mutant, as `cosmic-ray` has it, would take days.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trust.mutation.shelter import sheltered
from trust.rows import Row

_ROOT = Path(__file__).parents[2]
_SESSION = _ROOT / "trust" / "mutation" / "session.py"
_LISTED = Path(__file__).parents[1] / "survivors.toml"
_MEMORY = Path("/dev/shm")
"""Where the tests work when it is there: those of the writer spend most of their time waiting for a disk."""


@dataclass(frozen=True)
class Sample:
    """Mutants of one package, and who is asked about them."""

    package: str
    number: int
    """How many of its mutants are tried: all, when it has no more."""
    tests: tuple[str, ...]
    """The files and folders below `tests/` that are asked."""


def tried(sample: Sample) -> Row:
    """How many mutants of a package were killed, and which survive that nobody knew of."""
    tests = [f"tests/{name}" for name in sample.tests]
    packages = {sample.package: sample.number}
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="servespec-mutants-", dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        os.chmod(name, 0o711)  # some tests go on as another user
        _session(Path(name), "survey", {"packages": packages, "tests": tests})
        trials = _session(Path(name), "trials", {"packages": packages, "tests": tests})
    return _row(sample.package, trials, time.monotonic() - began)


def _session(folder: Path, what: str, order: dict[str, Any]) -> list[dict[str, Any]]:
    """What became of each mutant."""
    found, written = folder / "found.jsonl", folder / "order.json"
    found.write_text("")
    written.write_text(json.dumps({**order, "survey": str(folder / "survey.json"), "found": str(found)}))
    command = sheltered((sys.executable, str(_SESSION), what, str(written)), folder)
    # The machine is for others meanwhile.
    done = subprocess.run(
        ["nice", *command], cwd=_ROOT, env={**os.environ, "TMPDIR": str(folder)}, capture_output=True, text=True
    )
    if done.returncode not in (0, 1):  # 1: a test failed, of which the survey then knows
        raise RuntimeError(
            f"the {what} of {order['packages']} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return [json.loads(line) for line in found.read_text(encoding="utf-8").splitlines()]


def _row(package: str, trials: list[dict[str, Any]], seconds: float) -> Row:
    reasons = listed()
    counts = Counter(trial["verdict"] for trial in trials)
    left = [trial for trial in trials if trial["verdict"] in ("survived", "unreached")]
    same = [trial for trial in left if reasons.get(trial["key"]) == "equivalent"]
    unknown = [trial for trial in left if trial["key"] not in reasons]
    number = len(trials) - counts["same"] - len(same)
    tried = (
        f"{number} mutants, {counts['killed']} killed ({counts['killed'] / max(number, 1):.1%}); "
        f"{len(left) - len(same) - len(unknown)} more listed with a reason, {len(same)} change nothing"
    )
    details = tuple(f"line {trial['line']}: {trial['key']} ({trial['verdict']})" for trial in unknown)
    return Row(f"a mistake in `{package}` is noticed", tried, len(unknown), 0, seconds, details)


def listed() -> dict[str, str]:
    """The kind of each mutant that is known to survive, by its key."""
    groups = tomllib.loads(_LISTED.read_text(encoding="utf-8")).get("survivors", [])
    return {key: group["kind"] for group in groups for key in group["keys"]}
