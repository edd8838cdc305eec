"""The environment of a server: what makes it, and what its name depends on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from servespec.running.python import Environment, Interpreter, Sources, environment
from servespec.targets.container import Input, PythonEnvironment
from tests.projects import FILES, SPEC, analyse, write

_STEP = PythonEnvironment(
    "/opt/venv", (Input("requirements.txt", "x", "torchserve"), Input("requirements.txt", "x")), pins=("six==1.17.0",)
)
_HASHED = f"torch==2.13.0 --hash=sha256:{hashlib.sha256().hexdigest()}\nnumpy==2.2.0 --hash=sha256:{'0' * 64}\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _made(
    tmp_path: Path, *, spec: str = "", requirements: str = str(FILES["requirements.txt"]), python: str = "3.11"
) -> Environment:
    project = write(
        tmp_path / "project", SPEC.replace("txt}", f"txt{spec}}}"), {**FILES, "requirements.txt": requirements}
    )
    emitted = project / "emitted" / "torchserve"
    emitted.mkdir(parents=True, exist_ok=True)
    (emitted / "requirements.txt").write_text("torchserve==0.12.0\n")
    deployment = analyse(project).deployment
    assert deployment is not None
    found = Interpreter(f"/usr/bin/python{python}", python)
    return environment(deployment, _STEP, Sources(project, emitted.parent), python=found)


def _installs(made: Environment, tmp_path: Path) -> list[str]:
    shown = [" ".join(command).replace(str(tmp_path), "") for command in made.commands]
    return [line.partition(" --no-input ")[2] for line in shown if " install " in line]


def test_what_makes_it(tmp_path: Path, cache: Path) -> None:
    """A virtual environment of that Python, all requirements by one call of pip, and a look whether they fit."""
    made = _made(tmp_path)
    assert made.folder.parent == cache / "servespec" / "envs"
    assert made.commands[0] == ("/usr/bin/python3.11", "-m", "venv", "--clear", str(made.folder))
    assert _installs(made, tmp_path) == [
        "--requirement=/project/emitted/torchserve/requirements.txt --requirement=/project/requirements.txt six==1.17.0"
    ]
    assert made.commands[-1][-1] == "check"
    assert made.line.endswith(f"touch {made.folder}/.servespec-complete")


def test_from_where(tmp_path: Path) -> None:
    """Wheels and indexes of the spec are where pip looks."""
    spec = ", wheels: ./wheels, indexes: [{url: 'https://a.example/simple'}, {url: 'https://b.example/simple'}]"
    (line,) = _installs(_made(tmp_path, spec=spec), tmp_path)
    head = (
        "--find-links=/project/wheels --index-url=https://a.example/simple --extra-index-url=https://b.example/simple "
    )
    assert line.startswith(head)


def test_hashes(tmp_path: Path) -> None:
    """A file with hashes is installed by a call of its own: pip would want hashes of the server's pins too."""
    assert _installs(_made(tmp_path, requirements=_HASHED), tmp_path) == [
        "--require-hashes --requirement=/project/requirements.txt",
        "--requirement=/project/emitted/torchserve/requirements.txt six==1.17.0",
    ]


def test_its_name(tmp_path: Path) -> None:
    """The same requirements share an environment; others, or another Python, have their own."""
    made = _made(tmp_path).folder
    assert _made(tmp_path).folder == made
    others = {
        _made(tmp_path, python="3.12").folder,
        _made(tmp_path, requirements="torch==2.13.0\nnumpy==2.2.1\n").folder,
        _made(tmp_path, spec=", indexes: [{url: 'https://a.example/simple'}]").folder,
    }
    assert len(others | {made}) == 4


def test_one_that_was_not_finished(tmp_path: Path) -> None:
    """What an interrupted installation left behind is not taken for an environment."""
    made = _made(tmp_path)
    (made.folder / "bin").mkdir(parents=True)
    assert not made.is_there
    (made.folder / ".servespec-complete").touch()
    assert made.is_there
