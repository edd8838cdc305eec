"""Every command of the documents is typed by a test, or listed by name with the reason."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import ELSEWHERE, PLAYED, ROOT, Typed, documents, typed

_TYPED = typed()
_EXAMPLES = sorted({item.document for item in _TYPED if (ROOT / "examples" / item.document / "serving.yaml").is_file()})


def _of(document: str) -> list[Typed]:
    return [item for item in _TYPED if item.document == document]


def test_every_command_is_somebody_s() -> None:
    """None is typed by nobody: a new one is played by a test, or gets its line in the list."""
    assert len(_TYPED) > 40
    assert {"README.md", "SECURITY.md", "docs/trust.md"} <= set(documents())
    nobodys = [item for item in _TYPED if not (item.elsewhere or item.document in PLAYED or _is_typed(item))]
    assert nobodys == []


def _is_typed(item: Typed) -> bool:
    """Whether the test below types it, or `test_readme.py`, which compares what it prints too."""
    where = item.document in _EXAMPLES or (item.document, item.kind) == ("README.md", "console")
    return item.quick and where


def test_the_list_is_of_today() -> None:
    """A line of the list that fits no command any more is not left behind."""
    left = [
        key for key in ELSEWHERE if not any(item.document == key[0] and item.line.startswith(key[1]) for item in _TYPED)
    ]
    assert left == []
    assert set(PLAYED) <= set(_EXAMPLES)


def test_every_example_is_told() -> None:
    """Each has a README that says how to compile it."""
    folders = {path.parent.name for path in (ROOT / "examples").glob("*/serving.yaml")}
    assert folders == set(_EXAMPLES)


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """The variables of somebody's shell, in which servespec is installed."""
    program = tmp_path / "bin" / "servespec"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m servespec "$@"\n')
    program.chmod(0o755)
    cache = str(tmp_path / "cache")
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "XDG_CACHE_HOME": cache}


@pytest.mark.parametrize("example", _EXAMPLES)
def test_an_example_compiles_as_told(example: str, tmp_path: Path, shell: dict[str, str]) -> None:
    """What its README says to type compiles it, from a folder that holds nothing compiled."""
    shutil.copytree(
        ROOT / "examples", tmp_path / "examples", ignore=lambda folder, names: _rest(folder, names, example)
    )
    for item in _of(example):
        if item.quick:
            done = subprocess.run(
                ["bash", "-c", item.line],
                cwd=tmp_path / "examples" / example,
                env=shell,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"{item.line}\n{done.stdout}{done.stderr}"
            assert "Traceback" not in done.stderr


def _rest(folder: str, names: list[str], example: str) -> list[str]:
    """What of the examples is not needed for one of them."""
    if Path(folder) == ROOT / "examples":
        return [name for name in names if name != example]
    return [name for name in names if name in ("deploy", "data", ".venv", "__pycache__")]
