"""What the emitted entry point makes of a request, without MLServer."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest

Compile = Callable[..., Any]
_MODEL = "model: { format: sklearn, uri: ./m.joblib }\nruntime: { microBatch: { size: 8 } }\n"
_TENSOR = "signature: { inputs: { tensors: [{ name: x, datatype: TYPE, shape: [-1, 2] }] } }\n"
_TABLE = """\
signature:
  inputs: { columns: { amount: FP32, country: BYTES } }
  outputs: { tensors: [{ name: predict, datatype: FP64, shape: [-1] }] }
"""


class _Refused(Exception):
    """Stands in for MLServer's InferenceError, which is answered 400."""


class _OfAWorker(Exception):
    """Stands in for MLServer's WorkerError, whose words say what was raised in the worker."""


@pytest.fixture
def entry(emitted: Compile, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """The emitted entry point's module for a signature."""
    for name in ("uvloop", "cli.serve", "settings"):
        monkeypatch.setitem(sys.modules, name if name == "uvloop" else f"mlserver.{name}", MagicMock())
    monkeypatch.setitem(sys.modules, "mlserver", SimpleNamespace(MLServer=object))
    monkeypatch.setitem(sys.modules, "mlserver.errors", SimpleNamespace(InferenceError=_Refused, MLServerError=OSError))
    monkeypatch.setitem(sys.modules, "mlserver.parallel.errors", SimpleNamespace(WorkerError=_OfAWorker))
    types = SimpleNamespace(
        InferenceRequest=None, RequestOutput=None, TensorData=lambda values: SimpleNamespace(root=values)
    )
    monkeypatch.setitem(sys.modules, "mlserver.types", types)

    def load(signature: str) -> Any:
        module = ModuleType("serve")
        vars(module)["__file__"] = "serve.py"
        exec(emitted(_MODEL + signature).text("serve.py"), vars(module))
        return module

    return load


def _input(name: str, datatype: str, shape: list[int], data: object, **parameters: object) -> Any:
    given = SimpleNamespace(**parameters) if parameters else None
    return SimpleNamespace(name=name, datatype=datatype, shape=shape, data=SimpleNamespace(root=data), parameters=given)


def _request(*inputs: Any, outputs: tuple[str, ...] = ()) -> Any:
    asked = [SimpleNamespace(name=name) for name in outputs]
    return SimpleNamespace(inputs=list(inputs), outputs=asked, parameters=None)


@pytest.mark.parametrize(
    ("wanted", "given", "data", "expected"),
    [
        ("FP64", "INT64", [1, 2], [1.0, 2.0]),
        ("FP32", "FP64", [1.5, None], [1.5, math.nan]),
        ("FP64", "FP64", [[1.5, 2]], [1.5, 2]),
        ("FP64", "FP64", [10**30, 2], [1e30, 2]),
        ("INT64", "FP64", [1.0, 2.0], [1, 2]),
        ("UINT64", "UINT64", [2**64 - 1, 0], [2**64 - 1, 0]),
        ("BOOL", "INT8", [1, 0], [True, False]),
        ("BYTES", "BYTES", ["a", "b\0"], ["a", "b\0"]),
        ("BYTES", "BYTES", [b"a", "é".encode()], ["a", "é"]),
        ("BYTES", "BYTES", ["a", None], ["a", None]),
    ],
)
def test_every_request_is_of_one_form(
    entry: Callable[[str], Any], wanted: str, given: str, data: list[Any], expected: list[Any]
) -> None:
    """Whatever form a client sends, what MLServer gets has the signature's datatype and flat values: it reads those of
    others by it too."""
    (found,) = entry(_TENSOR.replace("TYPE", wanted)).fitted(_request(_input("x", given, [1, 2], data))).inputs
    assert found.datatype == wanted
    kind = object if wanted == "BYTES" else wanted.replace("FP", "float").lower()
    np.testing.assert_equal(np.array(found.data.root, kind).tolist(), expected)


@pytest.mark.parametrize(
    ("wanted", "given", "data", "words"),
    [
        ("INT64", "FP64", [1.7, 2.9], "data is not INT64"),
        ("INT64", "INT64", [1, None], "data is not INT64"),
        ("UINT8", "INT64", [300, 1], "data is not UINT8"),
        ("UINT64", "INT64", [2**64 - 1, -1], "out of the range"),
        ("BOOL", "INT64", [2, 0], "data is not BOOL"),
        ("FP32", "FP64", [1e39, 1], "out of the range"),
        ("FP64", "FP64", [10**400, 1], "out of the range"),
        ("FP64", "FP64", "ab", "1 values, where shape"),
        ("FP64", "FP64", ["1", "2"], "data is not numbers"),
        ("FP64", "FP64", [{}, None], "data is not numbers"),
        ("FP64", "FP64", [[1], [2, 3]], "data is ragged"),
        ("FP64", "BYTES", ["a", "b"], "BYTES given, the model takes FP64"),
        ("BYTES", "FP64", [1, 2], "FP64 given, the model takes BYTES"),
        ("BYTES", "BYTES", ["a", "b", "c"], "3 values, where shape"),
        ("BYTES", "BYTES", "ab", "1 values, where shape"),
        ("BYTES", "BYTES", [b"\xff", b"a"], "utf-8"),
        ("BYTES", "BYTES", [1, "a"], "data is not text"),
    ],
)
def test_a_value_that_would_be_another_is_refused(
    entry: Callable[[str], Any], wanted: str, given: str, data: object, words: str
) -> None:
    """No value is changed for the sake of a datatype, and nothing gets so far that a whole batch would fail by it."""
    with pytest.raises(_Refused, match=f"input 'x': .*{words}"):
        entry(_TENSOR.replace("TYPE", wanted)).fitted(_request(_input("x", given, [1, 2], data)))


def test_columns_are_as_long_as_each_other(entry: Callable[[str], Any]) -> None:
    """MLServer divides an answer by one input's rows: where they differ, others would get what is not theirs."""
    module = entry(_TABLE)
    amount, country = _input("amount", "FP32", [2], [1, 2]), _input("country", "BYTES", [2, 1], ["de", "fr"])
    assert module.fitted(_request(amount, country)).inputs[0].shape == [2, 1]
    with pytest.raises(_Refused, match="number of rows"):
        module.fitted(_request(amount, _input("country", "BYTES", [1, 1], ["de"])))
    with pytest.raises(_Refused, match="does not fit"):
        module.fitted(_request(_input("amount", "FP32", [1, 2], [1, 2]), country))


def test_nothing_of_a_request_holds_for_others(entry: Callable[[str], Any]) -> None:
    """How its data is to be read is what the signature says, and an output that is none fails it alone."""
    module = entry(_TABLE)
    country = _input("country", "BYTES", [1, 1], ["ZGU="], content_type="base64")
    made = module.fitted(_request(_input("amount", "FP32", [1, 1], [1]), country, outputs=("predict",)))
    assert made.inputs[1].parameters.content_type is None
    with pytest.raises(_Refused, match="the model gives"):
        module.fitted(_request(_input("amount", "FP32", [1, 1], [1]), country, outputs=("transform",)))


def test_without_a_signature_a_request_has_to_fit_itself(entry: Callable[[str], Any]) -> None:
    """Its own shapes and datatypes are what its data is held against."""
    module = entry("")
    assert module.fitted(_request(_input("any", "INT8", [1, 2], [1, 2]))).inputs[0].datatype == "INT8"
    for given in (_input("any", "INT8", [1, 2], [1]), _input("any", "ODD", [1], [1]), _input("any", "FP32", [-1], [])):
        with pytest.raises(_Refused, match="input 'any'"):
            module.fitted(_request(given))


@pytest.mark.parametrize("batcher", [True, False])
def test_a_batch_that_fails_is_undone(entry: Callable[[str], Any], *, batcher: bool) -> None:
    """What the model refuses of a batch is refused alone, and the rest is answered; without batches nothing is asked twice."""

    async def together(payload: str) -> str:
        raise ValueError("one of them")

    async def alone(payload: str) -> str:
        return f"the answer to {payload}"

    model = SimpleNamespace(predict=together)
    if batcher:
        vars(model)["__adaptive_batching__"] = SimpleNamespace(_predict_fn=alone)
    made = asyncio.run(entry("").apart(model))
    if batcher:
        assert asyncio.run(made.predict("mine")) == "the answer to mine"
    else:
        assert made.predict is together


def test_a_kind_of_failure_is_told_once(entry: Callable[[str], Any], caplog: pytest.LogCaptureFixture) -> None:
    """Batches that always fail are slow and nothing else: the log says so, without the words, which may hold data."""
    failures = [
        ValueError("secret"),
        _OfAWorker("builtins.ValueError: secret"),
        _OfAWorker("builtins.KeyError: secret"),
    ]

    async def together(payload: Exception) -> None:
        raise payload

    async def alone(payload: Exception) -> None: ...

    model = SimpleNamespace(predict=together, __adaptive_batching__=SimpleNamespace(_predict_fn=alone))
    made = asyncio.run(entry("").apart(model))
    for failure in [*failures, *failures]:
        asyncio.run(made.predict(failure))
    words = "A batch failed: each request is asked for by itself."
    assert caplog.messages == [f"{words} builtins.ValueError", f"{words} builtins.KeyError"]
