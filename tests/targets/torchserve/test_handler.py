"""The emitted handler without torch: what it reads of a request, by the signature."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from servespec.artifacts import Bundle


@pytest.fixture
def handler(
    bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Any]:
    """The emitted handler's module for a signature, with stand-ins for torch and TorchServe."""
    for name, content in {
        "torch": {},
        "ts": {},
        "ts.torch_handler": {},
        "ts.torch_handler.base_handler": {"BaseHandler": object},
    }.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)

    def load(signature: str) -> Any:
        module = ModuleType("handler")
        exec(text(bundles(signature)["torchserve"], "handler.py"), vars(module))
        return module

    return load


_COLUMNS = "signature: { inputs: { columns: { amount: FP32, hour: FP32 } } }\n"
_IMAGES = "signature: { inputs: { tensors: [{ name: x, datatype: FP32, shape: [-1, 2, -1] }] } }\n"
_SCALARS = "signature: { inputs: { tensors: [{ name: x, datatype: INT64, shape: [-1] }] } }\n"


@pytest.mark.parametrize(
    ("signature", "instance"),
    [(_COLUMNS, [1, 2.5]), (_IMAGES, [[1], [2]]), (_IMAGES, [[1, 2, 3], [4, 5, 6]]), (_SCALARS, 7), ("", [1, 2, 3])],
)
def test_what_fits_is_taken(handler: Callable[[str], Any], signature: str, instance: object) -> None:
    """An instance of the signature's shape passes, alone and in a list, as text, bytes or decoded."""
    module = handler(signature)
    assert module.read_instances({"instances": [instance, instance]}) == [instance, instance]
    assert module.read_instances({"features": instance}) == [instance]
    assert module.read_body({"body": b'{"features": [1]}'}) == module.read_body({"data": '{"features": [1]}'})


@pytest.mark.parametrize(
    ("signature", "body", "words"),
    [
        (_COLUMNS, {"features": [1]}, "must be a list of amount, hour"),
        (_COLUMNS, {"features": [1, True]}, "must be a number"),
        (_COLUMNS, {"instances": []}, "at least one instance"),
        (_COLUMNS, {"instances": [[1, 2]], "features": [1, 2]}, "the body must be"),
        (_COLUMNS, "nothing", "the body must be"),
        (_IMAGES, {"features": [[1], [2], [3]]}, "must be a list of 2 values"),
        (_IMAGES, {"features": [[1], []]}, "must be a list"),
        (_SCALARS, {"features": [1]}, "must be a number"),
        ("", {"features": [[1]]}, "must be a number"),
        ("", {"features": []}, "must be a list"),
    ],
)
def test_what_does_not_fit_is_told(handler: Callable[[str], Any], signature: str, body: object, words: str) -> None:
    """Everything else is a ValueError with a reason, which the handler answers with 400."""
    with pytest.raises(ValueError, match=words):
        handler(signature).read_instances(body)


def test_a_bad_request_spoils_no_other(handler: Callable[[str], Any]) -> None:
    """In one batch the bad ones get 400 and their reason, and the others their predictions."""
    module, statuses = handler(_COLUMNS), {}
    made = module.Handler()
    made.inference = lambda instances: [sum(row) for row in instances]
    context = SimpleNamespace(
        set_response_content_type=lambda index, kind: None,
        set_response_status=lambda code, phrase, index: statuses.update({index: code}),
    )
    requests = [{"body": {"features": [1, 2]}}, {"body": b"{"}, {}, {"body": {"instances": [[3, 4], [5, 6]]}}]
    answers = made.handle(requests, context)
    assert statuses == {1: 400, 2: 400}
    assert [answer.get("predictions") for answer in answers] == [[3], None, None, [7, 11]]


@pytest.mark.parametrize(
    ("datatype", "taken", "refused"),
    [
        ("INT64", [1, -2.0, 2**63 - 1], [1.7, 2**63, 1e30, 1e400]),
        ("UINT8", [0, 255], [-1, 256, 0.5]),
        ("FP32", [3.4028235e38, -1, 1e400], [1e39, 10**400, True]),
        ("FP16", [65519.9], [70000, -65520]),
        ("FP64", [1e308], [10**309]),
        ("BOOL", [True, False, 1, 0.0], [5, 0.2]),
    ],
)
@pytest.mark.parametrize("inputs", [_COLUMNS, _SCALARS], ids=["rows", "numbers"])
def test_no_value_becomes_another(
    handler: Callable[[str], Any], datatype: str, taken: list[Any], refused: list[Any], inputs: str
) -> None:
    """A number that the signature's datatype does not have is refused, not cut, wrapped or made infinite."""
    module = handler(inputs.replace("FP32", datatype).replace("INT64", datatype))
    for value in taken:
        body = {"features": value if inputs == _SCALARS else [value, value]}
        assert module.read_instances(body) == [body["features"]]
    for value in refused:
        with pytest.raises(ValueError, match="must be a number"):
            module.read_instances({"features": value if inputs == _SCALARS else [0, value]})


def _unordered(rows: list[Any]) -> Any:
    raise LookupError("index out of range")


_FEWER = "the model gives 1 outputs for 2 instances"
_MORE = "the model gives 4 outputs for 2 instances"
_RAISED = "the model can't take this: "


@pytest.mark.parametrize(
    ("model", "whose", "words"),
    [
        (lambda rows: [sum(row) for row in rows] if len(rows) == 1 else [sum(map(sum, rows))], RuntimeError, _FEWER),
        (
            lambda rows: [row[0] for row in rows] if len(rows) == 1 else [x for row in rows for x in row],
            RuntimeError,
            _MORE,
        ),
        (lambda rows: [row[0] for row in rows] if max(map(max, rows)) < 9 else _unordered(rows), ValueError, _RAISED),
        (
            lambda rows: [row[0] for row in rows] if max(map(max, rows)) < 9 else {}.tolist(),  # type: ignore[attr-defined]
            ValueError,
            _RAISED,
        ),
    ],
    ids=["fewer outputs", "more outputs", "a lookup", "an attribute"],
)
def test_what_a_model_makes_of_a_batch_is_divided_or_undone(
    handler: Callable[[str], Any], model: Callable[[list[Any]], Any], whose: type[Exception], words: str
) -> None:
    """When its outputs can't be told apart, or it raises anything at all, each request is scored by itself."""
    made = handler(_COLUMNS).Handler()
    made.inference = model
    first, bad, second = made.score([[[1, 0]], [[9, 0], [9, 1]], [[2, 0]]])
    assert (first, second) == ([1], [2])
    assert isinstance(bad, whose)
    assert str(bad).startswith(words)


class _Tensor:
    """A stand-in for one of torch: it has a shape, and gives itself as a list."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows
        self.shape = (len(rows),)

    def __len__(self) -> int:
        return len(self.rows)

    def tolist(self) -> list[Any]:
        return self.rows


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ({"logits": _Tensor([1, 2])}, "a dict, and not a tensor"),
        (None, "a NoneType, and not a tensor"),
        ((_Tensor([1, 2]), None), "a NoneType, and not a tensor"),
        ((), "a tuple, and not a tensor"),
        ((_Tensor([1, 2]), _Tensor([1])), "2 tensors that differ in their number of rows"),
        (_Tensor([1]), "1 outputs for 2 instances"),
        (_Tensor([1, 2, 3]), "3 outputs for 2 instances"),
        (_Tensor(["high", "low"]), "what can't be answered"),
        (_Tensor([[1, 2], [3, 4]]), "an output of 2 for p"),
    ],
)
def test_what_the_model_does_wrong_is_not_the_clients_fault(
    handler: Callable[[str], Any], caplog: pytest.LogCaptureFixture, output: Any, words: str
) -> None:
    """A good request whose answer the model spoils gets 500, and the log says why; a bad one beside it has its 400."""
    module, statuses = handler(_COLUMNS.replace("} } }", "} }, outputs: { columns: { p: FP32 } } }")), {}
    made = module.Handler()
    made.inference = lambda instances: module.rows(output)
    context = SimpleNamespace(
        set_response_content_type=lambda index, kind: None,
        set_response_status=lambda code, phrase, index: statuses.update({index: code}),
    )
    good = {"body": {"instances": [[1, 2], [3, 4]]}}
    answer, refused = made.handle([good, {"body": b"{"}], context)
    assert statuses == {0: 500, 1: 400}
    assert words in answer["error"]
    assert "not valid JSON" in refused["error"]
    assert [record.getMessage() for record in caplog.records] == [f"answered with 500: {answer['error']}"]


class OutOfMemoryError(RuntimeError):
    """As torch calls what an accelerator raises."""


@pytest.mark.parametrize("error", [MemoryError(), OutOfMemoryError("CUDA out of memory")])
def test_a_lack_of_memory_is_not_the_clients_fault(handler: Callable[[str], Any], error: Exception) -> None:
    """Who sent the same before and had an answer would else be told that it is wrong."""
    made = handler(_COLUMNS).Handler()

    def raised(rows: list[Any]) -> list[Any]:
        if len(rows) > 1:
            raise error
        return [sum(row) for row in rows]

    made.inference = raised
    first, large = made.score([[[1, 2]], [[3, 4], [5, 6]]])
    assert first == [3]
    assert isinstance(large, RuntimeError)
    assert str(large).startswith("the model has too little memory")


def test_several_tensors_are_answered_side_by_side(handler: Callable[[str], Any]) -> None:
    """What a model gives in a tuple or list is one row for each instance, and a lone tensor is its rows."""
    rows = handler(_COLUMNS).rows
    assert rows((_Tensor([1, 2]), _Tensor([[3], [4]]))) == [[1, [3]], [2, [4]]]
    assert rows([_Tensor([1, 2])]) == rows(_Tensor([1, 2])) == [1, 2]


def test_what_json_has_no_word_for_is_null(handler: Callable[[str], Any]) -> None:
    """NaN and Infinity are none of JSON's: who reads an answer strictly would find no JSON."""
    outputs = [[0.5, math.nan], [[1, math.inf], [2, 3]], [1e308, 1e308], -math.inf, True, []]
    answer = handler(_COLUMNS).Handler().postprocess(outputs)
    assert answer == {"predictions": [[0.5, None], [[1, None], [2, 3]], [1e308, 1e308], None, True, []]}


def test_outputs_are_named(handler: Callable[[str], Any]) -> None:
    """With columns as outputs an answer bears their names; a model that gives another number of them is a mistake."""
    one = handler(_COLUMNS.replace("} } }", "} }, outputs: { columns: { p: FP32 } } }"))
    assert one.named(0.5) == {"p": 0.5}
    two = handler(_COLUMNS.replace("} } }", "} }, outputs: { columns: { p: FP32, q: FP32 } } }"))
    assert two.named([0.5, 0.25]) == {"p": 0.5, "q": 0.25}
    with pytest.raises(ValueError, match="an output of 1 for p, q"):
        two.named(0.5)


def test_output_tensors_are_named(handler: Callable[[str], Any]) -> None:
    """With tensors as outputs an answer bears their names: a lone one whole, several one value each."""
    outputs = "} }, outputs: { tensors: [{ name: score, datatype: FP32, shape: [-1, 2] }MORE] } }"
    one = handler(_COLUMNS.replace("} } }", outputs.replace("MORE", "")))
    assert one.named([0.5, 0.25]) == {"score": [0.5, 0.25]}
    more = ", { name: why, datatype: FP32, shape: [-1, 3] }"
    two = handler(_COLUMNS.replace("} } }", outputs.replace("MORE", more)))
    assert two.named([[0.5, 0.25], [1, 2, 3]]) == {"score": [0.5, 0.25], "why": [1, 2, 3]}


@pytest.mark.parametrize(("datatype", "expected"), [("INT64", "int64"), ("FP64", "float64"), ("BOOL", "bool")])
def test_the_datatype_is_that_of_the_signature(handler: Callable[[str], Any], datatype: str, expected: str) -> None:
    """What the signature says is what the tensor is made of, for columns as for tensors."""
    assert handler(_COLUMNS.replace("FP32", datatype)).SPEC["datatype"] == expected
    assert handler(_IMAGES.replace("FP32", datatype)).SPEC["datatype"] == expected
