"""Fewer events are fetched ahead than a micro-batch has: it would wait for the others each time, or never be full.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, topic: payments}
  sink: {topic: scores}
  features: [amount]
  microBatch: {size: 256}
  maxPending: 100
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, topic: payments}
  sink: {topic: scores}
  features: [amount]
  microBatch: {size: 256}
  maxPending: 1000
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "pending-below-batch"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The two numbers, when the first is the smaller one."""
    streaming = deployment.streaming
    if streaming and streaming.max_pending < streaming.micro_batch.size:
        yield _below(streaming.max_pending, streaming.micro_batch.size)


def _below(pending: int, size: int) -> Diagnostic:
    route = ("streaming", "maxPending")
    batch = Label(("streaming", "microBatch", "size"), f"{size} events are scored at once")
    return error(
        CODE,
        "a micro-batch is larger than what is fetched ahead",
        Label(route, f"with {pending} events no more are asked for", otherwise=batch),
        batch,
        help=f"write `maxPending: {2 * size}`, or a smaller `size`",
    )
