"""The columns that a batch reads are not what the model takes.

They are named in `batch.input.columns`, in the order of the model's features, or by the columns of `signature.inputs`.
Where both are there, each column of the signature must be read; a tensor takes as many columns as its second dimension
is wide. Without a signature the model's own files are asked how many there are, and for their names and their order;
`servespec inspect` shows it. Most models take a value for a column's by its place: two that change places give wrong
predictions, and nothing else.

Bad:
```yaml
pattern: [realtime, batch]
signature: {inputs: {columns: {amount: FP32, hour: FP32}}}
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
```
Good:
```yaml
pattern: [realtime, batch]
signature: {inputs: {columns: {amount: FP32, hour: FP32}}}
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}"}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.taken_inputs import Taken, as_typed, taken_inputs
from servespec.checks.wording import cut, shown
from servespec.deployment.addresses import scheme
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import closest
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "unfit-columns"
SEVERITY = Severity.ERROR

_COLUMNS: Route = ("batch", "input", "columns")
_INPUTS: Route = ("signature", "inputs")
_NAMED = ("sklearn", "mlflow")
"""Formats of models that refuse a column of another name than those on which they were trained."""


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What the columns lack, or have too many."""
    if deployment.batch is None:
        return
    read, taken = deployment.batch.input.columns, taken_inputs(deployment, facts)
    if not read:
        yield _none(taken)
        return
    if taken is None:
        return
    if taken.source == "signature" and taken.face.columns:
        yield from _by_signature(read, taken)
    elif not taken.fits(len(read)):
        yield _count(len(read), taken)
    elif taken.face.columns and deployment.model.format in _NAMED:
        yield from _by_model(read, taken)
    if taken.swaps(read):
        yield _order(read, taken, deployment.model.uri)


def _by_signature(read: tuple[str, ...], taken: Taken) -> Iterator[Diagnostic]:
    wanted = taken.names()
    for name in wanted:
        if name not in read:
            yield _missing(name, taken)
    for index, name in enumerate(read):
        if name not in wanted:
            yield _unknown(index, name, near=closest(name, wanted))


def _by_model(read: tuple[str, ...], taken: Taken) -> Iterator[Diagnostic]:
    missing = [name for name in taken.names() if name not in read]
    if taken.passes_over and missing:
        yield _missing(missing[0], taken)
    for index in () if taken.passes_over else taken.unknown(read):
        yield _untrained(index, read[index], taken, near=closest(read[index], missing))


def _none(taken: Taken | None) -> Diagnostic:
    known = as_typed("columns", taken.names()) if taken else ""
    return error(
        CODE,
        "nothing says which columns the model reads",
        Label(_COLUMNS, "no `columns`, and no signature with columns", Part.KEY),
        help=f"write {known}" if known else "write `columns: [...]`, in the order of the model's features",
    )


def _order(read: tuple[str, ...], taken: Taken, uri: str) -> Diagnostic:
    known = as_typed("columns", taken.placed(read))
    inspected = scheme(uri) is None and taken.source == "model"
    where = f"; `servespec inspect {cut(uri, 60)}` lists them" if inspected else ""
    return error(
        CODE,
        f"the {taken.source} has the columns in another order",
        Label(_COLUMNS, "each is taken for another one", Part.KEY),
        taken.label(f"the {taken.source} has their order"),
        help=f"write {known}" if known else f"bring them into the order of the {taken.source}{where}",
    )


def _missing(name: str, taken: Taken) -> Diagnostic:
    signed = taken.source == "signature"
    where: Route = (*_INPUTS, "columns", name) if signed else taken.route
    asked = Label(where, "the model takes it", Part.KEY if signed else Part.VALUE)
    return error(
        CODE,
        f"the model's column {shown(name, 30)} is not read",
        Label(_COLUMNS, "not among these", Part.KEY),
        asked,
        help=f"add {shown(name)}, or leave `columns` out" if signed else f"add {shown(name)}",
    )


def _unknown(index: int, name: str, *, near: str | None) -> Diagnostic:
    return error(
        CODE,
        f"the model takes no column {shown(name, 30)}",
        Label((*_COLUMNS, index), "not in the signature"),
        help=f"did you mean {shown(near)}?" if near else "take it out; `keep` passes columns through",
    )


def _untrained(index: int, name: str, taken: Taken, *, near: str | None) -> Diagnostic:
    known = as_typed("columns", taken.names())
    return error(
        CODE,
        f"the model takes no column {shown(name, 30)}",
        Label((*_COLUMNS, index), "the model was not trained on it"),
        taken.label("the model names its columns"),
        help=f"did you mean {shown(near)}?" if near else f"write {known}" if known else "write the model's own names",
    )


def _count(found: int, taken: Taken) -> Diagnostic:
    width, known = taken.width(), as_typed("columns", taken.names())
    columns = "1 column" if found == 1 else f"{found} columns"
    return error(
        CODE,
        f"{columns} {'is' if found == 1 else 'are'} read, and the model takes {width}",
        Label(_COLUMNS, columns, Part.KEY),
        taken.label(f"the {taken.source} has {width}"),
        help=f"write {known}" if known else "name one column for each feature, in their order",
    )
