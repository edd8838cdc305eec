"""`servespec inspect`: what is printed, what becomes of what is no model, and that nothing is ever run."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from pathlib import Path

import pytest

from tests.projects import FILES, HEAD, SPEC, servespec, write

_MODELS = Path(__file__).parents[1] / "inspection" / "models"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with models in it."""
    for name in ("pipeline.onnx", "mlflow-columns", "malicious.pkl", "trees.joblib"):
        source = _MODELS / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return tmp_path


def test_text(folder: Path) -> None:
    """A line for each thing that is known, in two columns."""
    done = servespec(folder, "inspect", "pipeline.onnx")
    assert (done.exit, done.err) == (0, "")
    assert done.out.splitlines() == [
        "kind              ONNX",
        "format            onnx",
        "input             input FP32 [-1, 4]",
        "output            label INT64 [-1]",
        "output            probabilities FP32 [-1, 2]",
        "IR version        8",
        "opset ai.onnx     17",
        "opset ai.onnx.ml  1",
        "producer          skl2onnx 1.20.0",
    ]


def test_a_folder_and_a_file_in_it_are_one_model(folder: Path) -> None:
    """MLflow's file means its folder."""
    whole = servespec(folder, "inspect", "mlflow-columns")
    assert "framework            scikit-learn 1.9.1\n" in whole.out
    assert "input                amount FP64\n" in whole.out
    assert servespec(folder, "inspect", "mlflow-columns/MLmodel").out == whole.out


def test_json(folder: Path) -> None:
    """The same for programs."""
    done = servespec(folder, "inspect", "trees.joblib", "--format", "json")
    data = json.loads(done.out)
    assert (done.exit, data["path"], data["kind"]) == (0, "trees.joblib", "joblib")
    assert data["framework"] == {"name": "scikit-learn", "version": "1.9.1"}
    assert data["signature"]["inputs"]["tensors"] == [{"name": "", "datatype": "", "shape": [-1, 4]}]
    assert ["imports", "joblib, numpy, sklearn"] in data["details"]
    assert data["hazards"] == []


def test_hazards_are_shown(folder: Path) -> None:
    """What speaks against loading a file is told; looking at it went well."""
    done = servespec(folder, "inspect", "malicious.pkl")
    assert done.exit == 0
    assert "hazard   os.system: runs commands when the file is loaded\n" in done.out


@pytest.mark.parametrize("data", [b"", b"\x08\x08", b"not a model"])
def test_what_is_no_model(tmp_path: Path, data: bytes) -> None:
    """A sentence and exit 1, in both formats."""
    (tmp_path / "model.onnx").write_bytes(data)
    done = servespec(tmp_path, "inspect", "model.onnx")
    assert (done.exit, done.out) == (1, "")
    assert done.err.startswith("servespec: model.onnx ")
    told = servespec(tmp_path, "inspect", "model.onnx", "--format", "json")
    assert told.exit == 1
    assert done.err == f"servespec: model.onnx {json.loads(told.out)['reason']}\n"


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    """A mistake in the command, not in a model."""
    assert servespec(tmp_path, "inspect", "model.onnx").exit == 2


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """What is no file is not opened."""
    os.mkfifo(tmp_path / "model.pkl")
    assert servespec(tmp_path, "inspect", "model.pkl").err == "servespec: model.pkl is not a file\n"


def test_a_terminal_is_not_tricked(tmp_path: Path) -> None:
    """Names in a model are text of whoever made it: what a terminal would obey is spelled out."""
    name = b"\x1b[2J\xe2\x80\xae"
    (tmp_path / "model.pkl").write_bytes(b"\x80\x04cos\n" + name + b"\n.")
    out = servespec(tmp_path, "inspect", "model.pkl").out
    assert r"os.\u001b[2J\u202e" in out
    assert "\x1b" not in out


class _Bad:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("executed",)


_SKLEARN = f"{HEAD}model: {{format: sklearn, uri: ./model}}\n"
_COMMANDS = (["inspect", "model"], ["validate"], ["build"], ["init", "--force", "--yes"], ["run"], ["smoke"])


@pytest.mark.parametrize("arguments", _COMMANDS, ids=lambda arguments: arguments[0])
@pytest.mark.parametrize("protocol", [0, 4])
@pytest.mark.parametrize(("spec", "name"), [(SPEC, "weights.pt"), (_SKLEARN, "model.pkl")], ids=["torch", "sklearn"])
def test_a_malicious_model_is_never_run(
    tmp_path: Path, arguments: list[str], protocol: int, spec: str, name: str
) -> None:
    """No command that looks at a model loads it."""
    bad = pickle.dumps(_Bad(), protocol=protocol)
    write(tmp_path, spec, {**FILES, f"model/{name}": bad})
    servespec(tmp_path, *arguments)
    assert [*tmp_path.rglob("executed")] == []


def test_the_malicious_model_would_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pickle of the test above does something when it is loaded."""
    monkeypatch.chdir(tmp_path)
    pickle.loads(pickle.dumps(_Bad()))
    assert (tmp_path / "executed").is_dir()
