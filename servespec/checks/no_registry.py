"""The model comes from a registry, and nothing says which.

A `models:/` address is looked up when the service starts: by a step of its own, where a connection says which registry
that is; or by the server, by `MLFLOW_TRACKING_URI`, without which it would look into an empty database of its own.

Bad:
```yaml
model: {format: mlflow, uri: "models:/fraud/3"}
image: {requirements: requirements.txt}
```
Good:
```yaml
model: {format: mlflow, uri: "models:/fraud/3", credentials: {registry: registry}}
image: {requirements: requirements.txt}
connections: [{name: registry, type: mlflow, endpoint: "http://mlflow:5000"}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.registry import registry_address
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.mlflow import REGISTRY_ENV

CODE = "no-registry"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The address, when no variable says where the registry is."""
    if deployment.model.format != "mlflow" or registry_address(deployment.model.uri) is None:
        return
    if deployment.model.credentials.registry is not None:
        return
    own = deployment.streaming.env if deployment.streaming else {}
    if not any(
        name in env for env in (deployment.runtime.env, deployment.image.env, own) for name in REGISTRY_ENV.value
    ):
        yield _nowhere()


def _nowhere() -> Diagnostic:
    name = REGISTRY_ENV.value[0]
    return error(
        CODE,
        "nothing says where the model's registry is",
        Label(("model", "uri"), f"looked up when the server starts, by `{name}`"),
        help="name a connection of the type `mlflow` in `model.credentials.registry`",
    )
