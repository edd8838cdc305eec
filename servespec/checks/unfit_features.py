"""The fields that are read from an event are not what the model takes.

They are named in `streaming.features`, in the order of the model's features, or by the columns of `signature.inputs`.
Where both are there, one field is for one column; a tensor takes as many fields as its second dimension is wide.
Without a signature the model's own files are asked how many there are, and for their names and their order; `servespec
inspect` shows it. A field is for the column at its place: the model's own names, at each other's places, are a mistake.

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

from servespec.checks.taken_inputs import Taken, as_typed, taken_inputs
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "unfit-features"
SEVERITY = Severity.ERROR

_FEATURES: Route = ("streaming", "features")
_ANY_NUMBER = "FP64"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What the fields lack, or have too many."""
    if deployment.streaming is None:
        return
    read, taken = deployment.streaming.features, taken_inputs(deployment, facts)
    if not read:
        yield _none(taken)
    elif taken and not taken.fits(len(read)):
        yield _count(len(read), taken)
    elif taken and taken.swaps(names := _names(read, taken)):
        yield _order(dict(zip(names, read, strict=True)), taken)
    elif (
        taken
        and deployment.model.format == "sklearn"
        and _is_named(deployment, taken)
        and (strange := taken.unknown(read))
    ):
        yield _renamed(strange[0], read[strange[0]], taken)
    for index, path in enumerate(read):
        if not all(path.split(".")):
            yield _no_path(index, path)


def _names(read: tuple[str, ...], taken: Taken) -> list[str]:
    """What the fields are called: a path that is no column's name goes by its last part."""
    strange = taken.unknown(read)
    return [path.rpartition(".")[2] if index in strange else path for index, path in enumerate(read)]


def _is_named(deployment: Deployment, taken: Taken) -> bool:
    """Whether the worker hands over fields by their paths to a model that knows its columns by names."""
    assert deployment.streaming is not None
    return taken.source == "model" and bool(taken.face.columns) and deployment.streaming.scoring == "worker"


def _none(taken: Taken | None) -> Diagnostic:
    known = as_typed("features", taken.names()) if taken else ""
    return error(
        CODE,
        "nothing says which fields the model reads",
        Label(_FEATURES, "no `features`, and no signature with columns", Part.KEY),
        help=f"write {known}" if known else "write `features: [...]`, in the order of the model's features",
    )


def _order(paths: dict[str, str], taken: Taken) -> Diagnostic:
    known = as_typed("features", [paths[name] for name in taken.placed([*paths])])
    return error(
        CODE,
        f"the {taken.source} has the fields in another order",
        Label(_FEATURES, "each is taken for another one", Part.KEY),
        taken.label(f"the {taken.source} has their order"),
        help=f"write {known}" if known else f"bring them into the order of the {taken.source}",
    )


def _renamed(index: int, path: str, taken: Taken) -> Diagnostic:
    known = as_typed("signature", {"inputs": {"columns": dict.fromkeys(taken.names(), _ANY_NUMBER)}})
    place = "write its own in `signature.inputs.columns`, in the order of `features`"
    return error(
        CODE,
        f"the model has no column {shown(path, 30)}",
        Label((*_FEATURES, index), "handed over by this name"),
        taken.label("the model refuses other names than its own"),
        help=f"say which column each is, in the order of `features`: {known}" if known else place,
    )


def _count(found: int, taken: Taken) -> Diagnostic:
    width, fields = taken.width(), "1 field" if found == 1 else f"{found} fields"
    return error(
        CODE,
        f"{fields} {'is' if found == 1 else 'are'} read, and the model takes {width}",
        Label(_FEATURES, fields, Part.KEY),
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
