"""The request of an example has other columns than the signature.

Looked at are the rows of `instances` and `features`: a row is a list with a value for each column, or a map by their
names. An example that expects an `error` may be wrong on purpose.

Bad:
```yaml
signature: {inputs: {columns: {amount: FP32, hour: FP32}}}
examples: [{name: night, request: {instances: [[912.5, 3, 2]]}}]
```
Good:
```yaml
signature: {inputs: {columns: {amount: FP32, hour: FP32}}}
examples: [{name: night, request: {instances: [[912.5, 3]]}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment, Example, Face
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route, Value

CODE = "example-does-not-fit"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each row of a request that does not have the columns of the signature."""
    inputs = deployment.signature.inputs if deployment.signature else None
    width = _width(inputs) if inputs else None
    names = tuple(column.name for column in inputs.columns) if inputs else ()
    for index, example in enumerate(deployment.examples):
        for route, row in _rows(example):
            at: Route = ("examples", index, "request", *route)
            if isinstance(row, list) and width is not None and len(row) != width:
                yield _other_width(at, len(row), width)
            elif isinstance(row, dict) and names and set(row) != set(names):
                yield _other_names(at, frozenset(row), names)


def _width(inputs: Face) -> int | None:
    """How many values a row has: one for each column, or as many as a lone tensor with two dimensions says."""
    if inputs.columns:
        return len(inputs.columns)
    shape = inputs.tensors[0].shape if len(inputs.tensors) == 1 else ()
    return shape[1] if len(shape) == 2 and shape[1] > 0 else None


def _rows(example: Example) -> Iterator[tuple[Route, Value]]:
    request, expected = example.request, example.expect
    if not isinstance(request, dict) or (isinstance(expected, dict) and "error" in expected):
        return
    for field in ("instances", "features"):
        rows = request.get(field)
        if not isinstance(rows, list):
            continue
        if field == "features" and rows and not isinstance(rows[0], list | dict):
            yield (field,), rows  # one row, without a list around it
            continue
        yield from (((field, index), row) for index, row in enumerate(rows))


def _other_width(route: Route, found: int, width: int) -> Diagnostic:
    return error(
        CODE,
        f"the row is {found} wide, and the signature {width}",
        Label(route, "another number of values than the signature has"),
        Label(("signature", "inputs"), "as this says"),
        help="correct the row, or the signature",
    )


def _other_names(route: Route, found: frozenset[str], names: tuple[str, ...]) -> Diagnostic:
    lacking = [name for name in names if name not in found]
    strange = sorted(found.difference(names))
    words = f"no {shown(lacking[0])}" if lacking else f"{shown(strange[0])} is no column"
    return error(
        CODE,
        "the row has other columns than the signature",
        Label(route, words),
        Label(("signature", "inputs"), "the columns are these"),
        help="correct the row, or the signature",
    )
