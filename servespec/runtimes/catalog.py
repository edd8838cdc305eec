"""The model servers that servespec knows, by name, and what else facts are known of."""

from __future__ import annotations

from servespec.runtimes import mlflow, mlserver, onnxruntime, tf_serving, torchserve, triton
from servespec.runtimes.types import ServerFacts

SERVERS: dict[str, ServerFacts] = {
    module.SERVER.name: module.SERVER for module in (torchserve, onnxruntime, mlserver, mlflow, tf_serving, triton)
}
OTHERS: dict[str, str] = {
    "batch": "The batch scorer",
    "optimize": "Converters to ONNX",
    "nginx": "nginx",
    "kubernetes": "Kubernetes",
    "kserve": "KServe",
    "seldon": "Seldon Core",
    "shipped": "Servers that others ship",
}
"""Titles of what else facts are known of, by the module of this folder that has them."""
