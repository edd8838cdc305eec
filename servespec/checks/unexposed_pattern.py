"""A cluster is to run a service that the spec does not have.

The `kubernetes` target runs the realtime face, which is the server that answers clients, the workers of a stream, and a
batch whose `runOn` is `kubernetes`. Without one of them there is nothing for it.

Bad:
```yaml
pattern: batch
batch: {schedule: {cron: "@daily"}, input: {uri: in, columns: [x]}, output: {uri: "out/{interval.start:%j}"}}
targets: {kubernetes: {}}
```
Good:
```yaml
pattern: batch
image: {repository: registry.example.com/fraud, requirements: requirements.txt}
batch:
  schedule: {cron: "@daily"}
  input: {uri: "s3://payments/in", columns: [x]}
  output: {uri: "s3://payments/{interval.start:%Y-%m-%d}"}
  runOn: kubernetes
targets: {kubernetes: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import STREAMING, scores_in_pods, serves
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "unexposed-pattern"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The target, when there is nothing for it."""
    runs = serves(deployment) or scores_in_pods(deployment) or STREAMING in deployment.patterns
    if "kubernetes" in deployment.targets and not runs:
        yield _nothing(scores=deployment.batch is not None)


def _nothing(*, scores: bool) -> Diagnostic:
    way = "write `runOn: kubernetes` in `batch`" if scores else "add `realtime` to `pattern`"
    return error(
        CODE,
        "there is nothing to run in a cluster",
        Label(("targets", "kubernetes"), "runs what is realtime or streaming, or a batch in pods", Part.KEY),
        Label(("pattern",), "none of these"),
        help=f"{way}, or take `kubernetes` out of `targets`",
    )
