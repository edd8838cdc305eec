"""The emitted conversion, run with the real converters: what it writes, and what keeps it from writing anything."""

from __future__ import annotations

import hashlib
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

_ONNX = Path(__file__).parents[3] / "examples" / "07-optimize-sklearn-to-onnx" / "onnx"
_FOUR = "signature: {inputs: {tensors: [{name: 'four numbers', datatype: FP32, shape: [-1, 4]}]}}\n"
_MANY = (
    "signature:\n"
    "  inputs: {tensors: [{name: features, datatype: FP32, shape: [-1, 64]}]}\n"
    "  outputs: {tensors: [{name: fraud, datatype: FP64, shape: [-1, 1]}]}\n"
)
_TORCH = "runtime: {server: torchserve}\nimage: {base: 'example.com/with-torch:1'}\n"
_ROWS = [[0.5, -1.0, 2.0, 0.0], [-0.5, 1.0, 3.0, 100.0], [1e6, 1.0, -3.0, 0.25]]

# Blocks of a spec, a request, and the outputs by name with the type that they must have
_CASES = {
    "xgboost": (
        f"model: {{format: xgboost, uri: ./classifier.json}}\n{_FOUR}optimize: {{}}\n",
        {"four numbers": _ROWS},
        {"predict": "tensor(int64)", "predict_proba": "tensor(float)"},
    ),
    "xgboost-booster": (
        "model: {format: xgboost, uri: ./booster.ubj}\n"
        "signature:\n"
        "  inputs: {columns: {a: FP32, b: FP32, c: FP32, d: FP32}}\n"
        "  outputs: {tensors: [{name: predict, datatype: FP32, shape: [-1, 1]}]}\n"
        "targets: {optimize: {}}\n",
        {name: [[row[place]] for row in _ROWS] for place, name in enumerate("abcd")},
        {"predict": "tensor(float)"},
    ),
    "lightgbm": (
        f"model: {{format: lightgbm, uri: ./booster.txt}}\n{_FOUR}optimize: {{}}\n",
        {"four numbers": _ROWS},
        {"predict": "tensor(float)"},
    ),
    "table": (
        "model: {format: sklearn, uri: ./table.joblib}\n"
        "signature: {inputs: {columns: {amount: FP32, hour: INT64, country: BYTES}}}\n"
        "optimize: {opset: 18}\n"
        "examples:\n"
        "  - name: one\n"
        "    request: {inputs: [{name: amount, shape: [1], datatype: FP32, data: [3.5]},\n"
        "      {name: hour, shape: [1], datatype: INT64, data: [4]}, {name: country, shape: [1], datatype: BYTES, data: [de]}]}\n",
        {"amount": [[3.5], [-1.0]], "hour": [[4], [23]], "country": [["de"], ["atlantis"]]},
        {"predict": "tensor(int64)", "predict_proba": "tensor(float)"},
    ),
    "pytorch": (
        f"model: {{format: pytorch, uri: ./network}}\n{_MANY}{_TORCH}optimize: {{quantization: {{}}}}\n"
        "examples: [{name: zeros, request: {instances: [[" + ", ".join(["0.5"] * 64) + "]]}}]\n",
        {"features": [[0.5] * 64, [-1.0] * 64, [0.0] * 64]},
        {"fraud": "tensor(double)"},
    ),
    "torchscript": (
        f"model: {{format: torchscript, uri: ./script.pt}}\n{_MANY}{_TORCH}optimize: {{}}\n",
        {"features": [[0.5] * 64, [-1.0] * 64, [0.0] * 64]},
        {"fraud": "tensor(double)"},
    ),
}


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*"))


@pytest.mark.parametrize("case", _CASES)
def test_a_model_converts(case: str, conversion: Callable[[str], Any]) -> None:
    """The file has the signature's face, takes any number of rows, and answers by itself what the report compared."""
    blocks, request, outputs = _CASES[case]
    made = conversion(blocks)
    done = made.run()
    assert done.returncode == 0, done.stdout + done.stderr
    report, name = made.report, made.result.name
    found = report["parity"][name]["groups"]
    groups = found.values()
    assert {title for title, group in found.items() if "refused" in group} <= {"missing values"}
    assert sum(group["rows"] for group in groups) >= 1750
    assert [group["differing"] for group in groups] == [0] * len(groups)
    told = made.asked(**request)
    rows = len(next(iter(request.values())))
    assert {item[0]: item[1] for item in told["outputs"]} == outputs
    assert [item[0] for item in told["inputs"]] == list(request)
    assert {item[2][0] for side in ("inputs", "outputs") for item in told[side]} == {"batch"}
    assert {len(answer) for answer in told["answers"].values()} == {rows}
    assert report["files"][name]["digest"] == f"sha256:{hashlib.sha256(made.result.read_bytes()).hexdigest()}"
    assert {row["rows"] for row in report["speed"]} == {1, 32, 1024}
    assert all(row["min_us"] <= row["median_us"] and row["speed_up"] > 0 for row in report["speed"])


def test_the_example(example: Any, tmp_path: Path, free_ports: Callable[[int], list[int]], environment: Any) -> None:
    """Converted anew it is the committed file, twice; what the conversion says to write serves it, and the same
    examples are answered before and after."""
    first = example.run()
    assert first.returncode == 0, first.stderr
    data = example.result.read_bytes()
    assert data == (_ONNX / "wine-grower.onnx").read_bytes()
    assert example.run("--output", str(tmp_path / "again")).returncode == 0
    assert (tmp_path / "again" / "wine-grower.onnx").read_bytes() == data
    _, _, snippet = first.stdout.partition("model:\n")
    examples = (_ONNX / "serving.yaml").read_text().partition("examples:\n")[2]
    rest, grpc = free_ports(2)
    spec = tmp_path / "project" / "served.yaml"
    head = "apiVersion: servespec/v1\nname: wine-grower\npattern: realtime\n"
    ports = f"runtime: {{protocols: {{rest: {rest}, grpc: {grpc}}}}}\n"
    spec.write_text(f"{head}{ports}model:\n{snippet}examples:\n{examples}")
    before = tmp_path / "project" / "serving.yaml"
    before.write_text(before.read_text() + ports)
    for path, name in ((before, "mlserver"), (spec, "onnxruntime")):
        command = [sys.executable, "-m", "servespec", "run", "--smoke"]
        command += ["--venv", str(environment(name).parents[1]), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr[-3000:]
        assert "2 of 2 examples are answered as the spec says" in done.stdout


def test_a_wrong_conversion_leaves_nothing(example: Any) -> None:
    """A converter that moves a split a little is found out: exit 1, the reason, no file, not even a draft."""
    done = example.run(planted="wrong")
    assert done.returncode == 1
    assert "wine-grower.onnx does not answer as the model does" in done.stderr
    assert "nothing is written" in done.stderr
    assert _files(example.folder) == []


def test_rows_that_flip_are_counted(conversion: Callable[[str], Any]) -> None:
    """A time in seconds is not the same in float32: some rows near the example flip, and the spec may allow a few."""
    blocks = (
        "model: {format: sklearn, uri: ./clock.joblib}\n"
        "signature: {inputs: {tensors: [{name: input, datatype: FP64, shape: [-1, 3]}]}}\n"
        "examples: [{name: noon, request: {inputs: "
        "[{name: input, shape: [1, 3], datatype: FP64, data: [0.5, 0.5, 1700012300.0]}]}}]\n"
    )
    made = conversion(f"{blocks}optimize: {{}}\n")
    done = made.run()
    assert done.returncode == 1, done.stdout
    assert "random rows differ, and 0 may" in done.stderr
    assert _files(made.folder) == []
    spec = made.project.folder / "serving.yaml"
    spec.write_text(spec.read_text().replace("optimize: {}", "optimize: {tolerance: {rows: 0.2}}"))
    built = subprocess.run([sys.executable, "-m", "servespec", "build", str(spec)], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    done = made.run()
    assert done.returncode == 0, done.stderr
    assert made.report["parity"]["fraud-detector.onnx"]["groups"]["near the examples"]["differing"] > 0


def test_missing_values_lead_elsewhere(conversion: Callable[[str], Any]) -> None:
    """A forest's answer to them changes in ONNX: nothing is written until the spec says that no client sends null."""
    made = conversion(f"model: {{format: sklearn, uri: ./forest.joblib}}\n{_FOUR}optimize: {{}}\n")
    done = made.run()
    assert done.returncode == 1, done.stdout
    assert "random rows differ, and 0 may (missing values: " in done.stderr
    assert _files(made.folder) == []
    advice = done.stderr.splitlines()[-1]
    spec = made.project.folder / "serving.yaml"
    spec.write_text(spec.read_text().replace("optimize: {}", advice))
    subprocess.run([sys.executable, "-m", "servespec", "build", str(spec)], check=True, capture_output=True)
    done = made.run()
    assert done.returncode == 0, done.stderr


def test_quantization_has_its_own_tolerance(conversion: Callable[[str], Any]) -> None:
    """Within it a second, smaller model is written and compared; beyond it nothing is, not even the first."""
    blocks, _, _ = _CASES["pytorch"]
    made = conversion(blocks.replace("quantization: {}", "quantization: {tolerance: {absolute: 0, relative: 0}}"))
    done = made.run()
    assert done.returncode == 1
    assert "fraud-detector.int8.onnx does not answer as the model does" in done.stderr
    assert _files(made.folder) == []
    spec = made.project.folder / "serving.yaml"
    spec.write_text(spec.read_text().replace("tolerance: {absolute: 0, relative: 0}", "type: dynamic-int8"))
    subprocess.run([sys.executable, "-m", "servespec", "build", str(spec)], check=True, capture_output=True)
    done = made.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert _files(made.folder) == [f"fraud-detector.{end}" for end in ("int8.onnx", "onnx", "report.json")]
    sizes = {name: item["bytes"] for name, item in made.report["files"].items()}
    assert sizes["fraud-detector.int8.onnx"] < sizes["fraud-detector.onnx"] / 2
    assert 'uri: "./onnx/fraud-detector.int8.onnx"' in done.stdout


def test_another_file_is_not_loaded(example: Any) -> None:
    """A pickle that is not the one of `model.digest` is not even opened: it could run any code."""
    path = example.project.folder / "model" / "wine.joblib"
    path.write_bytes(b"cos\nsystem\n(S'touch " + str(example.project.folder / "ran").encode() + b"'\ntR.")
    done = example.run()
    assert done.returncode == 1
    assert "is not the file that model.digest names" in done.stderr
    assert not (example.project.folder / "ran").exists()


@pytest.mark.parametrize(
    ("model", "more", "words"),
    [
        ("odd.joblib", "optimize: {}", "not converted: RuntimeError: FunctionTransformer is not supported"),
        ("linear.joblib", "optimize: {quantization: {}}", "nothing to quantize"),
        ("garbage.joblib", "optimize: {}", "the model can't be loaded: "),
    ],
)
def test_a_model_that_does_not_convert(
    conversion: Callable[[str], Any], models: Path, model: str, more: str, words: str
) -> None:
    """What the library says is passed on as a sentence, and nothing is written."""
    (models / "garbage.joblib").write_bytes(b"garbage")
    made = conversion(f"model: {{format: sklearn, uri: ./{model}}}\n{_FOUR}{more}\n")
    done = made.run()
    assert done.returncode == 1
    assert done.stderr.startswith(words)
    assert "Traceback" not in done.stderr
    assert _files(made.folder) == []


def test_a_long_error_is_cut(example: Any) -> None:
    """Of an error of a megabyte and a half people see the beginning, and how long it was."""
    done = example.run(planted="loud")
    assert done.returncode == 1
    assert done.stderr.startswith("not converted: TypeError: Expected an int, got a boolean: nodes_values")
    assert done.stderr.endswith(" ... (1560031 characters in all)\n")
    assert len(done.stderr) < 1000


def test_the_command_of_the_summary(example: Any) -> None:
    """The line that the summary says to type is one of a shell, and ends with the emitted program; what it installs is
    there already."""
    (line,) = [line for line in example.project.next if "optimize/convert.py" in line]
    folder = example.project.folder
    bin_ = folder / ".venv-optimize" / "bin"
    bin_.mkdir(parents=True)
    for path, body in (
        (folder / "python", "exit 0"),
        (bin_ / "pip", "exit 0"),
        (bin_ / "python", f'exec {shlex.quote(str(example.python))} "$@"'),
    ):
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
    done = subprocess.run(
        ["sh", "-c", line], cwd=folder, env={"PATH": f"{folder}:/usr/bin:/bin"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert example.result.exists()
