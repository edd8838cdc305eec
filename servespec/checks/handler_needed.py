"""The signature is more than the handler that servespec makes can carry.

Where the spec names no handler, one is made from the signature: it takes rows of numbers and makes one tensor of one
datatype from them. For several tensors, for columns of several datatypes, and for text it takes a handler of your own.

Bad:
```yaml
model: {uri: ./model/model.pt, code: model/model.py}
signature: {inputs: {columns: {amount: FP32, count: INT64}}}
```
Good:
```yaml
model: {uri: ./model/model.pt, code: model/model.py}
signature: {inputs: {columns: {amount: FP32, count: FP32}}}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servespec.checks.wording import shown
from servespec.deployment.layout import PYTORCH, WEIGHTS, pytorch_layout
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import serves
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts, Kind
from servespec.models import Face
from servespec.runtimes.torchserve import DATATYPES, SERVER
from servespec.spans import Route

CODE = "handler-needed"
SEVERITY = Severity.ERROR

_INPUTS: Route = ("signature", "inputs")
_NO_HANDLER = Label(("model",), "names no `handler`", Part.KEY)
_REMEDY = "write a handler, and name it in `model.handler`"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What of the inputs only a handler of the user's own could take."""
    model, signature = deployment.model, deployment.signature
    if deployment.runtime.server != SERVER.name or not serves(deployment):
        return
    # In a folder that is not there may be a handler, too.
    unknown = facts.file(model.uri).kind is Kind.MISSING and not model.uri.endswith(WEIGHTS)
    if model.format not in PYTORCH or unknown or pytorch_layout(model, facts).handler is not None:
        return
    if signature is None or (signature.inputs.columns and signature.inputs.tensors):
        return  # of both, one is a mistake: `invalid-signature`
    datatypes = list(_datatypes(signature.inputs))
    strange = [(route, datatype) for route, datatype in datatypes if datatype not in DATATYPES.value]
    if len(signature.inputs.tensors) > 1:
        yield _several(len(signature.inputs.tensors))
    elif strange:
        yield _no_datatype(*strange[0])
    elif len({datatype for _, datatype in datatypes}) > 1:
        yield _mixed(datatypes)


def _datatypes(face: Face) -> Iterator[tuple[Route, str]]:
    for column in face.columns:
        yield (*_INPUTS, "columns", column.name), column.datatype
    for index, tensor in enumerate(face.tensors):
        yield (*_INPUTS, "tensors", index, "datatype"), tensor.datatype


def _several(count: int) -> Diagnostic:
    return error(
        CODE,
        f"{count} input tensors need a handler of your own",
        Label((*_INPUTS, "tensors", 1), "the handler that is made here takes one tensor"),
        _NO_HANDLER,
        help=_REMEDY,
    )


def _no_datatype(route: Route, datatype: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(datatype)} needs a handler of your own",
        Label(route, "the handler that is made here has no tensor of this datatype"),
        _NO_HANDLER,
        help=_REMEDY,
    )


def _mixed(datatypes: Sequence[tuple[Route, str]]) -> Diagnostic:
    (first, wanted), *rest = datatypes
    other = next(route for route, datatype in rest if datatype != wanted)
    return error(
        CODE,
        "columns of several datatypes need a handler",
        Label(other, f"not {wanted}, as the first column"),
        Label(first, "one tensor has one datatype: this one"),
        _NO_HANDLER,
        help=f"write {wanted} here as well if the model takes it, or {_REMEDY}",
    )
