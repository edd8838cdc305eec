"""The examples of MLServer and of ONNX Runtime inside it, served by the real server from what was emitted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.oip import Served, program
from tests.patience import ended

pytestmark = pytest.mark.e2e

# Example, the environment that it runs in, its model and the output that the examples are about
_CASES = [
    ("02-onnxruntime-fraud-detector", "onnxruntime", "onnx", "probabilities"),
    ("03-mlserver-sklearn", "mlserver", "sklearn", "predict_proba"),
]


@dataclass(frozen=True)
class Running:
    """A served example, and what its model itself says to the rows of each request."""

    server: Served
    examples: list[dict[str, Any]]
    truth: list[list[float]]


@pytest.fixture(scope="module", params=_CASES, ids=lambda case: case[1])
def running(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    example: Callable[..., Any],
    start: Callable[..., Any],
) -> Iterator[Running]:
    """Each example, ready."""
    name, environment, kind, output = request.param
    project = example(name, tmp_path_factory.mktemp("project"))
    with start(project, tmp_path_factory.mktemp("server") / "scratch", environment) as server:
        server.wait_until_ready()
        examples = project.spec["examples"]
        bodies = [item["request"]["inputs"][0] for item in examples]
        rows = [[body["data"][at : at + 4] for at in range(0, len(body["data"]), 4)] for body in bodies]
        file = project.folder / project.spec["model"]["uri"]
        yield Running(server, examples, program(server.python, "model_says.py", kind, file, output, asked=rows))


def test_examples_over_rest(running: Running, fits: Callable[..., bool]) -> None:
    """Each request is answered as the spec expects, and with the model's own numbers."""
    answers = [running.server.post(item["request"]) for item in running.examples]
    assert [status for status, _ in answers] == [200] * len(running.examples)
    for item, (_, answer), truth in zip(running.examples, answers, running.truth, strict=True):
        assert fits(answer, item["expect"], item.get("tolerance", 1e-6))
        assert answer["outputs"][0]["data"] == pytest.approx(truth, rel=0, abs=1e-7)


def test_examples_over_grpc(running: Running, fits: Callable[..., bool]) -> None:
    """The same requests over gRPC get the same numbers."""
    answers = running.server.call([item["request"] for item in running.examples])
    assert [answer["code"] for answer in answers] == ["OK"] * len(running.examples)
    for item, answer, truth in zip(running.examples, answers, running.truth, strict=True):
        assert fits(answer, item["expect"], item.get("tolerance", 1e-6))
        assert answer["outputs"][0]["data"] == pytest.approx(truth, rel=0, abs=1e-7)


def _request(**changed: Any) -> dict[str, Any]:
    given = {"name": "input", "shape": [1, 4], "datatype": "FP32", "data": [1.0, 2.0, 3.0, 4.0], **changed}
    return {"inputs": [given]}


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (_request(shape=[1, 3], data=[1.0, 2.0, 3.0]), "shape [1, 3] does not fit [-1, 4]"),
        (_request(shape=[2, 4]), "4 values, where shape [2, 4] has 8"),
        (_request(shape=[-1, -4]), "negative|does not fit"),
        (_request(name="other"), "['other'] given, the model takes ['input']"),
        ({**_request(), "outputs": [{"name": "other"}]}, "other"),
    ],
    ids=["shape", "values", "negative", "name", "output"],
)
def test_a_request_that_does_not_fit(running: Running, request_: dict[str, Any], words: str) -> None:
    """It is answered 400, over gRPC as an invalid argument, with the reason; the next one is answered as before."""
    status, answer = running.server.post(request_)
    assert status == 400
    assert any(part in answer["error"] for part in words.split("|")), answer
    (outcome,) = running.server.call([request_])
    assert outcome["code"] == "INVALID_ARGUMENT"
    assert any(part in outcome["reason"] for part in words.split("|")), outcome
    assert running.server.post(_request())[0] == 200


def test_health_goes_from_not_ready_to_ready(running: Running) -> None:
    """The emitted health check says 1 with a reason while the model loads, then 0, and never goes back."""
    codes = [code for code, _ in running.server.health]
    assert codes == sorted(codes, reverse=True)
    assert (codes[0], codes[-1]) == (1, 0)
    assert running.server.health[0][1].startswith("not ready: ")
    assert running.server.health[-1][1] == "ready"


def test_nobody_unloads_the_model(running: Running) -> None:
    """The repository API refuses, and the model goes on answering."""
    path = f"/v2/repository/models/{running.server.model}"
    assert [running.server.http("POST", f"{path}/{what}")[0] for what in ("unload", "load")] == [403, 403]
    assert running.server.post(_request())[0] == 200


def test_clients_are_told_the_signature(running: Running) -> None:
    """The model's metadata names inputs and outputs."""
    status, told = running.server.http("GET", f"/v2/models/{running.server.model}")
    assert (status, told["versions"]) == (200, ["1.0"])
    (given,) = told["inputs"]
    assert (given["name"], given["datatype"], given["shape"]) == ("input", "FP32", [-1, 4])
    assert {"probabilities", "predict_proba"} & {item["name"] for item in told["outputs"]}


def test_metrics(running: Running) -> None:
    """Answers are counted where nobody but the operator looks."""
    assert running.server.post(_request())[0] == 200
    status, text = running.server.http("GET", "/metrics", port=running.server.metrics)
    assert status == 200
    assert f'model_infer_request_success_total{{model="{running.server.model}"' in text
    assert running.server.http("GET", "/metrics")[0] == 404


def test_it_stops_in_order(running: Running) -> None:
    """A stop signal ends it with exit code 0 within two seconds when nothing is in flight. The last test."""
    running.server.process.terminate()
    assert ended(running.server.process, 2) == 0
