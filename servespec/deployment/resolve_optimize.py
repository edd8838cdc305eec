"""The `optimize` block to what it means."""

from __future__ import annotations

from servespec.deployment import types
from servespec.runtimes.optimize import OPSETS
from servespec.spec.optimize import Optimize, Tolerance
from servespec.spec.root import Spec


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
        random_inputs=types.RandomInputs(random.rows, random.seed),
    )


def _tolerance(given: Tolerance) -> types.Tolerance:
    return types.Tolerance(given.absolute, given.relative, given.rows)
