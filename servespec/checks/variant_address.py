"""A variant can't stand behind the address that clients see: it is asked at another path, or in other ways.

A client does not know which variant answers. So all of them are called by one `model.name`, and take a request at the
same path: TorchServe's `/predictions/NAME` and `/v2/models/NAME/infer` of the Open Inference Protocol do not go
together.

Bad:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
variants:
  - {name: current, weight: 90}
  - {name: next, weight: 10, model: {name: fraud-2}}
```
Good:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
variants:
  - {name: current, weight: 90}
  - {name: next, weight: 10, model: {version: "2.0"}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment, Variant
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Route

CODE = "variant-address"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each variant that clients would have to ask in another way than the spec's own blocks say."""
    for index, variant in enumerate(deployment.variants):
        at: Route = ("variants", index)
        if variant.model.name != deployment.model.name:
            yield _other_name(at, variant.model.name, wanted=deployment.model.name)
        elif (there := _path(variant)) != (wanted := _path(deployment)):
            yield _other_path(at, variant, there, wanted=wanted)


def _path(of: Deployment | Variant) -> str:
    """Where a prediction is asked for over REST; empty for a server that has no such path."""
    known = SERVERS[of.runtime.server].predict_path
    return known.value.format(model=of.model.name) if known else ""


def _other_name(at: Route, name: str, *, wanted: str) -> Diagnostic:
    own = Label(
        ("model", "name"),
        "the other variants have this name",
        otherwise=Label(("name",), "the other variants have this name"),
    )
    return error(
        CODE,
        f"this variant is called {shown(name)} by clients",
        Label((*at, "model", "name"), "the name in the address that clients ask"),
        own,
        help=f"leave `name` out: clients ask for {shown(wanted)}, whichever variant answers",
    )


def _other_path(at: Route, variant: Variant, path: str, *, wanted: str) -> Diagnostic:
    title = SERVERS[variant.runtime.server].title
    return error(
        CODE,
        f"{title} can't stand behind this address",
        _server(at, f"it is asked at `{path}`" if path else "it is asked in ways of its own"),
        Label(("runtime", "server"), f"clients ask at `{wanted}`", otherwise=Label(("model", "format"), f"`{wanted}`")),
        help="choose a server for it that speaks the same protocol, or one for all of them",
    )


def _server(at: Route, words: str) -> Label:
    name = Label((*at, "name"), words)
    return Label((*at, "runtime", "server"), words, otherwise=Label((*at, "model", "format"), words, otherwise=name))
