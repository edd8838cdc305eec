"""A request asks for a signature that the SavedModel does not have.

A SavedModel answers by one or more named signatures. TensorFlow Serving takes `signature_name` of the request, and
without it the one that is called `serving_default`.

Bad:
```yaml
model: {format: tensorflow, uri: ./saved-real}
examples: [{name: one, request: {signature_name: score, instances: [[1, 2, 3, 4]]}}]
```
Good:
```yaml
model: {format: tensorflow, uri: ./saved-real}
examples: [{name: one, request: {instances: [[1, 2, 3, 4]]}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.asked_models import asked_model
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.tf_serving import DEFAULT_SIGNATURE

CODE = "unknown-signature"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each example whose signature the model does not have."""
    model = asked_model(deployment, facts) if deployment.model.format == "tensorflow" else None
    known = tuple(str(name) for label, name in model.details if label == "signature") if model else ()
    for index, example in enumerate(deployment.examples):
        asked = example.request.get("signature_name") if isinstance(example.request, dict) else None
        name = asked if isinstance(asked, str) else DEFAULT_SIGNATURE.value
        if known and name not in known:
            yield _unknown(index, name, known=known)


def _unknown(index: int, name: str, *, known: tuple[str, ...]) -> Diagnostic:
    at = ("examples", index, "request")
    whole = Label(at, "without a `signature_name`, this one is taken")
    return error(
        CODE,
        f"the model has no signature {shown(name, 24)}",
        Label((*at, "signature_name"), "the model does not have it", otherwise=whole),
        help=f"write `signature_name: {known[0]}`" if len(known) == 1 else f"write one of {one_of(known[:5])}",
    )
