"""The `optimize` block to what it means."""

from __future__ import annotations

from servespec.deployment import types
from servespec.deployment.layout import PYTORCH
from servespec.runtimes.optimize import OPSETS
from servespec.spec.optimize import Optimize, Tolerance
from servespec.spec.root import Spec

_MISSING = 0.1


def resolve_optimize(spec: Spec) -> types.Optimize:
    """The conversion of the model of `spec`; all its defaults where only the target is named."""
    given = spec.optimize or Optimize()
    known, quantization, random = OPSETS.get(spec.model.format), given.quantization, given.randomInputs
    return types.Optimize(
        opset=given.opset or (known.value.default if known else None),
        tolerance=_tolerance(given.tolerance),
        quantization=types.Quantization(quantization.type, _tolerance(quantization.tolerance))
        if quantization
        else None,
        random_inputs=types.RandomInputs(random.rows, random.seed, _missing(random.missing, spec.model.format)),
    )


def _missing(given: float | None, model_format: str) -> float:
    """The share of missing numbers: none by default of PyTorch, since TorchServe's handler refuses them."""
    return given if given is not None else 0.0 if model_format in PYTORCH else _MISSING


def _tolerance(given: Tolerance) -> types.Tolerance:
    return types.Tolerance(given.absolute, given.relative, given.rows)
