"""Something names a connection that the spec does not declare, or one of a type that is of no use there.

`connections` says what is outside of the service, and how it shows there who it is; other blocks call that by its name.

Bad:
```yaml
connections: [{name: models, type: s3, region: eu-central-1, auth: workload}]
model: {format: sklearn, uri: "s3://models/fraud/model.joblib", credentials: {storage: model}}
targets: {kserve: }
```
Good:
```yaml
connections: [{name: models, type: s3, region: eu-central-1, auth: workload}]
model: {format: sklearn, uri: "s3://models/fraud/model.joblib", credentials: {storage: models}}
targets: {kserve: }
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servespec.checks.wording import cut, shown
from servespec.deployment.references import OBJECTS, Reference, references
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "unknown-connection"
SEVERITY = Severity.ERROR

_AIRFLOW = "a scorer knows no connections of Airflow's; one that names none shows what its machine or pod is known by"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each reference that leads nowhere, or to something else than is wanted there."""
    types = {item.name: (index, item.type) for index, item in enumerate(deployment.connections)}
    for reference in references(deployment):
        if reference.name not in types:
            yield _unknown(reference, known=tuple(types))
            continue
        index, kind = types[reference.name]
        if kind not in reference.types:
            yield _of_another_type(reference, index, kind)


def _unknown(reference: Reference, *, known: Sequence[str]) -> Diagnostic:
    near = closest(reference.name, known)
    kind, of_data = reference.types[0], reference.route[0] == "batch"
    shows = ", auth: workload" if kind in OBJECTS else ""  # without it, nobody is shown anything
    declared = f"connections: [{{name: {cut(reference.name, 30)}, type: {kind}{shows}}}]"
    return error(
        CODE,
        f"no connection {shown(reference.name)} is declared",
        Label(reference.route, "not in `connections`"),
        help=f"did you mean {shown(near)}?" if near else f"declare it, as in `{declared}`",
        notes=(_AIRFLOW,) if of_data and not near else (),
    )


def _of_another_type(reference: Reference, index: int, kind: str) -> Diagnostic:
    return error(
        CODE,
        f"the connection {shown(reference.name, 20)} is of the type `{kind}`",
        Label(reference.route, f"takes one of the type {one_of(reference.types)}"),
        Label(("connections", index, "type"), "declared here"),
        help=f"name a connection of the type {one_of(reference.types)}",
    )
