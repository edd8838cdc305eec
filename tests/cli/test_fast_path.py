"""A build with nothing to do: it costs little, says what the slow one says, and misses no change."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.projects import SPEC, write

_SCRIPT = """
import sys
from servespec.cli.main import run
code = run(sys.argv[1:])
sys.stdout.flush()
print("\\0" + " ".join(sorted(sys.modules)))
sys.exit(code)
"""
_HEAVY = {"pydantic", "pydantic_core", "yaml", "jinja2", "servespec.pipeline", "servespec.targets.registry"}


@dataclass(frozen=True)
class Process:
    """What a process of its own came to, and what it imported."""

    exit: int
    out: str
    err: str
    imported: frozenset[str]


def _run(project: Path, *arguments: str) -> Process:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *arguments], cwd=project, env=dict(os.environ), capture_output=True, text=True
    )
    out, _, modules = done.stdout.partition("\0")
    return Process(done.returncode, out, done.stderr, frozenset(modules.split()))


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    """A repository of its own. Above it nothing is looked for: there other test runs make folders all the time, and what
    has just changed is not remembered."""
    (tmp_path / ".git").mkdir()


@pytest.fixture
def settled(project: Path) -> Path:
    """A project whose last build found nothing to do."""
    runs = [_run(project, "build", "--summary") for _ in range(2)]
    assert [run.exit for run in runs] == [0, 0]
    return project


def test_nothing_to_do(settled: Path, memory: Path) -> None:
    """Neither the models nor the targets are imported, and the same is said as by the build that looked."""
    memory.rename(memory.with_name("forgotten"))
    slow = _run(settled, "build", "--summary")
    fast = _run(settled, "build", "--summary")
    assert slow.imported >= _HEAVY - {"jinja2"}
    assert fast.imported & _HEAVY == set()
    assert (fast.exit, fast.out, fast.err) == (slow.exit, slow.out, slow.err)
    assert "nothing changed" in fast.out
    assert "runtime-end-of-life" in fast.err


def test_each_command_remembers_for_itself(settled: Path) -> None:
    """`validate` and `--check` are not answered from what a build said, and are fast the second time."""
    for arguments in (["validate"], ["build", "--check"]):
        slow, fast = _run(settled, *arguments), _run(settled, *arguments)
        assert slow.imported & _HEAVY
        assert fast.imported & _HEAVY == set()
        assert (fast.exit, fast.out, fast.err) == (slow.exit, slow.out, slow.err)


@pytest.mark.parametrize("command", ["validate", "build"])
def test_an_environment_that_only_a_remembered_spec_has(tmp_path: Path, command: str) -> None:
    """It is there, whichever specs are looked at anew; one that none has stays a mistake, however often it is asked for."""
    for name, more in (("one", "environments: {prod: {}}\n"), ("two", "")):
        write(tmp_path / name, SPEC.replace("fraud-detector", name) + more)
    asked = (command, "-e", "prod", "one", "two")
    for _ in range(3):
        assert _run(tmp_path, *asked).exit == 0
    spec = tmp_path / "two" / "serving.yaml"
    spec.write_text(f"{spec.read_text()}# looked at anew\n")
    assert _run(tmp_path, *asked).exit == 0
    for _ in range(3):
        failed = _run(tmp_path, command, "-e", "prod", "-e", "qa", "one", "two")
        assert (failed.exit, "there is no environment `qa`" in failed.err) == (2, True)


_CHANGES: dict[str, Callable[[Path], object]] = {
    "the spec": lambda project: write(project, SPEC + "runtime: {workers: 2}\n", files={}),
    "code": lambda project: (project / "model" / "model.py").write_text("import torch\n"),
    "requirements": lambda project: (project / "requirements.txt").write_text("torch==2.12.0\nnumpy==2.2.0\n"),
    "a new file in the model's folder": lambda project: (project / "model" / "handler.py").write_text("x = (\n"),
    "an output": lambda project: (project / "deploy/fraud-detector/docker/Dockerfile").write_text("FROM mine\n"),
    "a lost output": lambda project: (project / "deploy/fraud-detector/docker/Dockerfile").unlink(),
    "a lost manifest": lambda project: (project / "deploy/fraud-detector/.servespec.json").unlink(),
    "lost weights": lambda project: (project / "model" / "weights.pt").unlink(),
    "a lock": lambda project: (project / "serving.lock").write_text("version: 1\n"),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_no_change_is_missed(settled: Path, change: str) -> None:
    """Whatever a build reads or wrote, a change of it is looked at."""
    _CHANGES[change](settled)
    assert _run(settled, "build").imported >= {"pydantic", "servespec.pipeline"}


@pytest.mark.parametrize("mode", [(), ("--check",)], ids=["written", "checked"])
def test_a_path_means_what_it_means_here(project: Path, mode: tuple[str, ...]) -> None:
    """A relative output folder, and a spec called the same from two folders, are not taken for those of the other."""
    here, there = project / "here", project / "there"
    here.mkdir()
    there.mkdir()
    arguments = ("build", "../serving.yaml", "-o", "out")
    runs = [_run(here, *arguments), *(_run(here, *arguments, *mode) for _ in range(2))]
    assert [run.exit for run in runs] == [0, 0, 0]
    assert runs[2].imported & _HEAVY == set()
    assert _run(there, *arguments, *mode).exit == (3 if mode else 0)
    assert (there / "out").exists() is not bool(mode)


def test_errors_are_not_remembered(project: Path) -> None:
    """A spec with errors is looked at each time, and its errors are shown each time."""
    write(project, f"{SPEC}runtime: {{workers: two}}\n", files={})
    runs = [_run(project, "build") for _ in range(3)]
    assert [run.exit for run in runs] == [1, 1, 1]
    assert all("wrong-type" in run.err for run in runs)


_LOCKED: dict[str, Callable[[Path], object]] = {
    "the lock": lambda project: (project / "serving.lock").write_text("version: 1\n"),
    "no lock": lambda project: (project / "serving.lock").unlink(),
    "a byte of the model": lambda project: (project / "model" / "weights.pt").write_bytes(b"weightz"),
}


@pytest.mark.parametrize("change", _LOCKED)
def test_a_lock_is_an_input(project: Path, tmp_path: Path, change: str) -> None:
    """A locked build with nothing to do is as light as any; the lock, and each file that it names, is looked at again
    when it changes; and what holds without `--locked` is not remembered of a build with it."""
    images = tmp_path / "images.yaml"
    images.write_text(f'"python:3.11-slim-bookworm": "sha256:{"1" * 64}"\n')
    assert _run(project, "lock", f"--images={images}").exit == 0
    runs = [_run(project, "build", "--locked") for _ in range(3)]
    assert [run.exit for run in runs] == [0, 0, 0]
    assert runs[2].imported & _HEAVY == set()
    assert _run(project, "build").imported >= {"servespec.pipeline"}
    _LOCKED[change](project)
    changed = _run(project, "build", "--locked")
    assert changed.exit == 1
    assert changed.imported >= {"pydantic", "servespec.pipeline"}


def test_who_has_no_lock_pays_for_none(project: Path) -> None:
    """Nothing that is about locks is loaded for a spec without one."""
    imported = _run(project, "validate").imported
    assert "servespec.pipeline" in imported
    assert not imported & {"servespec.pipeline.locking", "servespec.pipeline.lockfile", "servespec.spec.lockfile"}
