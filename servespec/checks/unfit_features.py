"""The fields that are read from an event are not what the model takes.

They are named in `streaming.features`, in the order of the model's features, or by the columns of `signature.inputs`.
Where both are there, one field is for one column; a tensor takes as many fields as its second dimension is wide.
Without a signature it is asked of the model's own files how many there are; `servespec inspect` shows it.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
signature: {inputs: {columns: {amount: FP32, hour: FP32}}}
streaming: {source: {connection: events, topic: payments}, sink: {topic: scores}, features: [card.amount]}
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
signature: {inputs: {columns: {amount: FP32, hour: FP32}}}
streaming: {source: {connection: events, topic: payments}, sink: {topic: scores}, features: [card.amount, hour]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.taken_inputs import Taken, taken_inputs
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "unfit-features"
SEVERITY = Severity.ERROR

_FEATURES: Route = ("streaming", "features")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What the fields lack, or have too many."""
    if deployment.streaming is None:
        return
    read, taken = deployment.streaming.features, taken_inputs(deployment, facts)
    if not read:
        yield _none()
    elif taken and not taken.fits(len(read)):
        yield _count(len(read), taken)
    for index, path in enumerate(read):
        if not all(path.split(".")):
            yield _no_path(index, path)


def _none() -> Diagnostic:
    return error(
        CODE,
        "nothing says which fields the model reads",
        Label(("streaming",), "no `features`, and no signature with columns", Part.KEY),
        help="write `features: [...]`, in the order of the model's features",
    )


def _count(found: int, taken: Taken) -> Diagnostic:
    width = taken.width()
    return error(
        CODE,
        f"{found} fields are read, and the model takes {width}",
        Label(_FEATURES, f"{found} fields", Part.KEY),
        taken.label(f"the {taken.source} has {width}"),
        help="name one field for each feature, in their order",
    )


def _no_path(index: int, path: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} leads to no field",
        Label((*_FEATURES, index), "a name is missing between dots"),
        help="write names with one dot between them, as in `card.country`",
    )
