"""The model is somewhere that a target can't fetch it from.

A model is a path in the project folder; one of MLflow may also be an address in its registry, `models:/name/version`.
From a storage (`s3://`, `gs://`, `pvc://`) Seldon and KServe fetch a model by themselves, into a server that they or
others ship; an image of the project's own has its model in it.

Bad:
```yaml
model: {format: sklearn, uri: "s3://models/fraud/model.joblib"}
```
Good:
```yaml
model: {format: sklearn, uri: "s3://models/fraud/model.joblib", framework: {name: scikit-learn, version: "1.5.2"}}
targets: {seldon: }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.addresses import scheme
from servespec.deployment.named import named
from servespec.deployment.registry import registry_address
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.storages import FETCHED
from servespec.spans import Route

CODE = "unsupported-uri"
SEVERITY = Severity.ERROR

_MODEL: Route = ("model", "uri")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each address where a path is wanted, or which not every target can fetch the model from."""
    of_mlflow = deployment.model.format == "mlflow"
    for route, wanted in named(deployment):
        if route == _MODEL and of_mlflow and registry_address(wanted.path):
            continue  # looked up by the server when it starts
        if name := scheme(wanted.path):
            if route == _MODEL and _fetching(name):
                unable = [target for target in deployment.targets if target not in _fetching(name)]
                yield from (_unfetched(target, name, able=_fetching(name)) for target in unable[:1])
            else:
                yield _unsupported(route, name[:20], by_mlflow=route == _MODEL and of_mlflow)


def _fetching(name: str) -> tuple[str, ...]:
    """The targets whose platforms fetch a model from addresses with this scheme."""
    return tuple(target for target, schemes in FETCHED.items() if name in schemes.value)


def _unfetched(target: str, name: str, *, able: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"`{target}` can't fetch a model from `{name}:` addresses",
        Label(_MODEL, f"{one_of(able, 'and')} can"),
        Label(("targets", target), "not by itself", Part.KEY),
        help=f"let `targets` be {one_of(able)} only, or copy the model beside the spec",
    )


def _unsupported(route: Route, name: str, *, by_mlflow: bool) -> Diagnostic:
    copy = "`mlflow artifacts download -u ADDRESS -d model` copies it" if by_mlflow else "copy the files"
    return error(
        CODE,
        f"nothing can be read from `{name}:` addresses",
        Label(route, "an address, where a path is wanted"),
        help=f"{copy} beside the spec; name what is there by a relative path",
    )
