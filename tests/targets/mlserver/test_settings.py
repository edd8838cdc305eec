"""MLServer's two configuration files and its entry point: which field decides what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

_SKLEARN = "model: { format: sklearn, uri: ./m.joblib, name: fraud, version: '2.1' }\n"
_TENSORS = """\
signature:
  inputs: { tensors: [{ name: input, datatype: FP32, shape: [-1, 4] }] }
  outputs: { tensors: [{ name: predict_proba, datatype: FP64, shape: [-1, 2] }, { name: predict, datatype: INT64, shape: [-1] }] }
"""
_COLUMNS = "signature: { inputs: { columns: { country: BYTES, amount: FP32 } } }\n"
Compile = Callable[..., Any]


def test_the_server(emitted: Compile) -> None:
    """Ports and settings of the spec are the server's; it listens on loopback until an image widens that."""
    runtime = "runtime: { workers: 3, protocols: { rest: 9000, grpc: 9001 }, config: { cache_enabled: true } }\n"
    assert emitted(_SKLEARN + runtime).json("settings.json") == {
        "host": "127.0.0.1",
        "http_port": 9000,
        "grpc_port": 9001,
        "metrics_port": 8082,
        "parallel_workers": 3,
        "debug": False,
        "gzip_enabled": False,
        "cache_enabled": True,
    }


def test_one_worker_is_no_process_of_its_own(emitted: Compile) -> None:
    """The way to another process and back costs more than a small model."""
    assert emitted(_SKLEARN + "runtime: { workers: 1 }\n").json("settings.json")["parallel_workers"] == 0


@pytest.mark.parametrize(
    ("kind", "file", "implementation"),
    [
        ("sklearn", "m.joblib", "mlserver_sklearn.SKLearnModel"),
        ("xgboost", "m.json", "mlserver_xgboost.XGBoostModel"),
        ("lightgbm", "m.txt", "mlserver_lightgbm.LightGBMModel"),
    ],
)
def test_the_model(emitted: Compile, kind: str, file: str, implementation: str) -> None:
    """The format decides the runtime; the file is where an image has it."""
    made = emitted(f"model: {{ format: {kind}, uri: ./{file}, name: fraud, version: '2.1' }}\n")
    found = made.json("model-settings.json")
    assert (found["name"], found["implementation"], found["versions"]) == ("fraud", implementation, ["2.1"])
    assert found["parameters"] == {"uri": f"./model/{file}", "version": "2.1", "content_type": "np"}
    assert "max_batch_size" not in found
    assert "inputs" not in found


def test_micro_batches(emitted: Compile) -> None:
    """Size and delay are MLServer's, which counts in seconds."""
    found = emitted(_SKLEARN + "runtime: { microBatch: { size: 16, delay: 20ms } }\n").json("model-settings.json")
    assert (found["max_batch_size"], found["max_batch_time"]) == (16, 0.02)


def test_a_signature_of_tensors(emitted: Compile) -> None:
    """Clients are told of it, requests are held against it, and its outputs are given without being asked for."""
    made = emitted(_SKLEARN + _TENSORS)
    told = made.json("model-settings.json")
    assert told["inputs"] == [{"name": "input", "datatype": "FP32", "shape": [-1, 4]}]
    assert [item["name"] for item in told["outputs"]] == ["predict_proba", "predict"]
    spec = made.literal("serve.py")
    assert (spec["inputs"], spec["outputs"]) == (
        {"input": {"datatype": "FP32", "shape": [-1, 4]}},
        ["predict_proba", "predict"],
    )


def test_a_signature_of_columns(emitted: Compile) -> None:
    """A request becomes a data frame, with its columns in the order of the signature."""
    made = emitted(_SKLEARN + _COLUMNS)
    assert made.json("model-settings.json")["parameters"]["content_type"] == "pd"
    assert list(made.literal("serve.py")["inputs"].items()) == [
        ("country", {"datatype": "BYTES", "shape": [-1, 1]}),
        ("amount", {"datatype": "FP32", "shape": [-1, 1]}),
    ]


def test_lightgbm_is_asked_for_no_output(emitted: Compile) -> None:
    """It gives its only one, and refuses to be asked for any."""
    outputs = "outputs: { tensors: [{ name: predict, datatype: FP64, shape: [-1] }] }"
    inputs = "inputs: { tensors: [{ name: input, datatype: FP32, shape: [-1, 4] }] }"
    made = emitted(f"model: {{ format: lightgbm, uri: ./m.txt }}\nsignature: {{ {inputs}, {outputs} }}\n")
    assert made.literal("serve.py")["outputs"] == []


def _request(value: int) -> str:
    return f"{{ inputs: [{{ name: input, shape: [1], datatype: FP32, data: [{value}] }}] }}"


def test_the_first_example_warms_up(emitted: Compile) -> None:
    """That is the first one which is to be answered; without any, nothing is asked."""
    wrong = f"{{ name: wrong, request: {_request(1)}, expect: {{ error: refused }} }}"
    right = f"{{ name: right, request: {_request(2)} }}"
    spec = emitted(f"{_SKLEARN}examples: [{wrong}, {right}]\nruntime: {{ timeouts: {{ shutdown: 7s }} }}\n").literal(
        "serve.py"
    )
    assert spec["warm_up"]["inputs"][0]["data"] == [2]
    assert spec["drain_seconds"] == 7
    assert emitted(_SKLEARN).literal("serve.py")["warm_up"] is None


def test_the_summary_asks_the_first_example(emitted: Compile) -> None:
    """Its last line can be pasted once the stack is up."""
    made = emitted(f"{_SKLEARN}examples: [{{ name: one, request: {_request(3)} }}]\n")
    (line,) = made.bundles["compose"].asks
    assert line.startswith("curl ")
    assert line.endswith(" http://127.0.0.1:8080/v2/models/fraud/infer")
    assert '"data": [3]' in line


def test_an_example_too_deep_for_a_literal_warms_nothing_up(emitted: Compile) -> None:
    """The next one does; a spec may nest deeper than Python reads."""
    deep = _request(1).replace("data: [1]", f"data: {'[' * 80}1{']' * 80}")
    made = emitted(
        f"{_SKLEARN}examples: [{{ name: deep, request: {deep} }}, {{ name: flat, request: {_request(2)} }}]\n"
    )
    assert made.literal("serve.py")["warm_up"]["inputs"][0]["data"] == [2]
