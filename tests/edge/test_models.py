"""Asking models what they are, as far as the disk plays a part in it."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from servespec.edge import models
from servespec.edge.gather import gather
from servespec.facts import Depth, Facts, Wanted
from servespec.inspection.blob import Blob
from servespec.models import Inspection, Unknown

_MODELS = Path(__file__).parents[1] / "inspection" / "models"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with an ONNX file and a model of MLflow, beside a folder that is not of the repository."""
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    (folder / "onnx").mkdir()
    shutil.copy(_MODELS / "pipeline.onnx", folder / "onnx" / "model.onnx")
    shutil.copytree(_MODELS / "mlflow-columns", folder / "mlflow")
    return folder


def _look(project: Path, path: str, suffixes: tuple[str, ...] | None, depth: Depth = Depth.LISTED) -> Facts:
    return gather(project, [Wanted(path, depth, suffixes)])


@pytest.mark.parametrize("path", ["onnx", "onnx/model.onnx"])
def test_a_file_is_asked(project: Path, path: str) -> None:
    """The model's file is asked, be it named or found in a named folder."""
    found = _look(project, path, (".onnx",)).model("onnx/model.onnx")
    assert found is not None
    assert found.format == "onnx"


def test_a_folder_is_asked(project: Path) -> None:
    """A model that is a folder is asked as one, with the files in it."""
    found = _look(project, "mlflow", (), Depth.SOURCES).model("mlflow")
    assert found is not None
    assert found.detail("model.pkl") == "pickle"


def test_nobody_asks(project: Path) -> None:
    """What was not asked says nothing, and neither does what is no model."""
    (project / "onnx" / "notes.txt").write_text("tree\n")
    assert _look(project, "onnx/model.onnx", None).model("onnx/model.onnx") is None
    assert _look(project, "onnx", (".onnx",)).file("onnx/notes.txt").model is None
    assert _look(project, "absent", (".onnx",)).model("absent") is None


def test_a_link_out_of_the_repository(project: Path) -> None:
    """A model's file that lies elsewhere is not read, neither by itself nor as a part of a folder."""
    shutil.move(project / "onnx" / "model.onnx", project.parent / "model.onnx")
    shutil.move(project / "mlflow" / "model.pkl", project.parent / "model.pkl")
    (project / "onnx" / "model.onnx").symlink_to(project.parent / "model.onnx")
    (project / "mlflow" / "model.pkl").symlink_to(project.parent / "model.pkl")
    assert _look(project, "onnx", (".onnx",)).file("onnx/model.onnx").model is None
    found = _look(project, "mlflow", (), Depth.SOURCES).model("mlflow")
    assert isinstance(found, Inspection)
    assert found.detail("model.pkl") is None


def test_a_file_that_can_not_be_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as such, and stops nothing."""

    def refused(path: Path) -> Blob:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(models, "blob", refused)
    told = _look(project, "onnx", (".onnx",)).file("onnx/model.onnx").model
    assert told == Unknown("can't be read: Permission denied")
