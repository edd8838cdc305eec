"""The workers of a stream, as a deployment of their own: what runs servers runs them too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from servespec.deployment.cluster import Scaling
from servespec.deployment.connections import Connection
from servespec.deployment.names import secret_variable
from servespec.deployment.reading import by_key
from servespec.deployment.references import connection_named
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.streaming import Streaming
from servespec.deployment.types import Deployment
from servespec.records import replace


def beside_broker(deployment: Deployment) -> Deployment:
    """The same where a broker for development stands in for those of the spec: what these are shown is not needed."""
    streaming = deployment.streaming
    assert streaming is not None
    brokers = {streaming.source.connection, streaming.sink.connection}
    others = [item for item in connections(deployment, streaming) if item.name not in brokers]
    own = workers(deployment)
    return replace(own, runtime=replace(own.runtime, env=_env(streaming, others)))


def workers(deployment: Deployment) -> Deployment:
    """The deployment as it is for its workers: as many as the stream says, each a process with one model on CPUs, which
    has the drain time to end, and the stream's variables with those that hold what its connections are shown."""
    streaming = deployment.streaming
    assert streaming is not None
    timeouts = replace(deployment.runtime.timeouts, shutdown=streaming.rebalance.drain)
    return replace(
        deployment,
        scaling=streaming.scaling,
        runtime=replace(
            deployment.runtime, workers=1, timeouts=timeouts, env=_env(streaming, connections(deployment, streaming))
        ),
        resources=replace(deployment.resources, accelerator=None),
        variants=(),
    )


def topic_maker(deployment: Deployment) -> Deployment:
    """The deployment as it is for what makes the topics: one, which is shown what the brokers want, and no more."""
    streaming = deployment.streaming
    assert streaming is not None
    brokers = {streaming.source.connection, streaming.sink.connection}
    shown = [item for item in connections(deployment, streaming) if item.name in brokers]
    plain = {name: value for name, value in streaming.env.items() if isinstance(value, str)}
    env = _env(replace(streaming, env=plain), shown)
    return replace(deployment, scaling=Scaling(1, None), runtime=replace(deployment.runtime, env=env))


def _env(streaming: Streaming, shown: Iterable[Connection]) -> Mapping[str, str | SecretKey]:
    keys = (key for item in shown for key in item.keys)
    return by_key({**{secret_variable(key.secret, key.key): key for key in keys}, **streaming.env})


def connections(deployment: Deployment, streaming: Streaming) -> tuple[Connection, ...]:
    """Those that a stream names, once each."""
    source, sink = streaming.source, streaming.sink
    names = (source.connection, source.encoding.registry, sink.connection, sink.encoding.registry)
    found = (connection_named(deployment, name) for name in dict.fromkeys(names) if name is not None)
    return tuple(item for item in found if item is not None)
