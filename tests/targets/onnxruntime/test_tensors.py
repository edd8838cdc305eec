"""What the emitted runtime class makes of a request's data, without ONNX Runtime and MLServer."""

from __future__ import annotations

import math
import sys
import tracemalloc
from collections.abc import Callable
from contextlib import nullcontext as _nothing
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest

from servespec.emit import template
from servespec.emit.python import literal


class _Refused(Exception):
    """Stands in for MLServer's InferenceError, which is answered 400."""


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The array for a model's type and shape, and a datatype and data of a request of two values by default."""
    for name in ("onnxruntime", "mlserver", "mlserver.logging", "mlserver.types", "mlserver.utils"):
        monkeypatch.setitem(sys.modules, name, MagicMock())
    monkeypatch.setitem(sys.modules, "mlserver", SimpleNamespace(MLModel=object))
    monkeypatch.setitem(sys.modules, "mlserver.errors", SimpleNamespace(InferenceError=_Refused))
    module = ModuleType("onnx_runtime")
    text = template.render("onnxruntime/onnx_runtime.py", {"spec": literal({}, column=len("SPEC = "))}).text
    exec(compile(text, "onnx_runtime.py", "exec"), vars(module))

    def decode(kind: str, datatype: str, data: object, *, shape: tuple[int, ...] = (1, 2)) -> Any:
        node = SimpleNamespace(name="x", type=f"tensor({kind})", shape=[None, *shape[1:]])
        return module.Tensor(node).decode(SimpleNamespace(datatype=datatype, shape=list(shape), data=data))

    return decode


_TAKEN: list[tuple[str, str, list[Any], list[Any]]] = [
    ("float", "FP32", [1, 2.5], [1.0, 2.5]),
    ("float", "FP32", [[1, 2.5]], [1.0, 2.5]),
    ("double", "FP64", [None, 1], [math.nan, 1.0]),
    ("double", "FP64", [10**30, 1], [1e30, 1.0]),
    ("uint64", "UINT64", [2**64 - 1, 2**63], [2**64 - 1, 2**63]),
    ("bool", "BOOL", [True, False], [True, False]),
    ("string", "BYTES", ["a", "b\0"], ["a", "b\0"]),
    ("string", "BYTES", [["a", "b"]], ["a", "b"]),
    ("string", "BYTES", ["é".encode(), b"b\0"], ["é", "b\0"]),
]


@pytest.mark.parametrize(("kind", "datatype", "data", "expected"), _TAKEN)
def test_values_come_as_they_were_sent(
    decoded: Callable[..., Any], kind: str, datatype: str, data: list[Any], expected: list[Any]
) -> None:
    """Flat or nested, with null for NaN, text with a NUL, and bytes as gRPC has them."""
    found = decoded(kind, datatype, data)
    assert found.shape == (1, 2)
    np.testing.assert_equal(found.ravel().tolist(), expected)


@pytest.mark.parametrize(
    ("kind", "datatype", "data", "words"),
    [
        ("float", "FP32", ["x", None], "neither numbers nor text"),
        ("float", "FP32", ["1.5", None], "neither numbers nor text"),
        ("float", "FP32", ["1.5", "2"], "data is not FP32"),
        ("float", "FP32", [True, None], "neither numbers nor text"),
        ("float", "FP32", [{"a": 1}, None], "neither numbers nor text"),
        ("float", "FP32", [[1, None], [2]], "nested"),
        ("float", "FP32", [[1, 2], [3, 4]], "4 values, where shape"),
        ("float", "FP32", [[[1], [2]]], "neither numbers nor text"),
        ("float", "FP32", [1], "1 values, where shape"),
        ("float", "FP32", [10**400, None], "out of the range"),
        ("float", "FP32", [1e39, None], "out of the range"),
        ("int64", "INT64", [1, None], "data is not INT64"),
        ("int64", "INT64", [10**400, 1], "out of the range"),
        ("string", "BYTES", [1, "b"], "neither numbers nor text"),
        ("string", "BYTES", [10**400, 1], "out of the range"),
        ("string", "BYTES", [None, "b"], "neither numbers nor text"),
        ("string", "BYTES", [b"\xff", b"b"], "utf-8"),
        ("string", "BYTES", "ab", "1 values"),
    ],
)
def test_data_that_does_not_fit_is_refused(
    decoded: Callable[..., Any], kind: str, datatype: str, data: object, words: str
) -> None:
    """Whatever a client sends, the answer is a 400 that says what is wrong with it."""
    with pytest.raises(_Refused, match=f"input 'x': .*{words}"):
        decoded(kind, datatype, data)


@pytest.mark.parametrize(("kind", "datatype"), [("float", "FP32"), ("string", "BYTES")])
@pytest.mark.parametrize("nested", [False, True])
def test_one_long_text_costs_its_own_length(
    decoded: Callable[..., Any], kind: str, datatype: str, *, nested: bool
) -> None:
    """A request of 75 KB takes no gigabyte, whether the model has text among its inputs or not."""
    data: list[Any] = ["x" * 65536, *[""] * 4095]
    shape = (1, 4096)
    tracemalloc.start()
    try:
        with pytest.raises(_Refused) if kind == "float" else _nothing():
            decoded(kind, datatype, [data] if nested else data, shape=shape)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
