"""The columns that a batch reads are not what the model takes.

They are named in `batch.input.columns`, in the order of the model's features, or by the columns of `signature.inputs`.
Where both are there, each column of the signature must be read; a tensor takes as many columns as its second dimension
is wide. Without a signature it is asked of the model's own files how many there are; `servespec inspect` shows it.

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

from servespec.checks.taken_inputs import Taken, taken_inputs
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import closest
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.models import Face
from servespec.spans import Route

CODE = "unfit-columns"
SEVERITY = Severity.ERROR

_COLUMNS: Route = ("batch", "input", "columns")
_INPUTS: Route = ("signature", "inputs")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What the columns lack, or have too many."""
    if deployment.batch is None:
        return
    read, taken = deployment.batch.input.columns, taken_inputs(deployment, facts)
    if not read:
        yield _none()
    elif taken and taken.source == "signature" and taken.face.columns:
        yield from _by_name(read, taken.face)
    elif taken and not taken.fits(len(read)):
        yield _count(len(read), taken)


def _by_name(read: tuple[str, ...], inputs: Face) -> Iterator[Diagnostic]:
    wanted = [column.name for column in inputs.columns]
    for name in wanted:
        if name not in read:
            yield _missing(name)
    for index, name in enumerate(read):
        if name not in wanted:
            yield _unknown(index, name, near=closest(name, wanted))


def _none() -> Diagnostic:
    return error(
        CODE,
        "nothing says which columns the model reads",
        Label(("batch", "input"), "no `columns`, and no signature with columns", Part.KEY),
        help="write `columns: [...]`, in the order of the model's features",
    )


def _missing(name: str) -> Diagnostic:
    return error(
        CODE,
        f"the model's column {shown(name, 30)} is not read",
        Label(_COLUMNS, "not among these", Part.KEY),
        Label((*_INPUTS, "columns", name), "the model takes it", Part.KEY),
        help=f"add {shown(name)}, or leave `columns` out",
    )


def _unknown(index: int, name: str, *, near: str | None) -> Diagnostic:
    return error(
        CODE,
        f"the model takes no column {shown(name, 30)}",
        Label((*_COLUMNS, index), "not in the signature"),
        help=f"did you mean {shown(near)}?" if near else "take it out; `keep` passes columns through",
    )


def _count(found: int, taken: Taken) -> Diagnostic:
    width = taken.width()
    return error(
        CODE,
        f"{found} columns are read, and the model takes {width}",
        Label(_COLUMNS, f"{found} columns", Part.KEY),
        taken.label(f"the {taken.source} has {width}"),
        help="name one column for each feature, in their order",
    )
