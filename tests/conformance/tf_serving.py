"""A stand-in for TensorFlow Serving 2.20.0: its paths and calls, and what it says in each state of a version.

Read from tensorflow/serving: http_rest_api_util.cc, get_model_status_impl.cc, get_model_metadata_impl.cc, json_tensor.cc,
predict_util.cc. A version in any state is told of with a 200; only one that is AVAILABLE has metadata, and answers. Over
gRPC it speaks by TensorFlow's own messages and stubs.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import grpc
from tensorflow_serving.apis import prediction_service_pb2_grpc
from tensorflow_serving.apis.predict_pb2 import PredictResponse

STATES = ("START", "LOADING", "AVAILABLE", "UNLOADING", "END")
_PATH = re.compile(r"(?i:/v1/models)/([^/:]+)(?:/versions/(\d+)|/labels/([A-Za-z0-9_]+))?(/metadata|:predict)?")


class TfServing(ThreadingHTTPServer):
    """One model in its versions; what it answers is the test's to say."""

    def __init__(self, model: str) -> None:
        super().__init__(("127.0.0.1", 0), _Rest)
        self.model = model
        self.states: dict[int, str] = {}
        """State by version; a version that is not here is not there at all."""
        self.labels: dict[str, int] = {}
        self.answer: object = {"predictions": [[0.5]]}
        self.outputs: dict[str, dict[str, Any]] = {}
        """What it answers over gRPC: the fields of a tensor, by the output's name."""
        self.seconds = 0.0
        """How long it takes for an answer over gRPC."""
        self.inputs = {"features"}
        """The names in its signature."""
        self.asked: list[Any] = []
        """Bodies and messages of predictions, as they came."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a health check hangs up when it has read the first line."""

    def say(self, path: str) -> tuple[int, object]:
        """Status and body for a path."""
        match = _PATH.fullmatch(path)
        if match is None:
            return 400, {"error": f"Malformed request: {path}"}
        model, number, label, what = match.groups()
        known = self.states if model == self.model else {}
        version = int(number) if number else self.labels.get(label) if label else max(known, default=None)
        if not what:
            return self._status(model, {version: known[version]} if number and version in known else known)
        if known.get(version or 0) != "AVAILABLE":
            return 404, {"error": f"Servable not found for request: Specific({model}, {version})"}
        return 200, self.answer if what == ":predict" else {"model_spec": {"name": model, "version": str(version)}}

    def _status(self, model: str, known: dict[int, str]) -> tuple[int, object]:
        if not known:
            return 404, {"error": f"Could not find any versions of model {model}"}
        told = [
            {"version": str(number), "state": state, "status": {"error_code": "OK", "error_message": ""}}
            for number, state in sorted(known.items())
        ]
        return 200, {"model_version_status": told}


class _Rest(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server: Any = self.server
        status, body = server.say(self.path)
        data = json.dumps(body, indent=1).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self) -> None:
        server: Any = self.server
        server.asked.append(json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0))))
        self.do_GET()

    def log_message(self, *arguments: object) -> None:
        """Nothing: the server logs no requests."""


class _Predictions(prediction_service_pb2_grpc.PredictionServiceServicer):  # type: ignore[misc]
    def __init__(self, server: TfServing) -> None:
        self._server = server

    def Predict(self, request: Any, context: Any) -> PredictResponse:
        server = self._server
        status, body = server.say(f"/v1/models/{request.model_spec.name}:predict")
        if status != 200:
            context.abort(grpc.StatusCode.NOT_FOUND, body["error"])
        given = ",".join(sorted(request.inputs))
        if set(request.inputs) != server.inputs:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"input size does not match signature: {given}")
        server.asked.append(request)
        time.sleep(server.seconds)
        return PredictResponse(outputs=server.outputs)


@contextmanager
def calls(server: TfServing) -> Iterator[int]:
    """The gRPC face of a server, as long as the block lives: its port."""
    face = grpc.server(ThreadPoolExecutor(2))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(_Predictions(server), face)
    port: int = face.add_insecure_port("127.0.0.1:0")
    face.start()
    try:
        yield port
    finally:
        face.stop(None).wait()


@contextmanager
def tf_serving(model: str) -> Iterator[TfServing]:
    """A server that lives as long as the block."""
    server = TfServing(model)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
