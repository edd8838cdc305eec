"""Two of the places of a stream are one.

A worker that reads what it writes scores its own predictions, for ever; and what is set apart would be scored again.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming: {source: {connection: events, topic: payments}, sink: {topic: payments}, features: [amount]}
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming: {source: {connection: events, topic: payments}, sink: {topic: scores}, features: [amount]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.references import connection_named
from servespec.deployment.streaming import KAFKA, Streaming
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.records import dataclass
from servespec.spans import Route

CODE = "same-topic"
SEVERITY = Severity.ERROR


@dataclass(frozen=True)
class _Place:
    route: Route
    name: str
    kind: str
    cluster: object


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each place that another one is already."""
    if deployment.streaming is None:
        return
    first: dict[tuple[str, object], _Place] = {}
    for place in _places(deployment, deployment.streaming):
        for (name, cluster), earlier in first.items():
            if cluster == place.cluster and (name == place.name or (place.kind != KAFKA and _takes(name, place.name))):
                yield _same(place, earlier)
                break
        else:
            first[place.name, place.cluster] = place


def _places(deployment: Deployment, streaming: Streaming) -> Iterator[_Place]:
    source, sink, dead = streaming.source, streaming.sink, streaming.dead_letter
    blocks = (
        ("source", source.connection, source.kind, source.topic, source.subject),
        ("sink", sink.connection, sink.kind, sink.topic, sink.subject),
        ("deadLetter", sink.connection, sink.kind, dead.topic, dead.subject),
    )
    for block, connection, kind, topic, subject in blocks:
        field, name = ("topic", topic) if kind == KAFKA else ("subject", subject)
        known = connection_named(deployment, connection)
        if name is not None:
            yield _Place(("streaming", block, field), name, kind, frozenset(known.brokers) if known else connection)


def _takes(one: str, other: str) -> bool:
    """Whether a subject of NATS takes what is published to another."""
    wanted, words = one.split("."), other.split(".")
    for index, word in enumerate(wanted):
        if word == ">":
            return len(words) > index
        if index >= len(words) or word not in ("*", words[index]):
            return False
    return len(words) == len(wanted)


def _same(place: _Place, earlier: _Place) -> Diagnostic:
    return error(
        CODE,
        f"{shown(place.name)} is written to and used already",
        Label(place.route, "and here", otherwise=Label(place.route[:2], "and here by default")),
        Label(earlier.route, "used here"),
        help="give each a name of its own, such as `scores` and `scores.dead`",
    )
