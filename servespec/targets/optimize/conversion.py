"""What the program that converts needs to know of a deployment."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.layout import PYTORCH, model_file, pytorch_layout
from servespec.deployment.requirements_file import parse
from servespec.deployment.types import Deployment, Tolerance
from servespec.emit.quoted import Data, traced
from servespec.models import Face, Tensor
from servespec.runtimes.optimize import PACKAGES
from servespec.targets.contract import Context
from servespec.targets.optimize.feeds import feeds


def conversion(deployment: Deployment, context: Context) -> dict[str, Data]:
    """The literal of `templates/optimize/convert.py`. Paths are relative to the project folder, which `project` leads
    to. Checks have seen to it that the format has a converter and that there is a signature."""
    optimize, signature, model = deployment.optimize, deployment.signature, deployment.model
    assert optimize is not None
    assert signature is not None
    quantization, random = optimize.quantization, optimize.random_inputs
    outputs = signature.outputs.tensors if signature.outputs else ()
    return {
        "name": traced(deployment.name, "name"),
        "project": traced(context.output.up_from("optimize"), "name"),
        **_files(deployment, context),
        "digest": traced(model.digest, "model.digest"),
        "model": traced(model.name, "model.name"),
        "inputs": traced([_tensor(item) for item in _inputs(signature.inputs)], "signature.inputs"),
        "outputs": traced([_tensor(item) for item in outputs], "signature.outputs"),
        "table": traced(_is_table(signature.inputs, model_format=model.format), "signature.inputs"),
        "opset": traced(optimize.opset, "optimize.opset"),
        "tolerance": traced(_tolerance(optimize.tolerance), "optimize.tolerance"),
        "quantization": traced(
            _tolerance(quantization.tolerance) if quantization else None, "optimize.quantization.tolerance"
        ),
        "random": traced(
            {"rows": random.rows, "seed": random.seed, "missing": random.missing}, "optimize.randomInputs"
        ),
        "examples": list(feeds(deployment)),
        "threads": traced(deployment.runtime.threads, "runtime.threads"),
        "packages": traced(list(_packages(model.format)), "fact:optimize.PACKAGES"),
    }


def _files(deployment: Deployment, context: Context) -> dict[str, Data]:
    """The model's file, its code, and whether it is TorchScript."""
    model = deployment.model
    if model.format not in PYTORCH:
        file, code, script = model_file(model, context.facts), model.code, False
    else:
        layout = pytorch_layout(model, context.facts)
        file, code, script = layout.weights or model.uri, layout.code, layout.torchscript
    return {
        "file": traced(file, "model.uri"),
        "code": traced(code, "model.code", "model.uri"),
        "script": traced(script, "model.format", "model.uri"),
    }


def _packages(model_format: str) -> Iterator[str]:
    for pin in PACKAGES[model_format].value:
        yield from (line.name for line in parse(pin) if line.name)


def _inputs(face: Face) -> tuple[Tensor, ...]:
    """The tensors; a column is one too, of one value a row, as the Open Inference Protocol has it."""
    return face.tensors or tuple(Tensor(column.name, column.datatype, (-1, 1)) for column in face.columns)


def _is_table(face: Face, *, model_format: str) -> bool:
    """Whether the model gets its inputs side by side. To a model of PyTorch several tensors are several arguments."""
    return bool(face.columns) or (len(face.tensors) > 1 and model_format not in PYTORCH)


def _tensor(tensor: Tensor) -> Data:
    return {"name": tensor.name, "datatype": tensor.datatype, "shape": list(tensor.shape)}


def _tolerance(given: Tolerance) -> Data:
    return {"absolute": given.absolute, "relative": given.relative, "rows": given.rows}
