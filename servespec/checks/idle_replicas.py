"""There may be more workers than the topic has partitions.

A partition is read by one worker of a group at a time. The others would wait for one of them to end.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
scaling: {autoscaling: {max: 10, metric: lag}}
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

from servespec.deployment.streaming import KAFKA
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "idle-replicas"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The number of workers, when some could have nothing to do."""
    streaming = deployment.streaming
    if streaming is None or streaming.source.kind != KAFKA:
        return
    automatic, partitions = streaming.scaling.autoscaling, streaming.source.partitions
    most = automatic.max if automatic else streaming.scaling.replicas
    if most > partitions:
        yield _idle(("scaling", "autoscaling", "max") if automatic else ("scaling", "replicas"), most, partitions)


def _idle(route: Route, most: int, partitions: int) -> Diagnostic:
    word = "partition" if partitions == 1 else "partitions"
    return error(
        CODE,
        f"{most - partitions} of {most} workers would have nothing to do",
        Label(("streaming", *route), "so many workers", otherwise=Label(route, "so many workers")),
        Label(
            ("streaming", "source", "partitions"),
            f"{partitions} {word}, each read by one of them",
            otherwise=Label(("streaming", "source"), "one partition, as nothing else is said"),
        ),
        help=f"write `{partitions}`, or say how many partitions the topic has",
    )
