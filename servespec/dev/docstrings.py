"""What stands below the fields of models: Python throws these texts away, so they are read from the source."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise

from servespec.node import Node


def field_docstrings(model: type[Node]) -> dict[str, str]:
    """The docstring of each field of a model, on one line; of those too that it has from another model."""
    written: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, Node) and base is not Node:
            written |= _own_docstrings(base)
    return written


def _own_docstrings(model: type[Node]) -> dict[str, str]:
    (definition,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(definition, ast.ClassDef), model
    return {
        before.target.id: " ".join(after.value.value.split())
        for before, after in pairwise(definition.body)
        if isinstance(before, ast.AnnAssign)
        and isinstance(before.target, ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
        and isinstance(after.value.value, str)
    }


def models() -> dict[str, type[Node]]:
    """All models by name, as the schema calls them: blocks of the spec and options of targets."""
    found = list(_subclasses(Node))
    named = {model.__name__: model for model in found}
    assert len(named) == len(found), "two models have one name, and the schema could not tell them apart"
    return named


def _subclasses(model: type[Node]) -> Iterator[type[Node]]:
    for below in model.__subclasses__():
        if below.__module__.startswith("servespec."):  # tests make models of their own
            yield below
            yield from _subclasses(below)
