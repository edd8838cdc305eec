"""What the model is given of an event, and why an event is set apart."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

Modules = Callable[[str], ModuleType]


def _read(
    modules: Modules, rows: list[Any], type: str | None, *, nulls: bool = False
) -> tuple[list[Any], dict[int, str]]:
    reader = modules("worker.features").Reader([{"name": "x", "path": ["x"], "type": type}], allow_nulls=nulls)
    features, bad = reader.read(rows)
    return features.array("x").tolist(), bad


@pytest.mark.parametrize(
    ("type", "value", "reason"),
    [
        ("FP32", "1.5", "x is no FP32: '1.5'"),
        ("FP32", True, "x is no FP32: 'True'"),
        ("FP32", 1e39, "x is no FP32: '1e+39'"),
        ("FP64", 10**400, f"x is no FP64: '1{'0' * 39}'"),
        ("FP32", None, "x is missing"),
        ("FP32", math.nan, "x is missing"),
        ("FP32", [1], "x is no FP32: '[1]'"),
        ("INT64", 1.5, "x is no INT64: '1.5'"),
        ("UINT8", 256, "x is no UINT8: '256'"),
        ("INT64", 2**63, "x is no INT64: '9223372036854775808'"),
        ("BOOL", 1, "x is no BOOL: '1'"),
        ("BYTES", 1, "x is no BYTES: '1'"),
        (None, "a", "x is no number: 'a'"),
    ],
)
def test_a_value_that_does_not_fit(modules: Modules, type: str, value: object, reason: str) -> None:
    """Only what the datatype can't hold is refused, and the others of its micro-batch are read."""
    fine: Any = {"BOOL": True, "BYTES": "a"}.get(type, 1)
    values, bad = _read(modules, [{"x": fine}, {"x": value}, {"x": fine}], type)
    assert bad == {1: reason}
    assert values == [fine, fine]


@pytest.mark.parametrize(
    ("type", "given", "read"),
    [
        ("FP32", [1, 2.5], [1.0, 2.5]),
        ("INT64", [2**62, 3.0], [2**62, 3]),
        ("UINT64", [2**64 - 1], [2**64 - 1]),
        ("BYTES", ["é", ""], ["é", ""]),
        ("BOOL", [True, False], [True, False]),
        (None, [1, 2.5], [1.0, 2.5]),
    ],
)
def test_values_are_read_without_loss(modules: Modules, type: str | None, given: list[Any], read: list[Any]) -> None:
    """Whole numbers stay exact, also beyond what a float holds."""
    assert _read(modules, [{"x": value} for value in given], type) == (read, {})


def test_missing_where_it_may_be(modules: Modules) -> None:
    """A model that takes nulls is given NaN, which is how it knows them."""
    values, bad = _read(modules, [{"x": None}, {}, {"x": 1}], "FP32", nulls=True)
    assert [math.isnan(value) for value in values] == [True, True, False]
    assert not bad


def test_deep_in_the_event(modules: Modules) -> None:
    """A feature may stand anywhere in an event; where it does not, it is missing."""
    reader = modules("worker.features").Reader(
        [{"name": "x", "path": ["a", 1, "b"], "type": "FP32"}], allow_nulls=False
    )
    features, bad = reader.read([{"a": [0, {"b": 7}]}, {"a": []}, {"a": {"1": 2}}, {"a": [0, 3]}])
    assert features.array("x").tolist() == [7.0]
    assert bad == dict.fromkeys((1, 2, 3), "x is missing")
