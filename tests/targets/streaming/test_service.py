"""A model that is served elsewhere, asked by a worker in each of the forms in which servers want to be asked."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from servespec.artifacts import Content
from servespec.runtimes.brokers import FAULTS
from servespec.targets.streaming.program import program
from tests.targets.streaming.literals import literal

_TENSOR = {"name": "input", "datatype": "FP32", "shape": [-1, 2]}
_LABELS, _ODDS = [0, 1], [[0.75, 0.25], [0.25, 0.75]]


class _Server(BaseHTTPRequestHandler):
    body: Any
    answer: tuple[int, Any]

    def do_POST(self) -> None:
        type(self).body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, value = self.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    """A server that answers as it is told, and remembers what it was asked."""
    made = type("Server", (_Server,), {})
    running = ThreadingHTTPServer(("127.0.0.1", 0), made)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{running.server_port}/predict"
    yield made
    running.shutdown()
    running.server_close()


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Imports modules of a worker whose model is a service."""
    for artifact in program(literal(), model="service"):
        assert isinstance(artifact.content, Content)
        path = tmp_path / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.content.text)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module
    for name in [name for name in sys.modules if name.partition(".")[0] in ("worker", "scorer")]:
        del sys.modules[name]
    shutil.rmtree(tmp_path / "scorer")


@pytest.mark.parametrize(
    ("protocol", "inputs", "asked", "answer"),
    [
        (
            "oip", [_TENSOR],
            {"inputs": [{"name": "input", "datatype": "FP32", "shape": [2, 2], "data": [1.0, 2.0, 3.0, 4.0]}]},
            {"outputs": [{"name": "label", "shape": [2], "data": _LABELS}, {"name": "p", "shape": [2, 2], "data": [0.75, 0.25, 0.25, 0.75]}]},
        ),
        (
            "oip", [],
            {"inputs": [{"name": "a", "datatype": "FP32", "shape": [2], "data": [1.0, 3.0]}, {"name": "b", "datatype": "FP32", "shape": [2], "data": [2.0, 4.0]}]},
            {"outputs": [{"name": "label", "shape": [2], "data": _LABELS}, {"name": "p", "shape": [2, 2], "data": [0.75, 0.25, 0.25, 0.75]}]},
        ),
        ("instances", [_TENSOR], {"instances": [[1.0, 2.0], [3.0, 4.0]]}, {"predictions": [{"label": 0, "p": _ODDS[0]}, {"label": 1, "p": _ODDS[1]}]}),
        ("mlflow", [], {"dataframe_split": {"columns": ["a", "b"], "data": [[1.0, 2.0], [3.0, 4.0]]}}, {"predictions": {"label": _LABELS, "p": _ODDS}}),
        ("mlflow", [_TENSOR], {"inputs": [[1.0, 2.0], [3.0, 4.0]]}, {"predictions": {"label": _LABELS, "p": _ODDS}}),
    ],
)  # fmt: skip
def test_it_is_asked_in_its_form(
    modules: Callable[[str], ModuleType], server: Any, protocol: str, inputs: list[Any], asked: Any, answer: Any
) -> None:
    """One request for a micro-batch, in the server's own words; its answer is what a model in the process gives."""
    settings = {"protocol": protocol, "timeout_seconds": 5, "inputs": inputs, "fault": None}
    model = modules("scorer.model").Model(server.url, threads=1, settings=settings)
    features = modules("worker.features").Features({"a": np.array([1, 3], "float32"), "b": np.array([2, 4], "float32")})
    server.answer = (200, answer)
    prediction, probability = model.predict(features, wanted=["prediction", "probability"])
    assert server.body == asked
    assert prediction.tolist() == _LABELS
    assert probability.tolist() == _ODDS


@pytest.mark.parametrize(
    ("status", "blame"), [(400, ValueError), (500, ValueError), (429, None), (502, None), (503, None)]
)
def test_who_is_to_blame(
    modules: Callable[[str], ModuleType], server: Any, status: int, blame: type[Exception] | None
) -> None:
    """A request that is refused is the fault of an event in it; a server that can't answer now is nobody's."""
    settings = {"protocol": "instances", "timeout_seconds": 5, "inputs": [], "fault": None}
    model = modules("scorer.model").Model(server.url, threads=1, settings=settings)
    features = modules("worker.features").Features({"a": np.array([1.0])})
    server.answer = (status, {"error": "so it is"})
    with pytest.raises(blame or modules("worker.failure").Unavailable, match="so it is"):
        model.predict(features, wanted=["prediction"])


def test_what_a_handler_of_torchserve_raises(modules: Callable[[str], ModuleType], server: Any) -> None:
    """It is answered with 503, and is the fault of an event all the same: the others would wait for ever."""
    model = modules("scorer.model").Model(
        server.url,
        threads=1,
        settings={"protocol": "instances", "timeout_seconds": 5, "inputs": [], "fault": FAULTS.value["torchserve"]},
    )
    features = modules("worker.features").Features({"a": np.array([1.0])})
    server.answer = (503, {"code": 503, "type": "InternalServerException", "message": "Prediction failed"})
    with pytest.raises(ValueError, match="Prediction failed"):
        model.predict(features, wanted=["prediction"])


def test_nobody_answers(modules: Callable[[str], ModuleType]) -> None:
    """All events wait for a server that is not there."""
    settings = {"protocol": "instances", "timeout_seconds": 5, "inputs": [], "fault": None}
    model = modules("scorer.model").Model("http://127.0.0.1:1/", threads=1, settings=settings)
    with pytest.raises(modules("worker.failure").Unavailable, match="does not answer"):
        model.predict(modules("worker.features").Features({"a": np.array([1.0])}), wanted=["prediction"])


@pytest.mark.parametrize("url", ["http://me:opensesame@127.0.0.1:1/", "me:opensesame@host"])
def test_a_password_is_not_repeated(modules: Callable[[str], ModuleType], url: str) -> None:
    """An address that holds a user and a password is refused at once, and nothing of it is told."""
    spec = {
        "model": {
            "url": "http://model:8080/",
            "protocol": "instances",
            "timeout_seconds": 5,
            "inputs": [],
            "fault": None,
        }
    }
    with pytest.raises(modules("scorer.failure").Failure, match="what holds a user or a password") as raised:
        modules("worker.models").load(spec, url, "/")
    assert "opensesame" not in str(raised.value)
