"""A stream is asked for what no worker here was proven to do.

Exactly once needs transactions that survive every crash of a worker and of a broker. It can be promised when it was
shown under such faults, and it was not yet. At least once was: no event is lost, and after a crash those of one
micro-batch may come twice, with the same topic, partition and offset in their headers, by which readers tell.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, topic: payments}
  sink: {topic: scores}
  features: [amount]
  delivery: exactly-once
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, topic: payments}
  sink: {topic: scores}
  features: [amount]
  delivery: at-least-once
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "unproven-delivery"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The delivery, when it is more than was shown."""
    if deployment.streaming and deployment.streaming.delivery == "exactly-once":
        yield _unproven()


def _unproven() -> Diagnostic:
    return error(
        CODE,
        "exactly once is not proven under crashes",
        Label(("streaming", "delivery"), "not offered yet"),
        help="write `at-least-once`; readers drop what comes twice by its source's topic, partition and offset",
    )
