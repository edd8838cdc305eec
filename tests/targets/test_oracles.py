"""Checkers that are not ours pass what is committed of the examples, and fail on bad twins of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_EXAMPLES = Path(__file__).parents[2] / "examples"
_TOOLS = Path(sys.executable).parent
_EMITTED = sorted(path.parent for path in _EXAMPLES.glob("*/deploy/*/docker"))
_IDS = [path.parents[1].name for path in _EMITTED]
_PROGRAMS = [folder for folder in _EMITTED if any(folder.glob("*/*.py"))]
_DOCKERFILES = sorted(path for folder in _EMITTED for path in folder.glob("*/*Dockerfile"))
_COMPOSED = [folder for folder in _EMITTED if (folder / "compose").is_dir()]
_SCRIPTS = sorted(path for folder in _EMITTED for path in folder.glob("*/*.sh"))

emitted = pytest.mark.parametrize("folder", _EMITTED, ids=_IDS)


def _found(command: list[object], *paths: Path) -> list[dict[str, object]]:
    done = subprocess.run([_TOOLS / str(command[0]), *map(str, command[1:]), *paths], capture_output=True, text=True)
    assert done.stdout, done.stderr
    findings = json.loads(done.stdout)
    assert bool(findings) == (done.returncode != 0)
    assert isinstance(findings, list)
    return findings


def _twin(path: Path, tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """A copy of an emitted file with a few words changed for the worse."""
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    twin = tmp_path / path.name
    twin.write_text(text)
    return twin


def test_there_are_examples() -> None:
    """The folders are found: a wrong path here would make every other test pass."""
    assert len(_EMITTED) >= 6
    assert len(_PROGRAMS) >= 5
    assert len(_COMPOSED) >= 6
    assert _SCRIPTS


@pytest.mark.parametrize("path", _DOCKERFILES, ids=lambda path: f"{path.parents[3].name}-{path.name}")
def test_hadolint(path: Path, tmp_path: Path) -> None:
    """No finding; without our own waiver exactly the one that it waives, so the whole file was read."""
    assert _found(["hadolint", "--format=json"], path) == []
    waived = ["DL3008"] if "apt-get" in path.read_text() else []
    assert [item["code"] for item in _found(["hadolint", "--format=json", "--disable-ignore-pragma"], path)] == waived
    base = path.read_text().splitlines()[0]
    twin = _twin(path, tmp_path, (base, "FROM python:latest"), ('ENTRYPOINT ["', "ENTRYPOINT x "))
    assert {item["code"] for item in _found(["hadolint", "--format=json"], twin)} == {"DL3007", "DL3025"}


@pytest.mark.parametrize("path", _SCRIPTS, ids=lambda path: path.name)
def test_shellcheck(path: Path, tmp_path: Path) -> None:
    """No finding with every check turned on, but for the taste for braces; an unquoted variable is one."""
    command = ["shellcheck", "--format=json", "--enable=all", "--exclude=SC2250"]
    assert _found([*command], path) == []
    twin = tmp_path / path.name
    twin.write_text(f"{path.read_text()}echo $1\n")
    assert 2086 in [item["code"] for item in _found([*command], twin)]


@pytest.mark.parametrize("folder", _COMPOSED, ids=lambda folder: folder.parents[1].name)
def test_the_compose_schema(folder: Path, tmp_path: Path) -> None:
    """The Compose specification's own schema accepts the file, and refuses a wrong key and a wrong type."""
    path = folder / "compose" / "compose.yaml"
    assert _schema(path) == (0, [])
    code, errors = _schema(
        _twin(path, tmp_path, ("    healthcheck:", "    health_check:"), ("retries: 3", "retries: x"))
    )
    assert code == 1
    assert any("health_check" in message for message in errors)
    code, errors = _schema(_twin(path, tmp_path, ("    read_only: true", "    read_only: 3")))
    assert code == 1
    assert any(".read_only" in message for message in errors)


def _schema(path: Path) -> tuple[int, list[str]]:
    command: list[str | Path] = [
        _TOOLS / "check-jsonschema",
        "--builtin-schema=vendor.compose-spec",
        "--output-format=json",
        path,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, [f"{item['path']}: {item['message']}" for item in json.loads(done.stdout)["errors"]]


@pytest.mark.parametrize("folder", _PROGRAMS, ids=lambda folder: folder.parents[1].name)
def test_python(folder: Path, tmp_path: Path) -> None:
    """Every program compiles, and ruff finds no mistake; a name that nobody defines is one."""
    command = ["ruff", "check", "--isolated", "--output-format=json", "--select=E4,E7,E9,F,PLE,B", "--no-cache"]
    paths = sorted(folder.glob("*/*.py"))
    for path in paths:
        compile(path.read_bytes(), path, "exec", dont_inherit=True)
    assert _found([*command], *paths) == []
    twin = tmp_path / paths[0].name
    twin.write_text(f"{paths[0].read_text()}nobody_defines_this()\n")
    assert {item["code"] for item in _found([*command], twin)} >= {"F821"}
