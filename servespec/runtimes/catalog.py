"""The model servers that servespec knows, by name."""

from __future__ import annotations

from servespec.runtimes import mlflow, mlserver, onnxruntime, tf_serving, torchserve, triton
from servespec.runtimes.types import ServerFacts

SERVERS: dict[str, ServerFacts] = {
    module.SERVER.name: module.SERVER for module in (torchserve, onnxruntime, mlserver, mlflow, tf_serving, triton)
}
