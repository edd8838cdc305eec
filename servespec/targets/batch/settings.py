"""What the loader of a model's format needs to know besides where the model is."""

from __future__ import annotations

import math
import posixpath

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.models import Column, Tensor
from servespec.runtimes import batch as facts
from servespec.runtimes import onnxruntime
from servespec.runtimes.torchserve import DATATYPES
from servespec.targets.batch.model import ModelFiles


def settings(deployment: Deployment, files: ModelFiles) -> dict[str, Data]:
    """The settings of the format's loader."""
    match deployment.model.format:
        case "onnx":
            return {
                "graph_level": traced(deployment.runtime.graph_level, "runtime.graphLevel"),
                "providers": traced(list(onnxruntime.PROVIDERS.value), "fact:onnxruntime.PROVIDERS"),
            }
        case "pytorch" | "torchscript":
            code = posixpath.relpath(files.code, posixpath.dirname(files.path) or ".") if files.code else None
            return {
                "code": traced(code, "model.code"),
                "datatype": traced(_datatype(deployment), "signature.inputs", "fact:batch.DATATYPE"),
            }
    return {}


def _datatype(deployment: Deployment) -> str:
    """That of the one tensor that PyTorch models take here."""
    inputs = deployment.signature.inputs if deployment.signature else None
    items: tuple[Column | Tensor, ...] = inputs.columns or inputs.tensors if inputs else ()
    return DATATYPES.value[items[0].datatype] if items else facts.DATATYPE.value


def threads(deployment: Deployment) -> int | None:
    """As many as CPUs are requested; None for all that there are."""
    cpu = deployment.resources.requests.cpu
    return max(1, math.ceil(cpu.units)) if cpu else None
