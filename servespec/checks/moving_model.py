"""The address of a registered model may mean another version tomorrow.

An alias and `latest` are looked up when the server starts. So two replicas may serve two versions, and a restart may
change what is served without a change of the spec. A version's number always means the same.

Bad:
```yaml
model: {format: mlflow, uri: "models:/fraud@production"}
runtime: {env: {MLFLOW_TRACKING_URI: "http://mlflow:5000"}}
image: {requirements: requirements.txt}
```
Good:
```yaml
model: {format: mlflow, uri: "models:/fraud/3"}
runtime: {env: {MLFLOW_TRACKING_URI: "http://mlflow:5000"}}
image: {requirements: requirements.txt}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.registry import RegistryAddress, registry_address
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "moving-model"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The address, when it names no version."""
    address = registry_address(deployment.model.uri)
    if deployment.model.format == "mlflow" and address and address.moves and not address.stage:
        yield _moving(address)


def _moving(address: RegistryAddress) -> Diagnostic:
    return warning(
        CODE,
        "what is served may change at a restart",
        Label(("model", "uri"), "an alias can be moved" if address.alias else "the newest version, whichever it is"),
        help=f"write `models:/{address.name}/` and the version's number, or accept it by `suppress`",
    )
