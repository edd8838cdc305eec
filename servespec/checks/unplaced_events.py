"""A stream does not say where its events are, or says it in the words of another broker.

In Kafka they are in a topic; in NATS JetStream they are in a stream, and a subject says which of it are meant. Which of
the two is meant follows from the connection.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, subject: payments}
  sink: {topic: scores}
  features: [amount]
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, topic: payments}
  sink: {topic: scores}
  features: [amount]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.streaming import KAFKA, NATS, Streaming
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "unplaced-events"
SEVERITY = Severity.ERROR

_TITLES = {KAFKA: "Kafka", NATS: "NATS"}
_FIELDS = {KAFKA: ("topic",), NATS: ("stream", "subject")}


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What the source and the sink lack, and what they have of another broker."""
    if deployment.streaming is None:
        return
    for side, kind, given in _sides(deployment.streaming):
        for field in _FIELDS[kind]:
            if given[field] is None:
                yield _lacks(side, field, kind)
        for field in {*given} - {*_FIELDS[kind]}:
            if given[field] is not None:
                yield _other(side, field, kind)


def _sides(streaming: Streaming) -> Iterator[tuple[str, str, dict[str, str | None]]]:
    for side, place in (("source", streaming.source), ("sink", streaming.sink)):
        if place.kind in _FIELDS:  # of other connections another rule tells
            yield side, place.kind, {"topic": place.topic, "stream": place.stream, "subject": place.subject}


def _lacks(side: str, field: str, kind: str) -> Diagnostic:
    return error(
        CODE,
        f"the {side} has no `{field}`",
        Label(("streaming", side, field), f"{_TITLES[kind]} needs one", Part.KEY),
        help=f"add `{field}: NAME`",
    )


def _other(side: str, field: str, kind: str) -> Diagnostic:
    wanted = " and ".join(f"`{name}`" for name in _FIELDS[kind])
    return error(
        CODE,
        f"{_TITLES[kind]} knows no {shown(field)}",
        Label(("streaming", side, field), "a word of another broker", Part.KEY),
        help=f"say it by {wanted}, or name another connection",
    )
