"""The scorer with models of every format: the numbers are those of the library that saved them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.batch.conftest import COLUMNS, TENSOR, Job

pytestmark = pytest.mark.e2e

_SAVED_MODEL = Path(__file__).parents[1] / "programs" / "saved_model.py"


@pytest.fixture(scope="session")
def trained(batch_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a classifier of payments in each format."""
    folder = tmp_path_factory.mktemp("trained") / "model"
    Job(folder, folder, batch_python, "").ask("train", folder)
    return folder


@pytest.mark.parametrize(
    ("kind", "file", "inputs"),
    [
        ("sklearn", "forest.joblib", COLUMNS),
        ("xgboost", "classifier.json", COLUMNS),
        ("lightgbm", "booster.txt", TENSOR.replace("FP32", "FP64")),
        ("mlflow", "mlflow", COLUMNS),
    ],
)
def test_a_format(job: Callable[..., Job], trained: Path, kind: str, file: str, inputs: str) -> None:
    """Classes and probabilities are the library's own."""
    made = job(model=f"{{ format: {kind}, uri: ./model/{file} }}", inputs=inputs, files=trained)
    made.write(1000)
    made.run()
    truth, rows = made.ask("truth", kind, made.folder / "model" / file, 1000, 1), made.read()["rows"]
    assert [row["fraud"] for row in rows] == truth["prediction"]
    assert [row["p"] for row in rows] == pytest.approx(truth["probability"], rel=0, abs=1e-7)


def test_a_value_that_is_missing(job: Callable[..., Job], trained: Path) -> None:
    """A model of trees takes a missing number as one."""
    made = job(model="{ format: xgboost, uri: ./model/classifier.json }", inputs=TENSOR, files=trained)
    made.write(100, amount="null")
    assert "published 100 rows" in made.run()


def test_torch(
    job: Callable[..., Job], batch_python: Path, torch_python: Path, truth: Callable[[object], list[float]]
) -> None:
    """A state dict with its class gives the probabilities that torch itself gives."""
    made = job(
        model="{ format: pytorch, uri: ./model }\nimage: { requirements: requirements.txt }",
        files=Path(__file__).parents[3] / "examples" / "01-torchserve-fraud-detector" / "model",
        python=torch_python,
        loads="model/fraud_detector.pt",
    )
    by_arrow = replace(made, python=batch_python)
    by_arrow.write(50)
    made.run()
    rows = by_arrow.read()["rows"]
    given = [[row["amount"], row["category"], row["hour"], row["day"]] for row in rows]
    assert [row["p"] for row in rows] == pytest.approx(truth(given), rel=0, abs=1e-6)


def test_tensorflow(
    job: Callable[..., Job], batch_python: Path, environment: Callable[[str], Path], tmp_path: Path
) -> None:
    """A SavedModel gives the probabilities that TensorFlow itself gives."""
    python, saved = environment("tensorflow"), tmp_path / "saved"
    _saved_model(python, "make", str(saved / "detector"))
    made = job(model="{ format: tensorflow, uri: ./model/detector }", files=saved, python=python)
    by_arrow = replace(made, python=batch_python)
    by_arrow.write(1000)
    made.run()
    rows = by_arrow.read()["rows"]
    given = [[row["amount"], row["category"], row["hour"], row["day"]] for row in rows]
    answers = json.loads(_saved_model(python, "ask", str(made.folder / made.model), json.dumps(given)))
    assert [row["p"] for row in rows] == pytest.approx(answers, rel=0, abs=1e-6)
    assert [row["fraud"] for row in rows] == [int(answer >= 0.5) for answer in answers]
    assert len({row["fraud"] for row in rows}) == 2


def _saved_model(python: Path, *arguments: str) -> str:
    done = subprocess.run([python, _SAVED_MODEL, *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
