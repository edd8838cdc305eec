"""A pod is to read or write a folder that no pod has.

With `runOn: kubernetes` the data is in object storage, or in the volume that `volumeClaim` names: relative paths start
there. The folders of a node are none of a pod's.

Bad:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "s3://scores/{interval.start:%Y-%m-%d}"}
  runOn: kubernetes
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "s3://scores/{interval.start:%Y-%m-%d}"}
  runOn: kubernetes
  volumeClaim: payments
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.addresses import scheme
from servespec.deployment.path_templates import PathTemplate
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import scores_in_pods
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "unreachable-data"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each path that leads nowhere in a pod."""
    batch = deployment.batch
    if batch is None or not scores_in_pods(deployment):
        return
    places: dict[Route, PathTemplate] = {("input", "uri"): batch.input.uri, ("output", "uri"): batch.output.uri}
    if batch.gates.bad_rows.output:
        places["gates", "badRows", "output"] = batch.gates.bad_rows.output
    for route, place in places.items():
        text = str(place)
        if text.startswith("/"):
            yield _absolute(("batch", *route))
        elif scheme(text) is None and batch.volume_claim is None:
            yield _unclaimed(("batch", *route))


def _absolute(route: Route) -> Diagnostic:
    return error(
        CODE,
        "no pod has this folder",
        Label(route, "an absolute path"),
        help="write where it is in the volume that `volumeClaim` names, or an `s3://` or `gs://` address",
    )


def _unclaimed(route: Route) -> Diagnostic:
    return error(
        CODE,
        "no pod has this folder",
        Label(route, "a path, and there is no volume that it could be in"),
        Label(("batch", "runOn"), "in pods"),
        help="write `volumeClaim: NAME` in `batch`, or an `s3://` or `gs://` address here",
    )
