"""What an image would hold, put together without building it."""

from __future__ import annotations

from pathlib import Path

import pytest

from servespec.deployment.images import ImageReference
from servespec.running.cannot import CannotRun
from servespec.running.compiled import Compiled
from servespec.running.folder import RunFolder
from servespec.running.furnish import furnish, placed, python_step
from servespec.targets.container import (
    BuiltImage,
    Container,
    Copy,
    Input,
    Packages,
    PythonEnvironment,
    Run,
    Stage,
    Step,
    Take,
)
from tests.projects import SPEC, analyse, picture, write

_BASE = ImageReference("python", "3.11")
_VENV = PythonEnvironment("/opt/venv")
_MODEL = Copy((Input("model", "x"),), "/src/model/")
_CODE = Copy((Input("requirements.txt", "x"), Input("serve.py", "x", "s")), "/src/model/code/")
_TAKE = Take("model", "/src/model/", "/srv/s/model/", "x")


def _container(*steps: Step, earlier: tuple[Step, ...] = ()) -> Container:
    stages = (Stage(_BASE, earlier, "model"), Stage(_BASE, steps))
    return Container("s", stages, "/srv/s", (), {}, entrypoint=(), health=(), ports=(), stop_seconds=1, why="x")


def test_what_goes_where(tmp_path: Path) -> None:
    """Folders give what they hold, files keep their names or get a new one, and emitted ones come from their target."""
    project = write(tmp_path / "project", SPEC)
    folder = RunFolder(tmp_path / "run")
    (folder.emitted / "s").mkdir(parents=True)
    (folder.emitted / "s" / "serve.py").write_text("serve")
    (folder.root / "srv" / "s" / "old").mkdir(parents=True)
    container = _container(
        *(Packages(("jre",), "x"), _VENV, _TAKE),
        Copy((Input("serve.py", "x", "s"),), "/srv/s/"),
        Copy((Input("requirements.txt", "x"),), "/srv/s/other.txt"),
        earlier=(_MODEL, _CODE, Run(("chmod", "-R", "a+rX", "/src"), ("security.runAsUser",))),
    )
    deployment = analyse(project).deployment
    assert deployment is not None
    furnish(Compiled(deployment, {"realtime": BuiltImage(container, _BASE)}, project, folder))
    assert set(picture(folder.root)) == {
        *("srv/s/serve.py", "srv/s/other.txt", "srv/s/model/model.py", "srv/s/model/weights.pt"),
        *("srv/s/model/code/requirements.txt", "srv/s/model/code/serve.py"),
    }
    assert not (folder.root / "srv" / "s" / "old").exists()


@pytest.mark.parametrize(
    "container",
    [
        _container(_VENV, Run(("convert",), ("optimize",))),
        _container(_VENV, _TAKE, earlier=(_MODEL, Run(("convert",), ("optimize",)))),
        _container(_VENV, _TAKE, earlier=(_MODEL, PythonEnvironment("/opt/tool"))),
    ],
)
def test_what_only_a_build_makes(container: Container) -> None:
    """Where a command of the build makes something, nothing is started without it."""
    with pytest.raises(CannotRun, match="s needs what only its image's build makes; use --docker"):
        list(placed(container))


def test_an_image_without_python() -> None:
    """A server that comes as an image has no environment to be made here."""
    assert python_step(_container(_VENV)) is _VENV
    with pytest.raises(CannotRun, match="s runs in an image of its own; use --docker"):
        python_step(_container())
