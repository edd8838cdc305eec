"""The model servers that servespec knows, by name, and what else facts are known of."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from servespec.on_demand import OnDemand
from servespec.runtimes.types import ServerFacts


def _load(name: str) -> ServerFacts:
    return cast("ServerFacts", import_module(f"servespec.runtimes.{name.replace('-', '_')}").SERVER)


SERVERS = OnDemand(("torchserve", "onnxruntime", "mlserver", "mlflow", "tf-serving", "triton"), _load)
OTHERS: dict[str, str] = {
    "batch": "The batch scorer",
    "streaming": "The worker of a stream",
    "brokers": "Brokers of streams",
    "optimize": "Converters to ONNX",
    "fetching": "What fetches models",
    "nginx": "nginx",
    "kubernetes": "Kubernetes",
    "kserve": "KServe",
    "seldon": "Seldon Core",
    "shipped": "Servers that others ship",
}
"""Titles of what else facts are known of, by the module of this folder that has them."""
