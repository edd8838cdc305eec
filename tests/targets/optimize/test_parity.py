"""What the emitted conversion asks both models, and what it says of answers that differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from servespec.emit import template

_EXACT = {"absolute": 0, "relative": 0, "rows": 0}
_Feed = Mapping[str, Any]


@pytest.fixture
def parity() -> SimpleNamespace:
    """What the program defines."""
    program: dict[str, Any] = {}
    exec(compile(template.render("optimize/parity.py", {}).text, "parity.py", "exec"), program)
    return SimpleNamespace(**program)


def _spec(*, missing: float, datatype: str = "FP32", examples: int = 1) -> Any:
    return {
        "inputs": [{"name": "x", "datatype": datatype, "shape": [-1, 4]}],
        "examples": [{"x": {"data": [[1, 2, 3, 4]], "shape": None}}] * examples,
        "random": {"rows": 800, "seed": 0, "missing": missing},
    }


def _trees(left: bool) -> Callable[[_Feed], _Feed]:
    """A model that looks at the first column, and sends what is missing there to the left or to the right."""
    return lambda feed: {"y": np.where(np.isnan(feed["x"]), left, feed["x"] < 1)[:, 0]}


def _linear(feed: _Feed) -> _Feed:
    if np.isnan(feed["x"]).any():
        raise ValueError("Input X contains NaN.")
    return {"y": feed["x"].sum(axis=1)}


@pytest.mark.parametrize("examples", [0, 1])
def test_missing_values_are_asked(parity: SimpleNamespace, examples: int) -> None:
    """Trees that lead missing values another way are found out; that group is named, and what can be done about it."""
    answers = parity.asked(_spec(missing=0.1, examples=examples), _trees(left=True))
    found = parity.compared(answers, _trees(left=False), _EXACT)
    wrong = {name: group["differing"] for name, group in found["groups"].items() if group["differing"]}
    assert list(wrong) == ["missing values"]
    assert found["reason"].endswith(f" random rows differ, and 0 may (missing values: {wrong['missing values']})")
    assert "optimize: {randomInputs: {missing: 0}}" in parity.advice(found)
    assert parity.compared(answers, _trees(left=True), _EXACT)["reason"] is None


def test_half_of_the_rows_are_near_the_examples(parity: SimpleNamespace) -> None:
    """The missing ones are among those that were asked for, and the others are as many for each scale."""
    found = parity.compared(parity.asked(_spec(missing=0.1), _trees(left=True)), _trees(left=True), _EXACT)
    rows = {name: group["rows"] for name, group in found["groups"].items()}
    scales = dict.fromkeys(("ordinary", "hundreds", "large", "missing values"), 100)
    assert rows == {"examples": 1, "near the examples": 400, **scales}


def test_a_model_that_refuses_them_is_asked_the_rest(parity: SimpleNamespace) -> None:
    """Its refusal stands in the report of that group alone, and other differences are told without that advice."""
    answers = parity.asked(_spec(missing=0.1), _linear)
    found = parity.compared(answers, _linear, _EXACT)
    assert found["reason"] is None
    refused = {name: group["refused"] for name, group in found["groups"].items() if "refused" in group}
    assert refused == {"missing values": "ValueError: Input X contains NaN."}
    other = parity.compared(answers, lambda feed: {"y": feed["x"].sum(axis=1) + 1}, {**_EXACT, "rows": 0.5})
    assert other["reason"] == "1 row of the examples differ"
    assert parity.advice(other) == ""


@pytest.mark.parametrize(("missing", "datatype"), [(0, "FP32"), (0.1, "INT64")])
def test_nothing_is_missing(parity: SimpleNamespace, missing: float, datatype: str) -> None:
    """Where the spec says that no client sends null, or no number of the type can be missing."""
    answers = parity.asked(_spec(missing=missing, datatype=datatype), _linear)
    assert "missing values" not in {one.group for one in answers}
    assert sum(one.rows for one in answers) >= 800
