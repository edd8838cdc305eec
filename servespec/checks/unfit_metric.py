"""An autoscaler goes by something that what it scales does not have.

Events wait for workers of a stream (`lag`), and for no server; requests are made to a server (`rps`, `concurrency`),
and to no worker.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
scaling: {autoscaling: {max: 6, metric: rps, target: 50}}
streaming: {source: {connection: events, topic: payments, partitions: 6}, sink: {topic: scores}, features: [amount]}
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
scaling: {autoscaling: {max: 6, metric: lag}}
streaming: {source: {connection: events, topic: payments, partitions: 6}, sink: {topic: scores}, features: [amount]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.cluster import LAG
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import STREAMING
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "unfit-metric"
SEVERITY = Severity.ERROR

_METRIC: Route = ("scaling", "autoscaling", "metric")
_OF_REQUESTS = ("rps", "concurrency")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The metric of the server's autoscaler, and that of the workers'."""
    served, streaming = deployment.scaling.autoscaling, deployment.streaming
    if served and served.metric == LAG and deployment.patterns != (STREAMING,):
        yield _no_events(streams=STREAMING in deployment.patterns)
    workers = streaming.scaling.autoscaling if streaming else None
    if workers and workers.metric in _OF_REQUESTS:
        yield _no_requests(workers.metric)


def _no_events(*, streams: bool) -> Diagnostic:
    return error(
        CODE,
        "no events wait for a server",
        Label(_METRIC, "`lag` is that of a stream's workers"),
        Label(("pattern",), "the server is scaled by `scaling`" if streams else "no `streaming` among these"),
        help="write it as `streaming.scaling.autoscaling`" if streams else "scale by `cpu`, `rps` or `concurrency`",
    )


def _no_requests(metric: str) -> Diagnostic:
    words = f"`{metric}` is that of a server"
    return error(
        CODE,
        "nobody sends requests to workers of a stream",
        Label(("streaming", *_METRIC), words, otherwise=Label(_METRIC, words)),
        help="write `metric: lag`, the events that wait for each worker",
    )
