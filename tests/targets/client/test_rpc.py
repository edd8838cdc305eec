"""The emitted gRPC client: what it writes into a message, what it refuses, and where it calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema
import numpy as np
import pytest

from servespec.artifacts import Bundle
from tests.targets.client.conftest import Clients

Make = Callable[[str], Clients]
_FORMATS = {"oip": "onnx, uri: m.onnx", "tf": "tensorflow, uri: ./saved"}


def _spec(form: str, datatype: str) -> str:
    tensor = f"signature: {{ inputs: {{ tensors: [{{ name: x, datatype: {datatype}, shape: [-1, 1] }}] }} }}\n"
    return f"model: {{ name: m, format: {_FORMATS[form]} }}\n{tensor}"


_NO_VALUES: list[tuple[str, Any]] = [
    ("UINT8", 300),
    ("UINT8", -1),
    ("INT8", -300),
    ("UINT16", 70000),
    ("INT16", 40000),
    ("INT32", 2**31),
    ("INT64", 1.5),
    ("FP16", 1e6),
    ("FP32", 1e39),
    ("FP32", 10**400),
    ("FP64", None),
    ("FP64", "1"),
    ("BOOL", "false"),
    ("BOOL", 2),
    ("BYTES", "a\ud800"),
    ("BYTES", b"a"),
]


@pytest.mark.parametrize("form", ["oip", "tf"])
@pytest.mark.parametrize(("datatype", "value"), _NO_VALUES, ids=lambda item: repr(item)[:9])
def test_a_value_that_does_not_fit(clients: Make, form: str, datatype: str, value: Any) -> None:
    """Whatever its datatype can't hold is refused here: on its way it would become another value."""
    module = clients(_spec(form, datatype)).module("rpc")
    with pytest.raises(module.BadInput, match=f"is no {datatype}: "):
        module.Client().predict([[value]])


@pytest.mark.parametrize(
    ("datatype", "values", "dtype"),
    [
        ("UINT8", [0, 255], "<u1"),
        ("INT8", [-128, 127], "<i1"),
        ("UINT16", [65535], "<u2"),
        ("FP16", [-65504.0, 0.5], "<f2"),
        ("FP32", [0.5, float("nan"), float("-inf")], "<f4"),
        ("BOOL", [True, False], "?"),
    ],
)
def test_values_that_fit(clients: Make, datatype: str, values: list[Any], dtype: str) -> None:
    """The limits of a datatype, and what is no number, are written as numpy writes them."""
    rows, wanted = [[value] for value in values], np.array(values, dtype)
    raw = clients(_spec("oip", datatype)).module("rpc").encode(rows).raw_input_contents
    assert raw == [wanted.tobytes()]
    (item,) = clients(_spec("tf", datatype)).module("rpc").encode(rows).inputs
    ((_, found),) = (pair for pair in item.value.ListFields() if pair[0].name.endswith("_val"))
    bits = wanted.view("<u2") if datatype == "FP16" else wanted
    np.testing.assert_array_equal(np.array(list(found)), bits)


def test_rows_that_json_can_not_hold(clients: Make) -> None:
    """What goes as JSON inside of a message is refused like any other input."""
    module = clients("torchserve").module("rpc")
    with pytest.raises(module.BadInput, match="there is no JSON for it"):
        module.Client().predict([[b"a", 1]])


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("http://127.0.0.1", "127.0.0.1:80"),
        ("http://127.0.0.1:", "127.0.0.1:80"),
        ("http://[::1]/path", "[::1]:80"),
        ("https://example.com", "example.com:443"),
        ("http://127.0.0.1:8081", "127.0.0.1:8081"),
    ],
)
def test_where_it_calls(clients: Make, monkeypatch: pytest.MonkeyPatch, url: str, called: str) -> None:
    """An address without a port means that of its scheme."""
    module, calls = clients("tf").module("rpc"), []
    for name in ("insecure_channel", "secure_channel"):
        real = getattr(module.grpc, name)
        monkeypatch.setattr(
            module.grpc,
            name,
            lambda where, *more, real=real, **named: calls.append(where) or real(where, *more, **named),
        )
    module.Client(url).close()
    assert calls == [called]


@pytest.mark.parametrize(
    ("model", "datatype", "over_rest"),
    [
        ("format: onnx, uri: m.onnx }\nruntime: { server: triton", "FP16", False),
        ("format: onnx, uri: m.onnx }\nruntime: { server: triton", "UINT16", True),
        ("format: onnx, uri: m.onnx", "FP16", True),
        ("format: tensorflow, uri: ./saved", "UINT16", False),
        ("format: tensorflow, uri: ./saved", "FP16", False),
        ("format: tensorflow, uri: ./saved", "UINT8", True),
    ],
)
def test_the_only_client(
    bundles: Callable[..., dict[str, Bundle]], model: str, datatype: str, *, over_rest: bool
) -> None:
    """Where a server has no JSON for a datatype every request over REST would be refused: no client is made for it, and
    none is named in what to type next."""
    face = f"{{ tensors: [{{ name: x, datatype: {datatype}, shape: [-1, 2] }}] }}"
    example = f"{{ name: x, datatype: {datatype}, shape: [1, 2], data: [1, 2] }}"
    spec = (
        f"model: {{ name: m, {model} }}\nsignature: {{ inputs: {face}, outputs: {face} }}\nimage: {{}}\n"
        f"examples: [{{ name: one, request: {{ inputs: [{example}] }} }}]\n"
    )
    made = bundles(spec, files={"m.onnx": "x", "saved/1/saved_model.pb": "x"})
    files = {item.path for item in made["client"].artifacts}
    assert ({"rest.py", "openapi.json"} <= files, "rpc.py" in files) == (over_rest, True)
    lines = [line for bundle in made.values() for line in bundle.asks]
    assert any("rest.py" in line for line in lines) is over_rest
    assert any("rpc.py" in line for line in lines) is not over_rest
    assert any("curl" in line for line in lines) is over_rest


def test_names_that_nobody_says(clients: Make) -> None:
    """Where a server asks for the names of the model, and the spec has none, no client is made that would make one up."""
    made = clients("unnamed").folder
    assert sorted(path.name for path in made.iterdir()) == ["openapi.json", "rest.py"]


def test_a_tensor_of_lone_values_for_triton_s_batches(clients: Make) -> None:
    """Where Triton puts requests together it wants a dimension besides that of the rows."""
    face = "{ tensors: [{ name: x, datatype: FP32, shape: [-1] }] }"
    signature = f"signature: {{ inputs: {face}, outputs: {face} }}\n"
    runtime = "runtime: { server: triton, microBatch: { size: 8 } }\n"
    made = clients(f"model: {{ name: m, format: onnx, uri: m.onnx }}\n{runtime}{signature}")
    (given,) = made.module("rpc").encode([[2.5], [3.5]]).inputs
    assert list(given.shape) == [2, 1]
    (sent,) = made.module("rest").encode([[2.5], [3.5]])["inputs"]
    assert (sent["shape"], sent["data"]) == ([2, 1], [2.5, 3.5])


@pytest.mark.parametrize(("server", "shape"), [("triton", [1]), ("onnxruntime", [])])
def test_a_tensor_without_dimensions(clients: Make, server: str, shape: list[int]) -> None:
    """It travels as the server has it: Triton takes and tells a lone value as a list of one."""
    face = "{ tensors: [{ name: x, datatype: FP32, shape: [] }] }"
    signature = f"signature: {{ inputs: {face}, outputs: {face} }}\n"
    made = clients(f"model: {{ name: m, format: onnx, uri: m.onnx }}\nruntime: {{ server: {server} }}\n{signature}")
    (given,) = made.module("rpc").encode(2.5).inputs
    assert list(given.shape) == shape
    (sent,) = made.module("rest").encode(2.5)["inputs"]
    assert (sent["shape"], sent["data"]) == (shape, [2.5])
    request = made.openapi["paths"]["/v2/models/m/infer"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    (known,) = request["properties"]["inputs"]["items"]["anyOf"]
    assert jsonschema.Draft202012Validator(known).is_valid(sent)
