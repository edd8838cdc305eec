"""Asks TorchServe over gRPC, all requests at once, by the protocol files that its own wheel carries.

Standard input: {"port": 7070, "key": "..." or null, "model": "...", "bodies": [...]}
Standard output: [{"code": "OK", "answer": ...}, ...], in the order of the bodies
"""

from __future__ import annotations

import importlib
import importlib.resources
import json
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import grpc
from grpc_tools import protoc


def stubs(folder: Path) -> tuple[Any, Any]:
    """The generated modules of the inference service."""
    jar = Path(sysconfig.get_path("purelib"), "ts", "frontend", "model-server.jar")
    with zipfile.ZipFile(jar) as archive:
        archive.extract("proto/inference.proto", folder)
    # google/rpc/status.proto comes with googleapis-common-protos, empty.proto with grpcio-tools.
    known = [sysconfig.get_path("purelib"), str(importlib.resources.files("grpc_tools") / "_proto")]
    paths = [f"--proto_path={path}" for path in (folder / "proto", *known)]
    if protoc.main(["", *paths, f"--python_out={folder}", f"--grpc_python_out={folder}", "inference.proto"]):
        raise SystemExit("protoc refused inference.proto")
    sys.path.insert(0, str(folder))
    return importlib.import_module("inference_pb2"), importlib.import_module("inference_pb2_grpc")


def outcome(call: Any) -> dict[str, Any]:
    """How a call ended."""
    try:
        return {"code": "OK", "answer": json.loads(call.result().prediction)}
    except grpc.RpcError as error:
        return {"code": error.code().name, "answer": error.details()}


def main() -> None:
    """Prints the outcome of each request."""
    asked = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        messages, services = stubs(Path(folder))
        channel = grpc.insecure_channel(f"127.0.0.1:{asked['port']}", options=[("grpc.enable_http_proxy", 0)])
        service = services.InferenceAPIsServiceStub(channel)
        metadata = [("authorization", f"Bearer {asked['key']}")] if asked["key"] else []
        requests = [
            messages.PredictionsRequest(model_name=asked["model"], input={"body": json.dumps(body).encode()})
            for body in asked["bodies"]
        ]
        calls = [service.Predictions.future(request, metadata=metadata, timeout=30) for request in requests]
        json.dump([outcome(call) for call in calls], sys.stdout)


if __name__ == "__main__":
    main()
