"""Determinism: all examples built by other people, on other days and other machines, to the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from trust.machines import FIRST, OTHERS, Machine
from trust.rows import Row, Scale

_ROOT = Path(__file__).parents[1]
_EXAMPLES = _ROOT / "examples"
_TIMEOUT = 900


def run(scale: Scale) -> Iterator[Row]:
    """One row: by how many machines the examples were built, and how many trees came of it."""
    began = time.monotonic()
    others = [machine for machine in OTHERS if machine.is_here]
    machines = (FIRST, *others[-scale.of(1, len(others)) :])
    with tempfile.TemporaryDirectory(prefix="servespec-trust-") as root:
        Path(root).chmod(0o755)  # for those who are not whoever runs this
        trees = {machine.name: built(machine, Path(root) / str(index)) for index, machine in enumerate(machines)}
    strange = tuple(f"{name}: {tree}" for name, tree in trees.items() if tree != trees[FIRST.name])
    tried = f"{len(machines)} ways to build all examples: {', '.join(trees)}; found are distinct hashes"
    yield Row(
        "one spec, the same bytes everywhere", tried, len({*trees.values()}), 1, time.monotonic() - began, strange
    )


def built(machine: Machine, root: Path) -> str:
    """The hash of all trees that a build of the examples gives on that machine: paths, bytes, what may be executed."""
    clone = root / machine.folder
    _copy(machine, clone)
    environment = {"PATH": os.environ["PATH"], "HOME": str(root / "home"), "PYTHONPATH": str(_ROOT)}
    command = [*machine.before, machine.python, "-m", "servespec", "build", "."]
    done = subprocess.run(
        command,
        cwd=clone,
        env={**environment, **machine.environment},
        umask=machine.umask,
        user=machine.user,
        group=machine.user,
        capture_output=True,
        timeout=_TIMEOUT,
        check=False,
    )
    if done.returncode:
        return f"{machine.name}: exit code {done.returncode}: {done.stderr.decode(errors='replace')}"
    return _hash(clone)


def _copy(machine: Machine, clone: Path) -> None:
    """The inputs of all examples as they come to that machine."""
    shutil.copytree(_EXAMPLES, clone, ignore=shutil.ignore_patterns("deploy", "__pycache__", ".servespec*"))
    for spec in clone.rglob("serving*.yaml"):
        spec.write_bytes(machine.written(spec.read_text(encoding="utf-8")).encode())
    for path in (clone, *clone.rglob("*")):
        if machine.user is not None:
            os.chown(path, machine.user, machine.user)
        if machine.modified is not None:
            os.utime(path, (machine.modified, machine.modified))


def _hash(clone: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(path for path in clone.rglob("deploy/**/*") if path.is_file()):
        facts = (path.relative_to(clone).as_posix(), path.stat().st_mode & 0o100, path.read_bytes())
        total.update(repr(facts).encode())
    return total.hexdigest()
