"""The address of a registered model names a stage.

MLflow has deprecated stages since 2.9, and what was registered lately has none. An alias does the same, can be called
as you like, and is set by `mlflow.MlflowClient().set_registered_model_alias(name, alias, version)`.

Bad:
```yaml
model: {format: mlflow, uri: "models:/fraud/Production"}
runtime: {env: {MLFLOW_TRACKING_URI: "http://mlflow:5000"}}
image: {requirements: requirements.txt}
```
Good:
```yaml
model: {format: mlflow, uri: "models:/fraud@production"}
runtime: {env: {MLFLOW_TRACKING_URI: "http://mlflow:5000"}}
image: {requirements: requirements.txt}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.registry import RegistryAddress, registry_address
from servespec.deployment.types import Deployment
from servespec.diagnostics.fixes import instead
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.mlflow import STAGES

CODE = "model-stage"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The address, when MLflow would take its end for a stage."""
    address = registry_address(deployment.model.uri)
    if deployment.model.format == "mlflow" and address and address.stage:
        yield _stage(address, address.stage, uri=deployment.model.uri)


def _stage(address: RegistryAddress, stage: str, *, uri: str) -> Diagnostic:
    known = stage.lower() in STAGES.value
    alias = re.sub(r"[^a-z0-9_-]+", "-", stage.lower()) if stage.lower() != "none" else "champion"
    aliased = f"models:/{address.name}@{alias}"
    near = typed(aliased) or "models:/NAME@ALIAS"
    return error(
        CODE,
        f"{shown(stage, 20)} is {'a stage' if known else 'no version'}, and models have aliases",
        Label(("model", "uri"), "MLflow reads what stands after the name as a stage, if it is no number"),
        help=f"write `{near}`, with that alias set in the registry",
        fix=instead(("model", "uri"), of=uri, write=aliased) if known else None,
    )
