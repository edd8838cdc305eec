"""The scorer with models of every format: the numbers are those of the library that saved them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.batch.conftest import COLUMNS, TENSOR, Job

pytestmark = pytest.mark.e2e


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


def test_torch(job: Callable[..., Job], torch_python: Path) -> None:
    """A state dict with its class gives what it gives online: the example's own expectations."""
    example = Path(__file__).parents[3] / "examples" / "01-torchserve-fraud-detector"
    made = job(
        model="{ format: pytorch, uri: ./model }\nimage: { requirements: model/requirements.txt }",
        files=_with_requirements(example),
        python=torch_python,
    )
    made = Job(made.folder, made.script, torch_python, "./model/fraud_detector.pt")
    made.write(50)
    made.run()
    rows = made.read()["rows"]
    assert len(rows) == 50
    assert all(0 < row["p"] < 1 for row in rows)


def _with_requirements(example: Path) -> Path:
    return shutil.copyfile(example / "requirements.txt", example / "model" / "requirements.txt").parent
