"""What is known of asking over gRPC: the packages of a client, and the Open Inference Protocol, version 2."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.runtimes.types import Fact

PACKAGES: Fact[tuple[str, ...]] = Fact(
    ("grpcio==1.85.3", "protobuf==7.36.2"),
    "ran: emitted clients, Python 3.11; read: messages are made at run time by protobuf 4.22 or newer",
    "2026-11",
)

_READ = "read: open-inference/open-inference-protocol, specification/protocol/open_inference_grpc.proto"

OIP_METHOD = Fact("/inference.GRPCInferenceService/ModelInfer", _READ, "2026-11")
OIP_MESSAGES: Fact[Mapping[str, Mapping[str, str]]] = Fact(
    {
        "ModelInferRequest": {
            "model_name": "string 1",
            "inputs": "repeated Tensor 5",
            "raw_input_contents": "repeated bytes 7",
        },
        "ModelInferResponse": {"outputs": "repeated Tensor 5", "raw_output_contents": "repeated bytes 6"},
        "Tensor": {"name": "string 1", "datatype": "string 2", "shape": "repeated int64 3"},
    },
    f"{_READ}; ran: mlserver 1.7.1 and tritonserver 2.51.0 answer in `raw_output_contents` what came raw",
    "2026-11",
)
OIP_NAN = Fact(
    ("triton",),
    "read: triton-inference-server/common, triton_json.h: kParseNanAndInfFlag, and a null is no number; ran: orjson, "
    "with which mlserver 1.7.1 reads requests, refuses NaN",
    "2026-11",
)
"""Servers of the protocol whose JSON has NaN and Infinity; to the others NaN is null."""
OIP_FORMATS = Fact(
    {
        "BOOL": "?", "UINT8": "B", "UINT16": "H", "UINT32": "I", "UINT64": "Q", "INT8": "b", "INT16": "h", "INT32": "i",
        "INT64": "q", "FP16": "e", "FP32": "f", "FP64": "d",
    },
    f"{_READ}: raw tensors are little-endian; in the letters of Python's `struct`",
    "2026-11",
)  # fmt: skip
