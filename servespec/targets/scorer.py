"""What the programs that load a model themselves have in common, those of a batch and of a stream's workers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.targets.contract import IN_A_CLUSTER, KEPT, UNRELATED, Support, lost

_COMMON = ("__init__", "digest", "failure", "outcome")
_BY_METHODS = ("sklearn", "mlflow")
"""Formats whose models have methods as scikit-learn's have."""
_MODEL = {"pytorch": "torch", "torchscript": "torch"}

SUPPORTS: Mapping[str, Support] = {
    "apiVersion": UNRELATED,
    "name": KEPT,
    "pattern": KEPT,
    "release": KEPT,
    "description": UNRELATED,
    "owner": UNRELATED,
    "labels": UNRELATED,
    "model": KEPT,
    "model.name": UNRELATED,
    "model.handler": lost("a handler answers requests of its server; put such steps into the model"),
    "signature": KEPT,
    "runtime": UNRELATED,
    "optimize": UNRELATED,
    "image": UNRELATED,
    "resources": KEPT,
    "resources.limits": UNRELATED,
    "probes": UNRELATED,
    "security": UNRELATED,
    **dict.fromkeys(IN_A_CLUSTER, UNRELATED),
    "connections": KEPT,
    "secrets": UNRELATED,
    "examples": UNRELATED,
    "targets": UNRELATED,
    "environments": UNRELATED,
    "overrides": UNRELATED,
    "suppress": UNRELATED,
}
"""What holds for each of them."""


def scorer_modules() -> Iterator[tuple[str, str]]:
    """The modules that each of them needs, and the template of each."""
    yield from ((name, f"scorer/{name}.py") for name in _COMMON)


def model_modules(model: str) -> Iterator[tuple[str, str]]:
    """The modules that load a model of that format and ask it, and the template of each."""
    if model in _BY_METHODS:
        yield "estimators", "scorer/estimators.py"
    yield "model", f"scorer/models/{_MODEL.get(model, model)}.py"
