"""One model, served in several ways: as servespec compiles it, and as the tools do by themselves."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from servers import Served

_ROOT = Path(__file__).parents[1]
_ENVS = _ROOT / ".e2e"
_PROGRAMS = Path(__file__).parent / "programs"
_SERVESPEC = str(Path(sys.executable).with_name("servespec"))
_SPEC = """\
apiVersion: servespec/v1
name: fraud-detector
pattern: realtime
model: {{format: {format}, uri: ./model/{model}}}
"""
_SIGNATURE = """\
signature:
  inputs: {{tensors: [{{name: input, datatype: FP32, shape: [-1, 4]}}]}}
  outputs: {{tensors: [{{name: {output}, datatype: {datatype}, shape: [-1, 2]}}]}}
"""
_ROW = [0.5, -0.25, 1.0, 2.0]
_V2 = "http://127.0.0.1:8080/v2/models/fraud-detector/infer"
_INVOCATIONS = "http://127.0.0.1:8080/invocations"
_TABLE = json.dumps({"dataframe_split": {"columns": ["a", "b", "c", "d"], "data": [_ROW]}})
_QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true"}


def train(models: Path) -> None:
    """Make the model, in all the forms that the servers take."""
    models.mkdir()
    for environment, program in (("mlflow", "train.py"), ("bench", "convert.py")):
        _do([str(_ENVS / environment / "bin" / "python"), str(_PROGRAMS / program), str(models)], cwd=models)


def stacks(models: Path, root: Path) -> Iterator[Served]:
    """Every way to serve it, each of ours followed by what it is measured against."""
    signed = _SIGNATURE.format(output="probabilities", datatype="FP32")
    onnx = _project(root / "onnx", models / "model.onnx", _SPEC.format(format="onnx", model="model.onnx") + signed)
    yield _ours("`onnxruntime`, after conversion to ONNX", onnx, "onnxruntime", _V2, _v2("probabilities"))
    yield _mlserver("the same in MLServer by its own defaults", onnx, "onnxruntime", output="probabilities")
    signed = _SIGNATURE.format(output="predict_proba", datatype="FP64")
    spec = _SPEC.format(format="sklearn", model="model.joblib") + signed
    sklearn = _project(root / "sklearn", models / "model.joblib", spec)
    yield _ours("`mlserver`, with scikit-learn", sklearn, "mlserver", _V2, _v2("predict_proba"))
    yield _mlserver("the same in MLServer by its own defaults", sklearn, "mlserver", output="predict_proba")
    mlflow = _project(root / "mlflow", models / "mlflow", _SPEC.format(format="mlflow", model="mlflow"))
    yield _ours("`mlflow`, with scikit-learn", mlflow, "mlflow", _INVOCATIONS, _TABLE)
    yield _mlflow(mlflow)


def _do(argv: list[str], *, cwd: Path) -> None:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"bench: exit code {done.returncode} of {' '.join(argv)}\n{done.stderr}")


def _v2(output: str) -> str:
    tensor = {"name": "input", "shape": [1, 4], "datatype": "FP32", "data": _ROW}
    return json.dumps({"inputs": [tensor], "outputs": [{"name": output}]})


def _project(folder: Path, model: Path, spec: str) -> Path:
    """A project that serves the model, compiled."""
    (folder / "model").mkdir(parents=True)
    copy = shutil.copytree if model.is_dir() else shutil.copy
    copy(model, folder / "model" / model.name)
    (folder / "serving.yaml").write_text(spec, encoding="utf-8")
    _do([_SERVESPEC, "build", "--no-summary"], cwd=folder)
    return folder


def _ours(name: str, project: Path, server: str, url: str, body: str) -> Served:
    run = (_SERVESPEC, "run", "--venv", str(_ENVS / server))
    return Served(name, run, project, url, body, starter=True)


def _mlserver(name: str, project: Path, server: str, *, output: str) -> Served:
    """MLServer as `mlserver start` runs it, with the runtime class of the project and no settings of ours."""
    folder = project.with_name(f"{project.name}-own")
    shutil.copytree(project / "model", folder / "model")
    for file in (project / "deploy" / "fraud-detector" / server).iterdir():
        if file.name in ("model-settings.json", "onnx_runtime.py"):
            shutil.copy(file, folder)
    return Served(name, (str(_ENVS / server / "bin" / "mlserver"), "start", "."), folder, _V2, _v2(output))


def _mlflow(project: Path) -> Served:
    serve = ("models", "serve", "--model-uri", "model/mlflow", "--port", "8080", "--env-manager", "local")
    # It starts uvicorn by its name.
    path = {"PATH": f"{_ENVS / 'mlflow' / 'bin'}:/usr/bin:/bin"}
    argv = (str(_ENVS / "mlflow" / "bin" / "mlflow"), *serve)
    return Served("`mlflow models serve`", argv, project, _INVOCATIONS, _TABLE, {**_QUIET, **path})
