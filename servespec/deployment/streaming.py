"""What the `streaming` block means: times read, names derived, every default filled in."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.batch import Append
from servespec.deployment.cluster import Scaling
from servespec.deployment.durations import Duration
from servespec.deployment.secret_keys import SecretKey
from servespec.records import dataclass

KAFKA = "kafka"
NATS = "nats"
"""The types of connections that streams come from and go to."""


@dataclass(frozen=True)
class Encoding:
    """How a value is written; `schema_file` is a path of the project, `registry` the name of a connection."""

    format: str
    schema_file: str | None
    registry: str | None


@dataclass(frozen=True)
class Source:
    """Where the events come from: a topic of Kafka, or subjects of a stream of NATS JetStream."""

    connection: str
    kind: str
    """`kafka` or `nats`."""
    topic: str | None
    partitions: int
    stream: str | None
    subject: str | None
    group: str
    offset_reset: str
    encoding: Encoding


@dataclass(frozen=True)
class Sink:
    """Where the predictions go."""

    connection: str
    kind: str
    topic: str | None
    partitions: int
    stream: str | None
    subject: str | None
    encoding: Encoding
    key: str | None
    """The path of a field of the event; None for the event's own key."""
    headers: tuple[str, ...] | None
    """None for all."""


@dataclass(frozen=True)
class EventBatch:
    """The most events that are scored at once, and how long the first one waits for more."""

    size: int
    delay: Duration


@dataclass(frozen=True)
class Attempts:
    """How often an event is tried again, and how long before the first time."""

    count: int
    delay: Duration


@dataclass(frozen=True)
class DeadLetter:
    """Where an event goes that can't be scored: a topic, or a subject of a stream."""

    topic: str | None
    stream: str | None
    subject: str | None
    retries: Attempts


@dataclass(frozen=True)
class Rebalance:
    """The times of a change of workers."""

    drain: Duration
    session: Duration


@dataclass(frozen=True)
class Streaming:
    """Workers that score events as they come."""

    source: Source
    sink: Sink
    features: tuple[str, ...]
    """The paths of fields that the model reads, in the order of its features: named here, or by the signature."""
    allow_nulls: bool
    """Whether the model takes a missing number as NaN; else an event with one can't be scored."""
    keep: tuple[str, ...] | None
    """None for all."""
    append: Append
    micro_batch: EventBatch
    max_pending: int
    delivery: str
    dead_letter: DeadLetter
    rebalance: Rebalance
    timeout: Duration
    scoring: str
    scaling: Scaling
    env: Mapping[str, str | SecretKey]

    @property
    def longest_step_ms(self) -> int:
        """How long a worker may be between two looks at its source: a micro-batch is scored, and another is sent."""
        return self.timeout.milliseconds + self.rebalance.drain.milliseconds

    @property
    def schema_files(self) -> tuple[tuple[str, str], ...]:
        """The files of schemas that are named, each with the block that names it."""
        sides = (("source", self.source.encoding), ("sink", self.sink.encoding))
        return tuple((side, encoding.schema_file) for side, encoding in sides if encoding.schema_file)
