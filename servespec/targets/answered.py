"""The requests of the examples that the model is to answer, for programs that ask it some."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.spans import Value

_MOST_LEVELS = 40  # a literal of Python takes no more than some eighty, and no tensor has so many dimensions


def answered(deployment: Deployment) -> Iterator[tuple[int, Value]]:
    """Number and request of each example that expects no error."""
    for index, example in enumerate(deployment.examples):
        refused = isinstance(example.expect, dict) and "error" in example.expect
        if not refused and _depth(example.request) <= _MOST_LEVELS:
            yield index, example.request


def _depth(value: Value) -> int:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, below), default=0)
