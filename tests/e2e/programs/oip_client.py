"""Asks a server of the Open Inference Protocol over gRPC, all requests at once, by the stubs that MLServer carries.

Standard input: {"port": 8081, "model": "...", "bodies": [...]}, the bodies as for REST
Standard output: [{"code": "OK", "outputs": [{"name": ..., "shape": ..., "datatype": ..., "data": [...]}]}, ...]
"""

from __future__ import annotations

import json
import sys
from typing import Any

import grpc
from mlserver.grpc import dataplane_pb2 as messages
from mlserver.grpc.dataplane_pb2_grpc import GRPCInferenceServiceStub

_CONTENTS = {
    "BOOL": "bool_contents", "INT8": "int_contents", "INT32": "int_contents", "INT64": "int64_contents",
    "FP32": "fp32_contents", "FP64": "fp64_contents", "BYTES": "bytes_contents",
}  # fmt: skip


def request(model: str, body: dict[str, Any]) -> Any:
    """The message of a REST body."""
    asked = messages.ModelInferRequest(model_name=model)
    for item in body["inputs"]:
        data = [value.encode() if isinstance(value, str) else value for value in item["data"]]
        contents = messages.InferTensorContents(**{_CONTENTS[item["datatype"]]: data})
        asked.inputs.add(name=item["name"], shape=item["shape"], datatype=item["datatype"], contents=contents)
    for item in body.get("outputs", ()):
        asked.outputs.add(name=item["name"])
    return asked


def outcome(call: Any) -> dict[str, Any]:
    """How a call ended."""
    try:
        answer = call.result()
    except grpc.RpcError as error:
        return {"code": error.code().name, "reason": error.details()}
    return {"code": "OK", "outputs": [output(item) for item in answer.outputs]}


def output(item: Any) -> dict[str, Any]:
    """An output as REST has it."""
    data = [
        value.decode() if isinstance(value, bytes) else value
        for value in getattr(item.contents, _CONTENTS[item.datatype])
    ]
    return {"name": item.name, "shape": list(item.shape), "datatype": item.datatype, "data": data}


def main() -> None:
    """Prints the outcome of each request."""
    asked = json.load(sys.stdin)
    channel = grpc.insecure_channel(f"127.0.0.1:{asked['port']}", options=[("grpc.enable_http_proxy", 0)])
    service = GRPCInferenceServiceStub(channel)
    calls = [service.ModelInfer.future(request(asked["model"], body), timeout=60) for body in asked["bodies"]]
    json.dump([outcome(call) for call in calls], sys.stdout)


if __name__ == "__main__":
    main()
