"""A field is for a server, and the spec has none: its only pattern is `streaming`.

Nobody calls a worker, so there is no address to give it and nobody to let in. Its variables are those of
`streaming.env`.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
runtime: {env: {OMP_NUM_THREADS: "2"}}
streaming: {source: {connection: events, topic: payments}, sink: {topic: scores}, features: [amount]}
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, topic: payments}
  sink: {topic: scores}
  features: [amount]
  env: {OMP_NUM_THREADS: "2"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import STREAMING
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route, dotted

CODE = "unserved-block"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each block that only a server has."""
    if deployment.patterns != (STREAMING,):
        return
    network = deployment.network
    if network.expose is not None:
        yield _unserved(("network", "expose"), help="take it out: a worker has no address")
    if network.callers is not None:
        yield _unserved(("network", "callers"), help="take it out: nobody reaches a worker")
    if deployment.runtime.env:
        yield _unserved(("runtime", "env"), help="write it as `streaming.env`")


def _unserved(route: Route, *, help: str) -> Diagnostic:
    return error(
        CODE,
        f"`{dotted(route)}` is for a server, and this spec has none",
        Label(route, "nothing reads this", Part.KEY),
        Label(("pattern",), "workers only"),
        help=help,
    )
