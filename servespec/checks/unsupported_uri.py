"""The model is somewhere that a target can't fetch it from.

A model is a path in the project folder, and then part of the image; or an address. One of MLflow may be in its
registry, `models:/name/version`. From a storage (`s3://`, `gs://`, `az://`, `https://`) a step of the service's own
fetches it when the service starts; Seldon and KServe do that by themselves, into a server that others ship, and know
volumes, `pvc://`, too. TorchServe, a batch and a conversion want the model beside the spec.

Bad:
```yaml
model: {format: sklearn, uri: "ftp://models/fraud/model.joblib"}
```
Good:
```yaml
model: {format: sklearn, uri: "s3://models/fraud/model.joblib"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import typed
from servespec.deployment.addresses import called_here, scheme
from servespec.deployment.named import named
from servespec.deployment.registry import SCHEME as REGISTRY
from servespec.deployment.registry import registry_address
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.fetching import CLIENTS
from servespec.runtimes.storages import BROUGHT, FETCHED
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
            if route == _MODEL and (meant := _meant(wanted.path)):
                yield _misspelt(name, meant)
            elif route == _MODEL and _fetching(name):
                unable = [target for target in deployment.targets if target not in _fetching(name)]
                yield from (_unfetched(target, name, able=_fetching(name)) for target in unable[:1])
            else:
                yield _unsupported(route, name[:20], by_mlflow=route == _MODEL and of_mlflow)


def _meant(address: str) -> str | None:
    """The address of a storage that is written so elsewhere, or with too few slashes."""
    name, _, rest = address.partition(":/")
    known = called_here(name)
    right = f"{known}://{rest.removeprefix('/')}"
    return right if known in CLIENTS and known != REGISTRY and right != address else None


def _fetching(name: str) -> tuple[str, ...]:
    """The targets to which a model comes from addresses with this scheme."""
    platforms = tuple(target for target, schemes in FETCHED.items() if name in schemes.value)
    return (*platforms, *BROUGHT.value) if name in CLIENTS and name != REGISTRY else platforms


def _misspelt(name: str, meant: str) -> Diagnostic:
    return error(
        CODE,
        f"nothing can be read from this `{name[:20]}:` address",
        Label(_MODEL, "not the form of a storage address"),
        help=f"write `{typed(meant) or 's3://bucket/model.onnx'}`",
    )


def _unfetched(target: str, name: str, *, able: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"`{target}` can't get a model from `{name}:` addresses",
        Label(_MODEL, f"{one_of(able, 'and')} can"),
        Label(
            ("targets", target), "needs it beside the spec", Part.KEY, otherwise=Label(("pattern",), "comes with this")
        ),
        help="copy the model beside the spec, or leave this target out",
    )


def _unsupported(route: Route, name: str, *, by_mlflow: bool) -> Diagnostic:
    copy = "`mlflow artifacts download -u ADDRESS -d model` copies it" if by_mlflow else "copy the files"
    return error(
        CODE,
        f"nothing can be read from `{name}:` addresses",
        Label(route, "an address, where a path is expected"),
        help=f"{copy} beside the spec; name what is there by a relative path",
    )
