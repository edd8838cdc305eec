"""The script that makes a SavedModel of a Keras model, its names those of the signature."""

from __future__ import annotations

from servespec.artifacts import Artifact, Language
from servespec.deployment.types import Deployment
from servespec.emit import python, template
from servespec.emit.quoted import Data, traced
from servespec.models import Face

# tensorflow/python/framework/dtypes.py, by the names of the Open Inference Protocol.
_DTYPES = {
    "FP16": "float16",
    "BF16": "bfloat16",
    "FP32": "float32",
    "FP64": "float64",
    "BYTES": "string",
}


def can_export(deployment: Deployment) -> bool:
    """Whether the signature names tensors on both sides: of columns nobody knows how the model takes them."""
    signature = deployment.signature
    return bool(signature and signature.inputs.tensors and signature.outputs and signature.outputs.tensors)


def export(deployment: Deployment) -> Artifact:
    """`export.py`, for a signature of tensors."""
    signature = deployment.signature
    assert signature is not None
    assert signature.outputs is not None
    spec: dict[str, Data] = {
        "inputs": traced(_tensors(signature.inputs), "signature.inputs"),
        "outputs": traced(_tensors(signature.outputs), "signature.outputs"),
    }
    content = template.render(
        "tf-serving/export.py", {"spec": python.literal(spec, column=len("SPEC: dict[str, Any] = "))}
    )
    return Artifact("export.py", content, Language.PYTHON)


def _tensors(face: Face) -> dict[str, Data]:
    return {
        tensor.name: {
            "dtype": _DTYPES.get(tensor.datatype, tensor.datatype.lower()),
            "shape": [None if size == -1 else size for size in tensor.shape],
        }
        for tensor in face.tensors
    }
