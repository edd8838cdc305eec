"""The `streaming` block to what it means."""

from __future__ import annotations

import posixpath

from servespec.deployment import resolve_cluster
from servespec.deployment import streaming as types
from servespec.deployment.batch import Append
from servespec.deployment.cluster import Scaling
from servespec.deployment.reading import Reader, variables
from servespec.deployment.resolve_batch import takes_nulls
from servespec.deployment.streaming import KAFKA, NATS
from servespec.deployment.workloads import STREAMING
from servespec.spec.root import Spec
from servespec.spec.signature import Signature
from servespec.spec.streaming import DeadLetter, Rebalance, Sink, Source, Streaming


def resolve_streaming(reader: Reader, spec: Spec, streaming: Streaming) -> types.Streaming:
    """What the workers of `spec` do."""
    source, append, batch = streaming.source, streaming.append, streaming.microBatch
    return types.Streaming(
        source=_source(source, spec),
        sink=_sink(streaming.sink, spec, source=source),
        features=streaming.features or _features(spec.signature),
        allow_nulls=takes_nulls(spec.model.format),
        keep=streaming.keep,
        append=Append(append.prediction, append.probability, append.scoredAt, append.modelVersion),
        micro_batch=types.EventBatch(
            batch.size, reader.duration(batch.delay, ("streaming", "microBatch", "delay"), default="5ms")
        ),
        max_pending=streaming.maxPending,
        delivery=streaming.delivery,
        dead_letter=_dead_letter(reader, streaming.deadLetter, sink=streaming.sink),
        rebalance=_rebalance(reader, streaming.rebalance),
        timeout=reader.duration(streaming.timeout, ("streaming", "timeout"), default="1m"),
        scoring=streaming.scoring,
        scaling=_scaling(spec, streaming),
        env=variables(streaming.env),
    )


def _source(given: Source, spec: Spec) -> types.Source:
    return types.Source(
        connection=given.connection,
        kind=_kind(given.connection, spec, stream=given.stream),
        topic=given.topic,
        partitions=given.partitions,
        stream=given.stream,
        subject=given.subject,
        group=given.group or spec.name,
        offset_reset=given.offsetReset,
        encoding=_encoding(given),
    )


def _sink(given: Sink, spec: Spec, *, source: Source) -> types.Sink:
    connection = given.connection or source.connection
    return types.Sink(
        connection=connection,
        kind=_kind(connection, spec, stream=given.stream),
        topic=given.topic,
        partitions=given.partitions or source.partitions,
        stream=given.stream,
        subject=given.subject,
        encoding=_encoding(given),
        key=given.key,
        headers=given.headers,
    )


def _kind(name: str, spec: Spec, *, stream: str | None) -> str:
    """That of the connection; of one that is not there, what the block looks like."""
    kinds = {item.name: item.type for item in spec.connections}
    return kinds.get(name, NATS if stream else KAFKA)


def _encoding(given: Source | Sink) -> types.Encoding:
    path = posixpath.normpath(given.schemaFile) if given.schemaFile else None
    return types.Encoding(given.format, path, given.registry)


def _dead_letter(reader: Reader, given: DeadLetter, *, sink: Sink) -> types.DeadLetter:
    """Called after where the predictions go, unless it has a name of its own."""
    delay = reader.duration(given.retries.delay, ("streaming", "deadLetter", "retries", "delay"), default="100ms")
    return types.DeadLetter(
        topic=given.topic or (f"{sink.topic}.dead" if sink.topic else None),
        stream=given.stream or (f"{sink.stream}-DEAD" if sink.stream else None),
        subject=given.subject or (f"dead.{sink.subject}" if sink.subject else None),
        retries=types.Attempts(given.retries.count, delay),
    )


def _rebalance(reader: Reader, given: Rebalance) -> types.Rebalance:
    return types.Rebalance(
        drain=reader.duration(given.drain, ("streaming", "rebalance", "drain"), default="10s"),
        session=reader.duration(given.session, ("streaming", "rebalance", "session"), default="30s"),
    )


def _features(signature: Signature | None) -> tuple[str, ...]:
    """The columns of the signature, else its tensors when each is one number of an event."""
    if signature is None:
        return ()
    columns, tensors = signature.inputs.columns, signature.inputs.tensors or ()
    if columns:
        return tuple(columns)
    return tuple(tensor.name for tensor in tensors if tensor.shape[1:] in ((), (1,)))


def _scaling(spec: Spec, streaming: Streaming) -> Scaling:
    """The block's own; of a spec that has nothing else to scale, that of the spec."""
    if streaming.scaling is not None:
        return resolve_cluster.scaling(streaming.scaling)
    alone = spec.pattern in (STREAMING, (STREAMING,))
    return resolve_cluster.scaling(spec.scaling) if alone else Scaling(1, None)
