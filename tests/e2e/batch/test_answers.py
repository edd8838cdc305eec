"""What a scorer makes of answers that are not one good number a row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.batch.conftest import COLUMNS, DAY, Job

pytestmark = pytest.mark.e2e

Make = Callable[..., Job]
_THREE = "{ format: sklearn, uri: ./model/three.joblib }"
_STOPPED = "{ format: xgboost, uri: ./model/stopped.json }"
_PROBABILITY = "{ probability: p }"


@pytest.fixture(scope="session")
def odd(batch_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model that gives NaN, and one of three classes."""
    folder = tmp_path_factory.mktemp("odd") / "model"
    Job(folder, folder, batch_python, "").ask("train_odd", folder)
    return folder


def test_a_probability_that_is_no_number(job: Make, odd: Path) -> None:
    """It closes the gate, although the class that is made of it is a number."""
    made = job(model="{ format: onnx, uri: ./model/log.onnx }", files=odd)
    made.write(10, amount=1.0)
    assert "of 10 predictions are missing, 0.00% may be" in made.run(code=5)
    assert not (made.folder / "out" / DAY).exists()


def test_probabilities_of_three_classes(job: Make, odd: Path) -> None:
    """Each of them has to be in the range, and a row has all of them."""
    given = {"model": _THREE, "inputs": COLUMNS, "files": odd, "append": _PROBABILITY}
    made = job(**given, more="  gates: { range: { min: 0, max: 1 } }")
    made.write(10)
    made.run()
    assert [sum(row["p"]) for row in made.read()["rows"]] == pytest.approx([1] * 10)
    made = job(**given, more="  gates: { range: { max: 0.2 } }")
    assert "and 0.2 is the most that may be" in made.run(code=5)


@pytest.mark.parametrize("append", ["{ prediction: fraud }", "{ prediction: fraud, probability: p }"])
def test_a_classifier_that_was_stopped_early(job: Make, odd: Path, append: str) -> None:
    """Its prediction is the class, whatever else is appended, and both are those of its best trees."""
    made = job(model=_STOPPED, inputs=COLUMNS, files=odd, append=append)
    made.write(500)
    made.run()
    truth, rows = made.ask("truth", "xgboost", made.folder / made.model, 500, 1), made.read()["rows"]
    assert [row["fraud"] for row in rows] == truth["prediction"]
    assert [row["p"] for row in rows if "p" in row] == pytest.approx(truth["probability"] if "p" in rows[0] else [])


@pytest.mark.parametrize("name", ["linear", "labels"])
def test_classifiers_that_answer_in_another_way(job: Make, odd: Path, name: str) -> None:
    """Linear models, and those of several labels, say the same with their probabilities beside it."""
    answers = []
    for append in ("{ prediction: fraud }", "{ prediction: fraud, probability: p }"):
        made = job(model=f"{{ format: xgboost, uri: ./model/{name}.json }}", inputs=COLUMNS, files=odd, append=append)
        made.write(50)
        made.run()
        answers.append([row["fraud"] for row in made.read()["rows"]])
    assert answers[0] == answers[1]
    assert isinstance(answers[0][0], list) == (name == "labels")


def test_a_whole_number_that_is_missing(job: Make, odd: Path) -> None:
    """A model that takes NaN takes it for a column of integers too, when nobody has said that it takes integers."""
    made = job(model=_STOPPED, inputs="", files=odd)
    made.write(100, hour="null")
    assert "published 100 rows" in made.run()
    assert made.read()["rows"][0]["hour"] is None


def test_probabilities_in_a_format_without_lists(job: Make, odd: Path) -> None:
    """CSV can't have those of three classes: it would be the same the next time."""
    made = job(model=_THREE, inputs=COLUMNS, files=odd, append=_PROBABILITY, output="csv")
    made.write(10)
    assert "part-00000.csv can't have such a column: Unsupported Type" in made.run(code=4)
