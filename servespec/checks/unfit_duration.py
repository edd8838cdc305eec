"""A time of a stream is longer than Kafka's client takes: the worker would end as soon as it starts.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, topic: payments}
  sink: {topic: scores}
  features: [amount]
  rebalance: {session: 2h}
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, topic: payments}
  sink: {topic: scores}
  features: [amount]
  rebalance: {session: 30s}
  timeout: 2h
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.durations import Duration
from servespec.deployment.streaming import KAFKA
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.streaming import LONGEST_MS
from servespec.spans import Route

CODE = "unfit-duration"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The session, and the time of a micro-batch with that to drain, each when it is too long."""
    streaming = deployment.streaming
    if streaming is None or streaming.source.kind != KAFKA:
        return
    session, step = (Duration(LONGEST_MS.value[name]) for name in ("session", "poll"))
    if streaming.rebalance.session.milliseconds > session.milliseconds:
        yield _too_long(("streaming", "rebalance", "session"), "a session", longest=session)
    if streaming.longest_step_ms > step.milliseconds:
        longer = max(
            (streaming.timeout.milliseconds, ("timeout",)),
            (streaming.rebalance.drain.milliseconds, ("rebalance", "drain")),
        )[1]
        yield _too_long(("streaming", *longer), "a micro-batch and the time to drain", longest=step)


def _too_long(route: Route, what: str, *, longest: Duration) -> Diagnostic:
    return error(
        CODE,
        f"Kafka's client takes nothing over {longest} here",
        Label(route, f"{what} would be longer"),
        help="write a shorter time; the default is right for most",
    )
