"""The examples with a batch, as their READMEs say to run them."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

_EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def example(tmp_path: Path, batch_python: Path, build: Callable[[Path], Any]) -> Callable[..., Any]:
    """A copy of an example with its data, scored for an interval."""

    def make(name: str, data: str, start: str) -> Any:
        folder = tmp_path / name
        shutil.copytree(_EXAMPLES / name, folder, ignore=shutil.ignore_patterns("deploy", "data"))
        project = build(folder)
        subprocess.run([batch_python, "make_data.py", data], cwd=folder, check=True)
        options = ("run", f"--venv={batch_python.parents[1]}", f"--interval-start={start}")
        subprocess.run([sys.executable, "-m", "servespec", *options], cwd=folder, check=True, capture_output=True)
        return project

    return make


def test_a_day_of_payments(example: Callable[..., Any]) -> None:
    """All but the payment without an amount have a probability; that one is apart."""
    project = example("13-batch-onnx", "2026-01-05", "2026-01-05")
    manifests = [
        json.loads((project.folder / "data" / kind / "2026-01-05" / "_manifest.json").read_text())
        for kind in ("scores", "rejected")
    ]
    assert [manifest["rows"] for manifest in manifests] == [9_999, 1]
    assert manifests[0]["interval"] == {"start": "2026-01-05T02:00:00+01:00", "end": "2026-01-06T02:00:00+01:00"}
    assert manifests[0]["model"]["version"] == "3"


def test_two_faces_answer_alike(example: Callable[..., Any], start: Callable[..., Any], tmp_path: Path) -> None:
    """What the job wrote of each flower of a month is what the server answers."""
    project = example("14-realtime-and-batch", "2026-01", "2026-01-01")
    with (project.folder / "data/flowers/2026-01.csv").open() as file:
        flowers = [[float(value) for value in row[1:]] for row in list(csv.reader(file))[1:]]
    (path,) = (project.folder / "data/species/2026-01").glob("*.jsonl")
    written = [json.loads(line) for line in path.read_text().splitlines()]
    data = [value for flower in flowers for value in flower]
    request = {"inputs": [{"name": "input", "shape": [len(flowers), 4], "datatype": "FP32", "data": data}]}
    with start(project, tmp_path / "scratch", "mlserver") as server:
        server.wait_until_ready()
        answers = {}
        for output in ("predict", "predict_proba"):
            status, answer = server.post({**request, "outputs": [{"name": output}]})
            assert status == 200, answer
            answers[output] = answer["outputs"][0]["data"]
    assert [row["species"] for row in written] == answers["predict"]
    assert [value for row in written for value in row["probabilities"]] == answers["predict_proba"]
    assert len(written) == 200
