"""Which of a model's files is which: read off the folder that the spec names, by name only."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from servespec.deployment.types import Model
from servespec.facts import Facts, Kind

WEIGHTS = (".pt", ".pth")
"""Suffixes of PyTorch weights, as torch's own documentation has them."""


@dataclass(frozen=True)
class PytorchLayout:
    """The files of a PyTorch model; None for one that is not there."""

    weights: str | None
    torchscript: bool
    code: str | None
    handler: str | None
    weights_found: tuple[str, ...] = ()
    """All candidates for the weights: with more than one, the choice is the user's."""


def pytorch_layout(model: Model, facts: Facts) -> PytorchLayout:
    """The files that `model.uri`, `model.code` and `model.handler` come down to."""
    folder = facts.file(model.uri)
    found = _weights(model, facts)
    weights = found[0] if len(found) == 1 else None
    code = model.code or _child(folder.children, model.uri, "model.py")
    eager = model.format != "torchscript" and code is not None
    return PytorchLayout(
        weights=weights,
        torchscript=model.format == "torchscript"
        or (not eager and weights is not None and facts.file(weights).torchscript),
        code=code if eager or model.code else None,
        handler=model.handler.file if model.handler else _child(folder.children, model.uri, "handler.py"),
        weights_found=found,
    )


def _weights(model: Model, facts: Facts) -> tuple[str, ...]:
    named = facts.file(model.uri)
    if named.kind is Kind.FOLDER:
        return tuple(posixpath.join(model.uri, child) for child in named.children if child.endswith(WEIGHTS))
    return (model.uri,)


def _child(children: tuple[str, ...], folder: str, name: str) -> str | None:
    return posixpath.join(folder, name) if name in children else None


def _is_script(weights: str | None, facts: Facts) -> bool:
    return weights is not None and facts.file(weights).torchscript
