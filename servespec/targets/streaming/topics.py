"""What must be there before a worker starts: topics of Kafka with their partitions, streams of NATS with subjects."""

from __future__ import annotations

from servespec.artifacts import Artifact, Language
from servespec.deployment.streaming import KAFKA, Streaming
from servespec.deployment.types import Deployment
from servespec.emit import python, template
from servespec.emit.quoted import Data, traced
from servespec.records import dataclass
from servespec.runtimes.brokers import DEAD_PARTITIONS
from servespec.spans import Route, dotted
from servespec.targets.streaming.clients import client

SCRIPT = "topics.py"


@dataclass(frozen=True)
class Place:
    """Where events are: a topic, or subjects of a stream."""

    field: str
    """The block that names it: `source`, `sink` or `deadLetter`."""
    connection: str
    kind: str
    name: str | None
    """Of the topic or the stream."""
    partitions: int
    subject: str | None

    @property
    def route(self) -> Route:
        """The field that names it."""
        return ("streaming", self.field, "topic" if self.kind == KAFKA else "stream")


def places(streaming: Streaming) -> tuple[Place, ...]:
    """The source, the sink, and what is set apart."""
    source, sink, dead = streaming.source, streaming.sink, streaming.dead_letter

    def name(kind: str, topic: str | None, stream: str | None) -> str | None:
        return topic if kind == KAFKA else stream

    return (
        Place("source", source.connection, source.kind, name(source.kind, source.topic, source.stream),
              source.partitions, source.subject),
        Place("sink", sink.connection, sink.kind, name(sink.kind, sink.topic, sink.stream), sink.partitions,
              sink.subject),
        Place("deadLetter", sink.connection, sink.kind, name(sink.kind, dead.topic, dead.stream),
              DEAD_PARTITIONS.value, dead.subject),
    )  # fmt: skip


def program(deployment: Deployment) -> Artifact:
    """The program that makes what is not there yet."""
    assert deployment.streaming is not None
    found = places(deployment.streaming)
    names = dict.fromkeys((place.connection, place.kind) for place in found)
    literal: list[Data] = [
        {
            "kind": kind,
            **client(deployment, connection),
            **_wanted(kind, [place for place in found if place.connection == connection]),
        }
        for connection, kind in names
    ]
    return Artifact(
        SCRIPT,
        template.render("streaming/topics.py", {"spec": python.literal(literal, column=len("SPEC = "))}),
        Language.PYTHON,
    )


def _wanted(kind: str, found: list[Place]) -> dict[str, Data]:
    if kind == KAFKA:
        return {"topics": [traced({"name": item.name, "partitions": item.partitions}, *_why(item)) for item in found]}
    # One stream may hold several of them.
    subjects: dict[str | None, list[Place]] = {}
    for item in found:
        subjects.setdefault(item.name, []).append(item)
    return {
        "streams": [
            traced({"name": name, "subjects": [item.subject for item in items]}, *_why(items[0]))
            for name, items in subjects.items()
        ]
    }


def _why(place: Place) -> tuple[str, ...]:
    return (dotted(place.route), "streaming.sink") if place.field == "deadLetter" else (dotted(place.route),)
