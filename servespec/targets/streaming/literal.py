"""The one literal of the worker: what of the deployment it needs to know."""

from __future__ import annotations

import json

from servespec.deployment.references import written_at
from servespec.deployment.streaming import NATS, Encoding, Sink, Streaming
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import service_name
from servespec.emit.quoted import Data, traced
from servespec.facts import Facts
from servespec.models import Column, Tensor
from servespec.runtimes import streaming as facts
from servespec.runtimes.brokers import FAULTS, MAX_DELIVER, WIRES
from servespec.runtimes.catalog import SERVERS
from servespec.targets.batch.model import ModelFiles
from servespec.targets.batch.settings import settings, threads
from servespec.targets.streaming.clients import client, named, secrets

_S = "streaming"


def literal(deployment: Deployment, files: ModelFiles, found: Facts) -> dict[str, Data]:
    """`SPEC` of stream.py."""
    streaming = deployment.streaming
    assert streaming is not None
    batch = streaming.micro_batch
    return {
        "name": traced(deployment.name, "name"),
        "release": traced(deployment.release, "release"),
        "model": _model(deployment, files),
        "settings": settings(deployment, files),
        "threads": traced(threads(deployment), "resources.requests.cpu"),
        "source": _source(deployment, streaming),
        "sink": _sink(deployment, streaming),
        "dead_letter": _dead_letter(streaming),
        "value": _encoding(deployment, streaming.source.encoding, found, side="source"),
        "features": _features(deployment, streaming),
        "allow_nulls": traced(streaming.allow_nulls, "model.format"),
        "output": _output(deployment, streaming, found),
        "key": _key(streaming.sink),
        "headers": traced(None if streaming.sink.headers is None else [*streaming.sink.headers], f"{_S}.sink.headers"),
        "micro_batch": {
            "events": traced(batch.size, f"{_S}.microBatch.size"),
            "seconds": traced(batch.delay.milliseconds / 1000, f"{_S}.microBatch.delay"),
        },
        "drain_seconds": traced(streaming.rebalance.drain.seconds, f"{_S}.rebalance.drain"),
        "health": {
            "port": traced(facts.PORT.value, "fact:streaming.PORT"),
            "stuck_seconds": traced(streaming.timeout.seconds, f"{_S}.timeout"),
        },
    }


def _model(deployment: Deployment, files: ModelFiles) -> dict[str, Data]:
    """Where the model is: a file beside the worker, or a server that is asked."""
    model, streaming = deployment.model, deployment.streaming
    assert streaming is not None
    known: dict[str, Data] = {
        "version": traced(model.version, "model.version"),
        "digest": traced(model.digest, "model.digest"),
    }
    if streaming.scoring == "worker":
        return {"path": traced(files.in_image, "model.uri"), **known}
    runtime = deployment.runtime
    path = SERVERS[runtime.server].predict_at(model.name)
    # One that waits longer would count as stuck, and be killed for a server that is away.
    longest = min(runtime.timeouts.request.milliseconds, streaming.timeout.milliseconds) / 1000
    address = f"http://{service_name(deployment, 'realtime')}:{runtime.protocols['rest']}{path}"
    return {
        "url": traced(address, "name", "runtime.protocols.rest", "model.name"),
        "protocol": traced(WIRES.value[runtime.server], "runtime.server"),
        "fault": traced(FAULTS.value.get(runtime.server), "runtime.server"),
        "inputs": traced(_inputs(deployment), "signature.inputs"),
        "timeout_seconds": traced(longest, "runtime.timeouts.request", f"{_S}.timeout"),
        **known,
    }


def _inputs(deployment: Deployment) -> list[Data]:
    """The tensors that a server takes; none where it takes columns, or nobody says."""
    tensors = deployment.signature.inputs.tensors if deployment.signature else ()
    return [{"name": item.name, "datatype": item.datatype, "shape": list(item.shape)} for item in tensors]


def _source(deployment: Deployment, streaming: Streaming) -> dict[str, Data]:
    source, reset = streaming.source, traced(streaming.source.offset_reset, f"{_S}.source.offsetReset")
    group = traced(source.group, f"{_S}.source.group", "name")
    session, pending = streaming.rebalance.session, traced(streaming.max_pending, f"{_S}.maxPending")
    if source.kind == NATS:
        return {
            "kind": source.kind,
            "stream": traced(source.stream, f"{_S}.source.stream"),
            "subject": traced(source.subject, f"{_S}.source.subject"),
            "durable": group,
            "reset": reset,
            "ack_seconds": traced(session.seconds, f"{_S}.rebalance.session"),
            "max_deliver": traced(MAX_DELIVER.value, "fact:brokers.MAX_DELIVER"),
            "max_pending": pending,
            **client(deployment, source.connection),
        }
    session_ms = traced(session.milliseconds, f"{_S}.rebalance.session")
    poll_ms = max(facts.POLL_MS.value, streaming.longest_step_ms, session.milliseconds)
    why = ("fact:streaming.POLL_MS", f"{_S}.timeout", f"{_S}.rebalance.drain", f"{_S}.rebalance.session")
    more: dict[str, Data] = {
        "session.timeout.ms": session_ms,
        "max.poll.interval.ms": traced(poll_ms, *why),
        "queued.min.messages": pending,
    }
    return {
        "kind": source.kind,
        "topic": traced(source.topic, f"{_S}.source.topic"),
        "group": group,
        "reset": reset,
        **client(deployment, source.connection, more=more),
    }


def _sink(deployment: Deployment, streaming: Streaming) -> dict[str, Data]:
    sink = streaming.sink
    place = ("subject", sink.subject) if sink.kind == NATS else ("topic", sink.topic)
    # A record that goes alone has none to wait for.
    alone = sink.kind != NATS and streaming.micro_batch.size == 1
    more = {"linger.ms": traced(0, f"{_S}.microBatch.size")} if alone else {}
    # Others may score the same events, into the same stream: the server knows by this whose a record is.
    known = {"worker": traced([deployment.name, streaming.source.group], "name", f"{_S}.source.group")}
    return {
        "kind": sink.kind,
        place[0]: traced(place[1], f"{_S}.sink.{place[0]}"),
        **(known if sink.kind == NATS else {}),
        **client(deployment, sink.connection, more=more),
    }


def _dead_letter(streaming: Streaming) -> dict[str, Data]:
    dead, why = streaming.dead_letter, f"{_S}.deadLetter"
    place: dict[str, Data] = {"topic": traced(dead.topic, f"{why}.topic", f"{_S}.sink.topic")}
    if streaming.sink.kind == NATS:
        place = {
            "subject": traced(dead.subject, f"{why}.subject", f"{_S}.sink.subject"),
            "stream": traced(dead.stream, f"{why}.stream", f"{_S}.sink.stream"),
        }
    return {
        **place,
        "retries": traced(dead.retries.count, f"{why}.retries.count"),
        "backoff_seconds": traced(dead.retries.delay.milliseconds / 1000, f"{why}.retries.delay"),
    }


def _encoding(deployment: Deployment, encoding: Encoding, found: Facts, *, side: str) -> dict[str, Data]:
    """How a value is written; of Avro with the schema, and with the registry whose id stands before each value."""
    why = f"{_S}.{side}"
    written: dict[str, Data] = {"format": traced(encoding.format, f"{why}.format")}
    if encoding.format == "json":
        return written
    text = found.file(encoding.schema_file).text if encoding.schema_file else None
    written["schema"] = traced(json.loads(text) if text else None, f"{why}.schemaFile")
    if encoding.registry is None:
        return {**written, "wire": "plain"}
    registry = named(deployment, encoding.registry)
    address: dict[str, Data] = {"url": registry.endpoint, "secrets": secrets(registry)}
    return {**written, "wire": "confluent", "registry": traced(address, written_at(deployment, encoding.registry))}


def _features(deployment: Deployment, streaming: Streaming) -> list[Data]:
    """What the model reads, in its order: where it is in the event, and as what the model takes it."""
    inputs = deployment.signature.inputs if deployment.signature else None
    items: tuple[Column | Tensor, ...] = inputs.columns or inputs.tensors if inputs else ()
    lone = items[0].datatype if len(items) == 1 else None
    # Without columns of its own the model has one tensor: all features are of its datatype.
    known = items if len(items) == len(streaming.features) else ()
    return [
        {
            "name": traced(known[index].name if known and inputs and inputs.columns else path, f"{_S}.features"),
            "path": traced([*path.split(".")], f"{_S}.features", "signature.inputs"),
            "type": traced(known[index].datatype if known else lone, "signature.inputs"),
        }
        for index, path in enumerate(streaming.features)
    ]


def _output(deployment: Deployment, streaming: Streaming, found: Facts) -> dict[str, Data]:
    append, why = streaming.append, f"{_S}.append"
    return {
        **_encoding(deployment, streaming.sink.encoding, found, side="sink"),
        "keep": traced(list(streaming.keep) if streaming.keep is not None else None, f"{_S}.keep"),
        "prediction": traced(append.prediction, f"{why}.prediction"),
        "probability": traced(append.probability, f"{why}.probability"),
        "scored_at": traced(append.scored_at, f"{why}.scoredAt"),
        "model_version": traced(append.model_version, f"{why}.modelVersion"),
    }


def _key(sink: Sink) -> Data:
    if sink.key is None:
        return {"from": "source"}
    return traced({"from": "field", "path": [*sink.key.split(".")]}, f"{_S}.sink.key")
