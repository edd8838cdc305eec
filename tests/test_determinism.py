"""Bytes are reproducible: two machines, two people and two ways to write a spec give the same tree."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from trust.rewriting import rewritten

_EXAMPLES = Path(__file__).parents[1] / "examples"
_NAMES = sorted(path.parent.name for path in _EXAMPLES.glob("*/serving.yaml"))


@dataclass(frozen=True)
class Machine:
    """What must make no difference: where the clone is, how it was made, and who runs servespec how."""

    folder: str
    environment: dict[str, str]
    umask: int
    rewritten: bool
    """Whether the spec is written in another order and layout, with comments."""


_ONE = Machine(
    "clone",
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "USER": "ada"},
    umask=0o022,
    rewritten=False,
)
# Without UTF-8 mode and coercion, the C locale makes ASCII of every file that is opened without an encoding.
_OTHER = Machine(
    "a folder/with ünusual characters/and depth",
    {"TZ": "America/Adak", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "4242"},
    umask=0o077,
    rewritten=True,
)


def _clone(example: Path, machine: Machine, root: Path) -> Path:
    """A copy of an example's inputs, whose files were made in another order and at another time."""
    project = root / machine.folder
    files = [path for path in sorted(example.rglob("*")) if path.is_file()]
    files = [path for path in files if path.relative_to(example).parts[0] not in ("deploy", "__pycache__")]
    for path in reversed(files) if machine.rewritten else files:
        copy = project / path.relative_to(example)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        copy.chmod((0o700 if os.access(path, os.X_OK) else 0o600) if machine.rewritten else path.stat().st_mode)
    if machine.rewritten:
        spec = project / "serving.yaml"
        spec.write_text(rewritten(spec.read_text(encoding="utf-8")), encoding="utf-8")
    return project


def _build(example: Path, machine: Machine, root: Path) -> str:
    """The hash of the tree that a build gives there: paths, bytes, and what may be executed."""
    project = _clone(example, machine, root)
    home = project.parent / "home"
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), **machine.environment}
    command = [sys.executable, "-m", "servespec", "build", "serving.yaml"]
    done = subprocess.run(
        command, cwd=project, env=environment, umask=machine.umask, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return _hash(project / "deploy")


def _hash(tree: Path) -> str:
    total = hashlib.sha256()
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    assert len(files) > 5
    for path in files:
        facts = (path.relative_to(tree).as_posix(), path.stat().st_mode & 0o100, path.read_bytes())
        total.update(repr(facts).encode())
    return total.hexdigest()


@pytest.mark.parametrize("name", _NAMES)
def test_the_same_tree_everywhere(tmp_path: Path, name: str) -> None:
    """Folder, zone, locale, hash seed, umask, home, key order, layout and comments change not a byte."""
    assert _build(_EXAMPLES / name, _ONE, tmp_path / "one") == _build(_EXAMPLES / name, _OTHER, tmp_path / "other")


def test_another_spec_gives_another_tree(tmp_path: Path) -> None:
    """The hash would see a difference: one other word in the spec changes it."""
    example = _EXAMPLES / _NAMES[0]
    changed = _clone(example, _ONE, tmp_path / "changed")
    spec = changed / "serving.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("size: 8", "size: 9"), encoding="utf-8")
    assert _build(example, _ONE, tmp_path / "one") != _build(changed, _ONE, tmp_path / "two")
