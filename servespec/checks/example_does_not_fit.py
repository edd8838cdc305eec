"""The request of an example has other columns, or other inputs, than the signature.

Looked at are the rows of `instances`, `features`, `dataframe_records` and `dataframe_split`: a row is a list with a
value for each column, or a map by their names. For a server of the Open Inference Protocol it is the `inputs`: their
names, shapes and numbers of values. An example that expects an `error` may be wrong on purpose.

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

from servespec.checks.v2_request import misfits
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment, Example
from servespec.deployment.workloads import serves
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.models import Face
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Route, Value

CODE = "example-does-not-fit"
SEVERITY = Severity.ERROR

_ERRORS = frozenset({"error", "error_code"})


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each row of a request without the columns of the signature; each event without a field that is read."""
    if deployment.streaming and not serves(deployment):
        yield from _events(deployment, deployment.streaming.features)
        return
    inputs = deployment.signature.inputs if deployment.signature else None
    width = _width(inputs) if inputs else None
    names = tuple(column.name for column in inputs.columns) if inputs else ()
    path = SERVERS[deployment.runtime.server].predict_path
    if path and path.value.startswith("/v2/"):
        yield from _requests(deployment, inputs)
        return
    for index, example in enumerate(deployment.examples):
        for route, row in _rows(example):
            at: Route = ("examples", index, "request", *route)
            if isinstance(row, list) and width is not None and len(row) != width:
                yield _other_width(at, len(row), width)
            elif isinstance(row, dict) and names and set(row) != set(names):
                yield _other_names(at, frozenset(row), names)


def _requests(deployment: Deployment, inputs: Face | None) -> Iterator[Diagnostic]:
    for index, example in enumerate(deployment.examples):
        if not _is_wrong_on_purpose(example):
            for misfit in misfits(example.request, inputs):
                at: Route = ("examples", index, "request", *misfit.route)
                yield _misfit(at, misfit.words) if misfit.of_signature else _malformed(at, misfit.words)


def _events(deployment: Deployment, features: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Of a stream alone the examples are events."""
    for index, example in enumerate(deployment.examples):
        lacking = [path for path in features if not _leads(example.request, path)]
        if lacking and not _is_wrong_on_purpose(example):
            yield _no_field(("examples", index, "request"), lacking[0])


def _leads(event: Value, path: str) -> bool:
    for name in path.split("."):
        if not isinstance(event, dict) or name not in event:
            return False
        event = event[name]
    return True


def _no_field(route: Route, path: str) -> Diagnostic:
    return error(
        CODE,
        f"the event has no {shown(path)}",
        Label(route, "a field that the model reads is missing", Part.KEY),
        Label(("streaming", "features"), "read from each event", Part.KEY, otherwise=Label(("signature", "inputs"))),
        help="add it; of an event that can't be scored, expect `error`",
    )


def _is_wrong_on_purpose(example: Example) -> bool:
    return isinstance(example.expect, dict) and not _ERRORS.isdisjoint(example.expect)


def _width(inputs: Face) -> int | None:
    """How many values a row has: one for each column, or as many as a lone tensor with two dimensions says."""
    if inputs.columns:
        return len(inputs.columns)
    shape = inputs.tensors[0].shape if len(inputs.tensors) == 1 else ()
    return shape[1] if len(shape) == 2 and shape[1] > 0 else None


def _rows(example: Example) -> Iterator[tuple[Route, Value]]:
    request = example.request
    if not isinstance(request, dict) or _is_wrong_on_purpose(example):
        return
    yield from _table(request.get("dataframe_split"))
    for field in ("instances", "features", "dataframe_records"):
        rows = request.get(field)
        if not isinstance(rows, list):
            continue
        if field == "features" and rows and not isinstance(rows[0], list | dict):
            yield (field,), rows  # one row, without a list around it
            continue
        yield from (((field, index), row) for index, row in enumerate(rows))


def _table(split: Value) -> Iterator[tuple[Route, Value]]:
    """The rows of MLflow's `dataframe_split`, each a map by the names of its columns if it has as many."""
    columns, data = (split.get("columns"), split.get("data")) if isinstance(split, dict) else (None, None)
    if not isinstance(columns, list) or not isinstance(data, list):
        return
    for index, row in enumerate(data):
        if isinstance(row, list):
            fits = len(row) == len(columns)
            yield (
                ("dataframe_split", "data", index),
                dict(zip(map(str, columns), row, strict=True)) if fits else row,
            )


def _malformed(route: Route, words: str) -> Diagnostic:
    return error(
        CODE,
        "the request is none that the server understands",
        Label(route, words),
        help="correct it; the server speaks the Open Inference Protocol",
    )


def _misfit(route: Route, words: str) -> Diagnostic:
    return error(
        CODE,
        "the request does not fit the signature",
        Label(route, words),
        Label(("signature", "inputs"), "the inputs are these"),
        help="correct the request, or the signature",
    )


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
