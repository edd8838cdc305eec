"""The `streaming` block: which events are scored, where the predictions go, and what happens when something fails."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from servespec.node import Node
from servespec.spec.batch import Append
from servespec.spec.common import Many, Said
from servespec.spec.runtime import SecretKey
from servespec.spec.scaling import Scaling

EventFormat: TypeAlias = Literal["json", "avro"]


class Source(Node):
    """Where the events come from."""

    connection: Said = Field(examples=["events"])
    """One of `connections`, of the type `kafka` or `nats`."""
    topic: Said | None = Field(default=None, examples=["payments"])
    """The topic of Kafka."""
    partitions: int = Field(default=1, ge=1, le=10000, examples=[6])
    """How many partitions that topic has. No more workers than these have work."""
    stream: Said | None = Field(default=None, examples=["SENSORS"])
    """The stream of NATS JetStream."""
    subject: Said | None = Field(default=None, examples=["sensors.>"])
    """The subjects of that stream which are scored; `*` stands for one word, and `>` for all that follow."""
    group: Said | None = Field(default=None, examples=["fraud-detector"])
    """The consumer group that shares the events out, and remembers how far they are scored; a durable consumer in NATS.
    Default: `name`."""
    offsetReset: Literal["earliest", "latest"] = "earliest"
    """Where a group begins that has not read anything yet. With `latest`, what was sent before is never scored."""
    format: EventFormat = "json"
    """How the value of an event is written."""
    schemaFile: Said | None = Field(default=None, examples=["./schemas/payment.avsc"])
    """The Avro schema by which events are written, when they say nothing of it themselves."""
    registry: Said | None = Field(default=None, examples=["schemas"])
    """The connection, of the type `https`, of the schema registry whose id each event begins with, in Confluent's wire
    format."""


class Sink(Node):
    """Where the predictions go: one for each event."""

    connection: Said | None = Field(default=None, examples=["events"])
    """One of `connections`, of the type `kafka` or `nats`. Default: that of the source."""
    topic: Said | None = Field(default=None, examples=["fraud-scores"])
    """The topic of Kafka."""
    partitions: int | None = Field(default=None, ge=1, le=10000, examples=[6])
    """How many partitions that topic has. Default: as many as the source."""
    stream: Said | None = Field(default=None, examples=["SCORES"])
    """The stream of NATS JetStream that holds the predictions."""
    subject: Said | None = Field(default=None, examples=["scores"])
    """The subject of NATS, one of that stream's."""
    format: EventFormat = "json"
    """How a prediction is written. What an event of Avro has and JSON does not is text there: dates and times in ISO
    8601, decimals with all their digits, bytes in Base64."""
    schemaFile: Said | None = Field(default=None, examples=["./schemas/score.avsc"])
    """The Avro schema by which predictions are written."""
    registry: Said | None = Field(default=None, examples=["schemas"])
    """The schema registry that the schema is put into; predictions then begin with its id there."""
    key: Said | None = Field(default=None, examples=["card.number"])
    """The field of the event whose value is the prediction's key. Default: the key of the event."""
    headers: Many[Said] | None = Field(default=None, examples=[["trace-id"]])
    """The headers of an event that its prediction has too. Default: all."""


class EventBatch(Node):
    """Events that are scored at once."""

    size: int = Field(default=32, ge=1, le=100000, examples=[32])
    """The most events."""
    delay: str = Field(default="5ms", examples=["5ms"])
    """How long the first one waits for more."""


class Attempts(Node):
    """How often an event is tried again that the model failed on alone."""

    count: int = Field(default=2, ge=0, le=100, examples=[2])
    """How often."""
    delay: str = Field(default="100ms", examples=["100ms"])
    """How long before the first time; before each other one twice as long, and at most 10 seconds."""


class DeadLetter(Node):
    """Where an event goes that can't be scored, as it came, with headers that say why and where it comes from: in the
    cluster that predictions go to."""

    topic: Said | None = Field(default=None, examples=["payments.dead"])
    """The topic of Kafka. Default: that of the predictions, with `.dead` after it."""
    stream: Said | None = Field(default=None, examples=["DEAD"])
    """The stream of NATS JetStream. Default: that of the predictions, with `-DEAD` after it."""
    subject: Said | None = Field(default=None, examples=["dead.sensors"])
    """The subject of NATS, one of that stream's. Default: that of the predictions, with `dead.` before it."""
    retries: Attempts = Attempts.model_construct()
    """How often an event is tried again first."""


class Rebalance(Node):
    """When workers come and go, and others take over their partitions."""

    drain: str = Field(default="10s", examples=["10s"])
    """How long a worker that loses partitions, or is told to stop, has for what it has begun."""
    session: str = Field(default="30s", examples=["30s"])
    """How long nothing is heard of a worker until others take over. The cluster has bounds of its own for it."""


class Streaming(Node):
    """Workers that score events as they come."""

    source: Source
    """Where the events come from."""
    sink: Sink
    """Where the predictions go."""
    features: Many[Said] = Field(default=(), examples=[["amount", "card.country"]])
    """The fields of an event that the model reads, in the order of its features; a dot leads into a map. Default: those
    of `signature.inputs`."""
    keep: Many[Said] | None = Field(default=None, examples=[["payment_id"]])
    """The fields of the event that its prediction has too; a dot leads into a map, of which only that is kept.
    Default: all."""
    append: Append = Append.model_construct(prediction="prediction", modelVersion="model_version")
    """The fields that are added. Default: `prediction` and `model_version`."""
    microBatch: EventBatch = EventBatch.model_construct()
    """Events that are scored at once."""
    maxPending: int = Field(default=1000, ge=1, le=10_000_000, examples=[1000])
    """With so many events fetched and not scored yet no more are asked for. In NATS these are those of all workers, and
    never more; in Kafka those of a partition, and one answer of the broker may bring more."""
    delivery: Literal["at-least-once", "exactly-once"] = "at-least-once"
    """What holds after a crash: no event is lost, and those of one micro-batch may be scored twice."""
    deadLetter: DeadLetter = DeadLetter.model_construct()
    """Where an event goes that can't be scored."""
    rebalance: Rebalance = Rebalance.model_construct()
    """When workers come and go."""
    timeout: str = Field(default="1m", examples=["1m"])
    """The longest that a micro-batch may take. A worker that takes longer counts as stuck, and is started again."""
    scoring: Literal["worker", "realtime"] = "worker"
    """Who runs the model: each worker itself, or the server of the pattern `realtime`, which it asks over REST."""
    scaling: Scaling | None = None
    """How many workers run. Default: what `scaling` says for the spec; beside another pattern, one."""
    env: dict[str, str | SecretKey] = Field(default={}, examples=[{"OMP_NUM_THREADS": "1"}])
    """Environment variables of a worker: text, or a key of a secret."""
