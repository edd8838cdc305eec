"""`servespec init`: a spec that stands, from what is there, with nobody's work lost."""

from __future__ import annotations

import errno
import io
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servespec.cli.main import run
from servespec.cli.starting.writing import Choices, spec_text
from servespec.inspection.candidates import Candidate
from servespec.source import load

_ROOT = Path(__file__).parents[2]
_MODEL = _ROOT / "examples" / "01-torchserve-fraud-detector" / "model"
_WEIGHTS = _MODEL / "fraud_detector.pt"
_OPEN = {"name": "input", "shape": [1, 4], "datatype": "FP32", "data": [0.5] * 4}
_COLUMNS = ["amount", "category_encoded", "hour", "day_of_week"]
# The start of a zip archive and the name that TorchScript gives its code, which is all that is looked at.
_TORCHSCRIPT = b"PK\x03\x04" + b"\0" * 200 + b"net/code/__torch__/net.py"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project folder, where the command runs, without a terminal."""
    project = tmp_path / "Fraud_Detector 2"
    project.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(project)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return project


def _put(project: Path, folder: str, *, handler: bool = False, requirements: bool = True) -> None:
    """A PyTorch model with its class."""
    (project / folder).mkdir(exist_ok=True)
    for name in ("model.py", "fraud_detector.pt", *(["handler.py"] if handler else [])):
        shutil.copy(_MODEL / name, project / folder / name)
    if requirements:
        (project / "requirements.txt").write_text("torch==2.13.0\nnumpy==2.2.0\n")


def _written() -> dict[str, Any]:
    """The spec as another reader of YAML has it, after servespec has found no error in it."""
    assert run(["validate"]) == 0
    spec = yaml.safe_load(Path("serving.yaml").read_text("utf-8"))
    assert isinstance(spec, dict)
    return spec


def test_a_folder_with_a_model(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A folder of its own is served as a whole; the name comes from the project's folder."""
    _put(project, "model", handler=True)
    assert run(["init"]) == 0
    out, err = capfd.readouterr()
    assert "wrote serving.yaml" in err
    assert "next:\n  servespec build serving.yaml\n" in out
    assert _written() == {
        "apiVersion": "servespec/v1",
        "name": "fraud-detector-2",
        "pattern": "realtime",
        "model": {"format": "pytorch", "uri": "./model"},
        "runtime": {"server": "torchserve"},
        "image": {"requirements": "./requirements.txt"},
    }


def test_the_schema_is_where_the_spec_says(project: Path) -> None:
    """The first line names the schema for editors, and there it is."""
    _put(project, "model")
    assert run(["init"]) == 0
    head = Path("serving.yaml").read_text("utf-8").split("\n")[0]
    assert head == "# yaml-language-server: $schema=.servespec/serving.schema.json"
    assert (project / ".servespec" / "serving.schema.json").is_file()


def test_a_model_beside_the_spec(project: Path) -> None:
    """Files that lie about in the project folder are named one by one."""
    _put(project, ".", handler=True)
    assert run(["init"]) == 0
    assert _written()["model"] == {
        "format": "pytorch",
        "uri": "./fraud_detector.pt",
        "code": "./model.py",
        "handler": {"file": "./handler.py"},
    }


def test_torchscript_needs_no_class(project: Path) -> None:
    """A TorchScript file is known by its bytes, whatever it is called."""
    (project / "net.pt").write_bytes(_TORCHSCRIPT)
    (project / "requirements.txt").write_text("torch==2.13.0\nnumpy==2.2.0\n")
    assert run(["init"]) == 0
    assert _written()["model"] == {"format": "torchscript", "uri": "./net.pt"}


def test_flags_beat_what_is_found(project: Path) -> None:
    """Everything that is derived can be said instead."""
    _put(project, "model")
    _put(project, "other")
    flags = ["--name", "scorer", "--uri", "other/fraud_detector.pt", "--format", "pytorch"]
    assert run(["init", *flags, "--pattern", "realtime", "--server", "torchserve", "--yes"]) == 0
    spec = _written()
    assert spec["name"] == "scorer"
    assert spec["model"]["uri"] == "./other"


def test_another_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that is named gets the spec, with paths relative to it."""
    _put(project, "model")
    monkeypatch.chdir(project.parent)
    assert run(["init", project.name]) == 0
    assert (project / "serving.yaml").is_file()
    assert not Path("serving.yaml").exists()
    monkeypatch.chdir(project)
    assert _written()["name"] == "fraud-detector-2"


@pytest.mark.parametrize(
    ("files", "arguments", "flag"),
    [
        ((), (), "--uri"),
        (("a/x.pt", "a/model.py", "b/x.pt", "b/model.py"), (), "--uri"),
        (("a/x.pt", "a/model.py", "a/y.pt"), ("--yes",), "--uri"),
        (("x.pt",), (), "--code"),
        (("x.pt", "model.py"), ("--format", "torchscript"), "--uri"),
        ((), ("--uri", "s3://bucket/model"), "--format"),
        (("x.pt", "model.py"), ("--name", "Fraud Detector"), "--name"),
        (("x.pt", "model.py"), ("--pattern", "realtme"), "--pattern"),
        (("x.pt", "model.py"), ("--format", "pytroch"), "--format"),
        (("x.pt", "model.py"), ("--server", "triton"), "--server"),
    ],
)
def test_what_is_missing_must_come_from_a_flag(
    project: Path, files: tuple[str, ...], arguments: tuple[str, ...], flag: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without a terminal nobody is asked: wrong usage names the flag that decides, and nothing is written."""
    for name in files:
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_bytes(b"weights")
    assert run(["init", *arguments]) == 2
    assert flag in capfd.readouterr().err.partition("Error:")[2]
    assert not Path("serving.yaml").exists()
    assert not Path(".servespec").exists()


def test_code_elsewhere_is_named_by_a_flag(project: Path) -> None:
    """Weights without their class in sight are served once its file is named."""
    _put(project, "model")
    (project / "model" / "model.py").rename(project / "net.py")
    assert run(["init", "--code", "./net.py"]) == 0
    assert _written()["model"] == {"format": "pytorch", "uri": "./model", "code": "./net.py"}


def test_a_spec_that_is_there_stays(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An existing spec is replaced by `--force` only, a broken link that bears its name too."""
    _put(project, "model")
    Path("serving.yaml").write_text("mine")
    assert run(["init"]) == 4
    assert "--force" in capfd.readouterr().err
    assert Path("serving.yaml").read_text() == "mine"
    assert run(["init", "--force"]) == 0
    assert _written()["name"] == "fraud-detector-2"
    Path("serving.yaml").unlink()
    Path("serving.yaml").symlink_to("nowhere")
    assert run(["init"]) == 4


def test_a_spec_stays_whole_on_a_full_disk(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spec that was to be replaced is all there when that fails."""
    _put(project, "model")
    (project / "serving.yaml").write_text("name: mine\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert run(["init", "--force"]) == 5
    assert (project / "serving.yaml").read_text() == "name: mine\n"
    assert not list(project.glob(".serving*"))


def test_what_is_wrong_in_the_project_is_shown(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where what was found has an error, it is shown at once, and the next step is not a build."""
    _put(project, "model", requirements=False)
    assert run(["init"]) == 0
    out, err = capfd.readouterr()
    assert "error[framework-not-installed]" in err
    assert "servespec validate serving.yaml" in out


def test_a_person_is_asked(project: Path) -> None:
    """On a terminal each open question is asked, with what was found as the default."""
    _put(project, "a")
    _put(project, "b")
    said = _on_a_terminal(project, b"scorer\n", b"\n", b"./b\n")
    assert "Name of the service [fraud-detector-2]" in said
    assert "Pattern (realtime, batch, streaming) [realtime]" in said
    assert "Model (./a, ./b)" in said
    spec = _written()
    assert spec["name"] == "scorer"
    assert spec["model"]["uri"] == "./b"


def test_a_batch_has_its_block(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Another pattern than the usual one comes with the block that it needs, and without what nobody would send it."""
    _put(project, "model")
    assert run(["init", "--pattern", "batch"]) == 0
    assert "servespec smoke" not in Path("serving.yaml").read_text("utf-8")
    assert not Path("serving.yaml").read_text("utf-8").endswith("\n\n")
    assert _written()["batch"]["schedule"] == {"cron": "@daily"}
    assert "error[" not in capfd.readouterr().err


def test_a_stream_has_its_block(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """So has a stream, with the connection that it names, and examples that are events."""
    _put(project, "model")
    assert run(["init", "--pattern", "streaming"]) == 0
    assert _written()["streaming"]["source"]["connection"] == _written()["connections"][0]["name"]
    assert _written()["streaming"]["features"] == ["amount", "hour"]
    assert json.dumps({"amount": 0.5, "hour": 0.5}) in Path("serving.yaml").read_text("utf-8")
    assert "error[" not in capfd.readouterr().err


def _on_a_terminal(project: Path, *answers: bytes) -> str:
    """What `init` writes to a terminal on which somebody types the answers, each when it is asked for."""
    ours, theirs = pty.openpty()
    code = "from servespec.cli.main import main; main()"
    env = {**os.environ, "PYTHONPATH": str(_ROOT)}
    waiting = list(answers)
    with subprocess.Popen(
        [sys.executable, "-c", code, "init"], cwd=project, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        said = b""
        while chunk := _read(ours):
            said += chunk
            # What is typed before a prompt may be thrown away when the terminal is made ready for it.
            if said.endswith(b": "):
                assert waiting, f"one question too many: {said!r}"
                os.write(ours, waiting.pop(0))
        os.close(ours)
    assert process.returncode == 0, said
    assert not waiting, said
    return said.decode()


def _read(terminal: int) -> bytes:
    ready, _, _ = select.select([terminal], [], [], 60)
    assert ready, "nothing was written for a minute"
    try:
        return os.read(terminal, 4096)
    except OSError as failure:  # Linux: the other end of a terminal is closed
        if failure.errno != errno.EIO:
            raise
        return b""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(uri=st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable()))
def test_any_path_is_written_safely(uri: str) -> None:
    """Whatever a file is called, the spec reads back with just that path in it."""
    text = spec_text(Choices("a", "realtime", Candidate("pytorch", uri), "torchserve", uri))
    findings = load("serving.yaml", text.encode())
    assert findings.report.diagnostics == ()
    value = findings.document.value
    assert isinstance(value, dict)
    assert value["model"] == {"format": "pytorch", "uri": uri}
    assert value["image"] == {"requirements": uri}


@pytest.mark.parametrize(
    ("model", "format_"),
    [
        ("pipeline.onnx", "onnx"),
        ("pipeline.joblib", "sklearn"),
        ("booster.ubj", "xgboost"),
        ("lightgbm.txt", "lightgbm"),
        ("mlflow-columns", "mlflow"),
        ("tensorflow", "tensorflow"),
    ],
)
def test_a_model_of_any_format_is_found(
    model: str, format_: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The files themselves say what they are; the spec that comes of it names the format and the path."""
    source = Path(__file__).parents[1] / "inspection" / "models" / model
    folder = tmp_path / "churn"
    (shutil.copytree if source.is_dir() else shutil.copy)(
        source, (folder / model) if source.is_dir() else _made(folder)
    )
    assert run(["init", str(folder), "--yes"]) == 0
    spec = yaml.safe_load((folder / "serving.yaml").read_text())
    assert (spec["model"]["format"], spec["model"]["uri"]) == (format_, f"./{model}")
    assert "error[" not in capfd.readouterr().err


@pytest.mark.parametrize("model", ["lightgbm.txt", "trees.joblib"])
def test_the_comments_have_as_many_features_as_the_model(model: str, tmp_path: Path) -> None:
    """Whether it tells their names or their number: the signature and the example are for rows that it takes."""
    source = Path(__file__).parents[1] / "inspection" / "models" / model
    folder = tmp_path / "churn"
    shutil.copy(source, _made(folder))
    assert run(["init", str(folder), "--yes"]) == 0
    text = (folder / "serving.yaml").read_text()
    assert "#   inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}\n" in text
    assert f"#     request: {json.dumps({'inputs': [_OPEN]})}\n" in text


@pytest.mark.parametrize("model", ["pipeline.joblib", "booster.ubj", "lightgbm.txt", "trees.joblib"])
@pytest.mark.parametrize("first", ["signature:", "examples:"])
def test_the_comments_are_right(model: str, first: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Also the example alone, of a model that knows its columns: without a signature MLServer hands it one input."""
    source = Path(__file__).parents[1] / "inspection" / "models" / model
    folder = tmp_path / "churn"
    shutil.copy(source, _made(folder))
    assert run(["init", str(folder), "--yes"]) == 0
    head, mark, comments = (folder / "serving.yaml").read_text().partition(f"# {first}\n")
    text = head + re.sub(r"^# (?![A-Z])", "", mark + comments, flags=re.MULTILINE)
    (folder / "serving.yaml").write_text(text)
    assert first.rstrip(":") in yaml.safe_load(text)
    assert run(["validate", str(folder)]) == 0, capfd.readouterr().out


@pytest.mark.parametrize("pattern", ["batch", "streaming"])
def test_as_many_columns_are_read_as_the_model_takes(
    pattern: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A first spec of files or events is right as it is, whatever the width of the model."""
    source = Path(__file__).parents[1] / "cases" / "_project" / "onnx" / "model.onnx"
    folder = tmp_path / "churn"
    shutil.copy(source, _made(folder))
    assert run(["init", str(folder), "--pattern", pattern, "--yes"]) == 0
    spec = yaml.safe_load((folder / "serving.yaml").read_text())
    read = spec["batch"]["input"]["columns"] if pattern == "batch" else spec["streaming"]["features"]
    assert read == ["feature_1", "feature_2", "feature_3", "feature_4"]
    capfd.readouterr()
    assert run(["validate", str(folder)]) == 0, capfd.readouterr().err


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("file", "signature"),
    [
        (
            "pipeline.onnx",
            {
                "inputs": {"tensors": [{"name": "input", "datatype": "FP32", "shape": [-1, 4]}]},
                "outputs": {
                    "tensors": [
                        {"name": "label", "datatype": "INT64", "shape": [-1]},
                        {"name": "probabilities", "datatype": "FP32", "shape": [-1, 2]},
                    ]
                },
            },
        ),
        ("pipeline.joblib", None),
    ],
    ids=["all of it is told", "datatypes are not"],
)
def test_what_the_model_says_is_written(project: Path, file: str, signature: object) -> None:
    """A signature that the model tells whole need not be typed; what it keeps to itself is not guessed."""
    shutil.copy(_ROOT / "tests" / "inspection" / "models" / file, project / file)
    assert run(["init", "--pattern", "realtime"]) == 0
    written = _written()
    assert written.get("signature") == signature
    assert ("# signature:" in Path("serving.yaml").read_text("utf-8")) == (signature is None)


def test_the_library_that_saved_it_is_written(project: Path) -> None:
    """The image is to get the version of scikit-learn that the model needs."""
    older = (_ROOT / "tests" / "inspection" / "models" / "pipeline.pkl").read_bytes().replace(b"1.9.1", b"1.8.0")
    (project / "model.pkl").write_bytes(older)
    assert run(["init"]) == 0
    assert _written()["model"]["framework"] == {"name": "scikit-learn", "version": "1.8.0"}


def test_a_folder_without_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    """It is said where was looked, of whatever format the model may be, and how to say where it is."""
    assert run(["init", "--yes"]) == 2
    said = "There is no model here, nor in a folder right below. Path of the model? Say it with --uri."
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("example", "request_"),
    [
        ("01-torchserve-fraud-detector", {"instances": [[0.5, 0.5]]}),
        ("02-onnxruntime-fraud-detector", {"inputs": [_OPEN]}),
        ("03-mlserver-sklearn", {"inputs": [_OPEN]}),
        ("04-mlflow-fraud-detector", {"dataframe_split": {"columns": _COLUMNS, "data": [[0.5] * 4]}}),
        ("06-triton-onnx", {"inputs": [{**_OPEN, "name": "features"}]}),
    ],
)
def test_what_stands_in_comments(project: Path, example: str, request_: dict[str, Any]) -> None:
    """Taken out of them it is right: the example has the form of the server, and the inputs of the model."""
    shutil.copytree(_ROOT / "examples" / example / "model", project / "model")
    (project / "requirements.txt").write_text("torch==2.13.0\nnumpy==2.2.0\n")
    assert run(["init"]) == 0
    written = Path("serving.yaml").read_text("utf-8")
    Path("serving.yaml").write_text(re.sub(r"^# (?![A-Z]|yaml)", "", written, flags=re.MULTILINE), "utf-8")
    (found,) = _written()["examples"]
    assert found["request"] == request_


@pytest.mark.parametrize(("format_", "save"), [("xgboost", "model.json"), ("lightgbm", "model.txt")])
def test_a_pickled_booster(project: Path, capfd: pytest.CaptureFixture[str], format_: str, save: str) -> None:
    """No spec is written that could not be built; it is said how the model is saved instead."""
    assert run(["init", "--uri", "./booster.pkl", "--format", format_]) == 2
    assert f'save_model("{save}")' in capfd.readouterr().err
    assert not (project / "serving.yaml").exists()
