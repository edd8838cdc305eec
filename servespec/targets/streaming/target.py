"""The streaming target: a worker that scores events as they come, and what makes the topics that it needs."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.references import connection_named
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Label
from servespec.node import Node
from servespec.targets.contract import (
    KEPT,
    UNRELATED,
    Claim,
    Context,
    Lowered,
    NoOptions,
    Target,
    approximated,
    dropped,
)
from servespec.targets.scorer import SUPPORTS


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.streaming.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


def _claims(deployment: Deployment, options: Node) -> Iterator[Claim]:
    """The group among those that read a topic: of two specs that say the same, each would get a part of the events."""
    if deployment.streaming is not None:
        source = deployment.streaming.source
        found = connection_named(deployment, source.connection)
        brokers = sorted(found.brokers) if found else [source.connection]
        topic = str(source.topic or source.stream)
        at = Label(("streaming", "source", "group"), otherwise=Label(("name",)))
        what = f"consumer group `{source.group}` of `{topic}`"
        yield Claim("group-clash", (*brokers, topic, source.group), what, at)


STREAMING = Target(
    name="streaming",
    summary="a worker that scores events in micro-batches and loses none, and a program that makes its topics",
    options=NoOptions,
    supports={
        **SUPPORTS,
        "runtime.graphLevel": KEPT,
        "resources.accelerator": dropped("a worker computes on CPUs"),
        "batch": UNRELATED,
        "streaming": KEPT,
        "streaming.scaling": dropped("a worker is one of several, and does not know how many there are"),
        "streaming.env": dropped("variables belong to what starts the worker"),
        "variants": approximated("a worker scores with the model of the spec itself, whatever its variants are"),
    },
    lower=_lower,
    claims=_claims,
)
