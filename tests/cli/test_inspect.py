"""`servespec inspect`: what is printed, what becomes of what is no model, and that nothing is ever run."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from servespec.cli.exits import Exit
from servespec.cli.imaging import doing
from servespec.cli.main import group
from servespec.edge.engine import NoEngine
from tests.answering import answering
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


_MORE = "environments: {{a: {{}}, b: {{labels: {{stage: b}}}}}}\nexamples: [{{name: one, request: {}}}]\n"
_INPUTS = "{inputs: [{name: x, datatype: FP64, shape: [1, 1], data: [1]}]}"
_SKLEARN = f"{HEAD}model: {{format: sklearn, uri: ./model}}\n"
_MALICIOUS = {
    "pytorch": (SPEC + _MORE.format("{instances: [[1]]}"), "weights.pt"),
    "sklearn": (_SKLEARN + _MORE.format(_INPUTS), "model.pkl"),
}
"""A spec of each format, and the name of the model's file."""
_WITHIN = "deploy/fraud-detector/a/docker/Dockerfile"
_COMMANDS = {
    "init": ("--force", "--yes", "--format={format}", "--uri=model"),
    "validate": (),
    "build": ("--force",),
    "lock": ("--images=images.yaml",),
    "image build": (),
    "image push": (),
    "ci": ("github",),
    "run": ("-e", "a"),
    "smoke": ("-e", "a", "--token=t", "--url={url}"),
    "list": (),
    "show": ("-e", "a"),
    "diff": ("-e", "a", "-e", "b"),
    "explain": (f"{_WITHIN}:1",),
    "inspect": ("model",),
    "audit": (),
    "targets": ("serving.yaml", "-e", "a"),
    "schema": ("--write",),
    "completion": ("bash",),
}
"""What each command is called with, so that it looks at the model, if it is one that does."""


def _names(command: click.Command, *before: str) -> Iterator[str]:
    """Each command that there is below one."""
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from _names(below, *before, name)
    else:
        yield " ".join(before)


def test_every_command_is_tried() -> None:
    """A new command gets its line in the list above."""
    assert list(_names(group)) == list(_COMMANDS)


@pytest.mark.parametrize("name", _COMMANDS)
@pytest.mark.parametrize("protocol", [0, 4])
@pytest.mark.parametrize("format_", _MALICIOUS)
def test_a_malicious_model_is_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, protocol: int, format_: str
) -> None:
    """No command loads it or breaks on it, and the one that is to say what is in it does."""

    def engine() -> None:
        raise NoEngine("there is none here")  # what it would run is an image, not the model

    monkeypatch.setattr(doing, "_engine", engine)
    spec, file = _MALICIOUS[format_]
    files = {path: data for path, data in FILES.items() if not path.endswith(".pt")}
    write(tmp_path, spec, {**files, f"model/{file}": pickle.dumps(_Bad(), protocol=protocol)})
    (tmp_path / "images.yaml").write_text(f"'python:3.11-slim-bookworm': 'sha256:{64 * 'a'}'\n")
    (tmp_path / ".git").mkdir()
    assert servespec(tmp_path, "build").exit == 0
    with answering() as server:
        server.say({"sums": [1]})
        words = (word.format(format=format_, url=server.url) for word in _COMMANDS[name])
        done = servespec(tmp_path, *name.split(), *words)
    assert done.exit not in (Exit.BUG, Exit.USAGE)
    assert [*tmp_path.rglob("executed")] == []
    if name == "validate":
        assert "warning[model-hazard]" in done.out
    if name == "inspect":
        assert f"hazard   {os.mkdir.__module__}.mkdir: runs commands when the file is loaded\n" in done.out


def test_the_malicious_model_would_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pickle of the test above does something when it is loaded."""
    monkeypatch.chdir(tmp_path)
    pickle.loads(pickle.dumps(_Bad()))
    assert (tmp_path / "executed").is_dir()
