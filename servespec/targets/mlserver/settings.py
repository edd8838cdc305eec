"""The data of MLServer's two configuration files."""

from __future__ import annotations

import posixpath

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.models import Face
from servespec.runtimes import mlserver as facts

MODEL_FOLDER = "model"
"""Where the model lies in the server's folder in an image."""


def settings(deployment: Deployment) -> dict[str, Data]:
    """The server's: everything on loopback, which the image widens."""
    runtime, workers = deployment.runtime, deployment.runtime.workers
    data: dict[str, Data] = {
        "host": traced("127.0.0.1", "fact:mlserver.ports"),
        "http_port": traced(runtime.protocols["rest"], "runtime.protocols.rest"),
        "grpc_port": traced(runtime.protocols["grpc"], "runtime.protocols.grpc"),
        "metrics_port": traced(facts.SERVER.private_ports["metrics"].value, "fact:mlserver.private_ports"),
        # One worker needs no process of its own: that would only add the way to it and back.
        "parallel_workers": traced(workers if workers > 1 else 0, "runtime.workers"),
        **{name: traced(fact.value, "fact:mlserver.SETTINGS") for name, fact in facts.SETTINGS.items()},
    }
    return {**data, **{name: traced(value, f"runtime.config.{name}") for name, value in runtime.config.items()}}


def model_settings(deployment: Deployment, *, file: str, implementation: Data) -> dict[str, Data]:
    """The model's, for a model file of that name in an image."""
    model = deployment.model
    return {
        "name": traced(model.name, "model.name"),
        "implementation": implementation,
        "platform": traced(f"{deployment.runtime.server}_{model.format}", "runtime.server", "model.format"),
        "versions": traced([model.version], "model.version"),
        "parameters": {
            "uri": traced(f"./{MODEL_FOLDER}/{posixpath.basename(file)}", "model.uri"),
            "version": traced(model.version, "model.version"),
        },
    }


def content_type(inputs: Face | None) -> str:
    """How MLServer hands a request to the model: a table's columns as a data frame, one tensor as an array."""
    return "pd" if inputs and (inputs.columns or len(inputs.tensors) > 1) else facts.LONE_INPUT.value


def metadata(deployment: Deployment) -> dict[str, Data]:
    """What clients are told of the inputs and outputs; nothing without a signature."""
    signature = deployment.signature
    if signature is None:
        return {}
    told: dict[str, Data] = {"inputs": traced(_told(signature.inputs), "signature.inputs")}
    if signature.outputs:
        told["outputs"] = traced(_told(signature.outputs), "signature.outputs")
    return told


def _told(face: Face) -> list[Data]:
    return [{"name": name, **tensor} for name, tensor in tensors(face).items()]


def tensors(face: Face) -> dict[str, dict[str, Data]]:
    """Datatype and shape by the names of one side; a column has one value in a row."""
    columns: dict[str, dict[str, Data]] = {
        item.name: {"datatype": item.datatype, "shape": [-1, 1]} for item in face.columns
    }
    return columns or {item.name: {"datatype": item.datatype, "shape": list(item.shape)} for item in face.tensors}
