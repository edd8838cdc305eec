"""The model is a file of Keras, which TensorFlow Serving does not load.

Keras saves `.keras` files for itself; what is served is a SavedModel, a folder with `saved_model.pb` in it, that
`model.export` writes. Name the folder in which its versions are to be, even before it is there, and write a signature
of tensors: then `export.py` is made beside the other files, which exports the model under the names of the signature.

Bad:
```yaml
model: {format: tensorflow, uri: ./fraud_detector.keras}
```
Good:
```yaml
model: {format: tensorflow, uri: ./saved}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.saved_model import is_keras
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "keras-file"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model, when it is still as Keras saved it."""
    if is_keras(deployment.model):
        yield _keras(deployment.model.uri)


def _keras(uri: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(uri)} is a file of Keras, no SavedModel",
        Label(("model", "uri"), "a folder with `saved_model.pb`, or with versions of it, is expected here"),
        help="name a folder such as `./saved`; then `export.py`, made from `signature`, exports this file into it",
    )
