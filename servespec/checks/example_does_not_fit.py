"""The request of an example has other columns, or other inputs, than the signature or the model.

Looked at are the rows of `instances`, `features`, `dataframe_records` and `dataframe_split`: a row is a list with a
value for each column, or a map by their names. For a server of the Open Inference Protocol it is the `inputs`: their
names, shapes, datatypes and numbers of values. Without a signature the model's own files are asked what it takes; of a
handler that stands before it nothing is known. MLServer hands a model without a signature one input with all features,
unless the request has another `parameters.content_type`. The first example is also what a server is warmed up with:
with one that does not fit it would never be ready. An example that expects an `error` may be wrong on purpose.

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

from servespec.checks.lone_input import lone_misfits
from servespec.checks.taken_inputs import Taken, taken_inputs
from servespec.checks.v2_request import Misfit, misfits
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment, Example
from servespec.deployment.workloads import serves
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.types import ServerFacts
from servespec.spans import Route, Value

CODE = "example-does-not-fit"
SEVERITY = Severity.ERROR

_ERRORS = frozenset({"error", "error_code"})


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each row of a request without the columns of the signature; each event without a field that is read."""
    if deployment.streaming and not serves(deployment):
        yield from _events(deployment, deployment.streaming.features)
        return
    taken, server = taken_inputs(deployment, facts), SERVERS[deployment.runtime.server]
    if server.predict_path and server.predict_path.value.startswith("/v2/"):
        changed = any(item.target == server.name for item in deployment.overrides)
        yield from _requests(deployment, None if taken and taken.source == "model" and changed else taken, server)
    elif taken:
        yield from _tables(deployment, taken)


def _tables(deployment: Deployment, taken: Taken) -> Iterator[Diagnostic]:
    listed, named = len(taken.face.tensors) < 2, bool(taken.face.columns)
    for index, example in enumerate(deployment.examples):
        for route, row in _rows(example):
            at: Route = ("examples", index, "request", *route)
            if isinstance(row, list) and listed and not taken.fits(len(row)):
                yield _other_width(at, len(row), taken)
            elif isinstance(row, dict) and named and not taken.has(frozenset(row)):
                yield _other_names(at, frozenset(row), taken)


def _requests(deployment: Deployment, taken: Taken | None, server: ServerFacts) -> Iterator[Diagnostic]:
    for index, example in enumerate(deployment.examples):
        if not _is_wrong_on_purpose(example):
            for misfit in _misfits(example.request, taken, server):
                at: Route = ("examples", index, "request", *misfit.route)
                yield _misfit(at, misfit.words, taken) if taken and misfit.of_inputs else _malformed(at, misfit.words)


def _misfits(request: Value, taken: Taken | None, server: ServerFacts) -> Iterator[Misfit]:
    kinds = server.datatypes.value if server.datatypes else {}
    if taken and taken.source == "model" and server.lone_input:
        yield from [*misfits(request, None, kinds)] or lone_misfits(request, taken, server.lone_input.value)
        return
    yield from misfits(request, taken, kinds)


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
        "the server does not understand this request",
        Label(route, words),
        help="correct it; the server speaks the Open Inference Protocol",
    )


def _misfit(route: Route, words: str, taken: Taken) -> Diagnostic:
    return error(
        CODE,
        f"the request does not fit the {taken.source}",
        Label(route, words),
        taken.label("the inputs are these" if taken.source == "signature" else "by its own files"),
        help=_correct("request", taken),
    )


def _other_width(route: Route, found: int, taken: Taken) -> Diagnostic:
    return error(
        CODE,
        f"the row is {found} wide, the {taken.source} is {taken.width()}",
        Label(route, f"another number of values than the {taken.source} has"),
        taken.label("as this says"),
        help=_correct("row", taken),
    )


def _other_names(route: Route, found: frozenset[str], taken: Taken) -> Diagnostic:
    names = [column.name for column in taken.face.columns]
    lacking = [name for name in names if name not in found]
    strange = sorted(found.difference(names))
    words = f"no {shown(lacking[0])}" if lacking else f"{shown(strange[0])} is no column"
    return error(
        CODE,
        f"the row has other columns than the {taken.source}",
        Label(route, words),
        taken.label("the columns are these" if taken.source == "signature" else "by its own files"),
        help=_correct("row", taken),
    )


def _correct(what: str, taken: Taken) -> str:
    if taken.source == "signature":
        return f"correct the {what}, or the signature"
    return f"correct the {what}; `servespec inspect` shows what the model takes"
