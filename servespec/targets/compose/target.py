"""The compose target: the service on one machine, hardened and healthy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import serves
from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.facts import Facts
from servespec.node import Node
from servespec.targets.contract import (
    KEPT,
    UNRELATED,
    Claim,
    Context,
    Lowered,
    NoOptions,
    Support,
    Target,
    approximated,
    dropped,
)


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.compose.lower import lower

    return lower(deployment, context)


def _claims(deployment: Deployment, options: Node) -> Iterator[Claim]:
    """The ports on the host. The default one is every spec's: what nobody chose is for a stack that runs alone."""
    if serves(deployment):
        for protocol, port in deployment.runtime.protocols.items():
            at = Label(("runtime", "protocols", protocol))
            yield Claim("host-port-clash", (str(port),), f"port {port} of the host", at, chosen=True)


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    streaming = deployment.streaming
    if streaming and streaming.source.kind != streaming.sink.kind:
        yield two_kinds_of_brokers(streaming.source.kind, streaming.sink.kind)


def two_kinds_of_brokers(source: str, sink: str) -> Diagnostic:
    """Events come from one kind of broker, and go to another, and a compose file has one broker for development.

    Bad:
    ```yaml
    pattern: streaming
    connections:
      - {name: events, type: kafka, brokers: ["kafka:9092"]}
      - {name: edge, type: nats, brokers: ["nats:4222"]}
    streaming:
      source: {connection: events, topic: payments}
      sink: {connection: edge, stream: SCORES, subject: scores}
      features: [amount]
    targets: {compose: }
    ```
    Good:
    ```yaml
    pattern: streaming
    connections:
      - {name: events, type: kafka, brokers: ["kafka:9092"]}
      - {name: edge, type: nats, brokers: ["nats:4222"]}
    streaming:
      source: {connection: events, topic: payments}
      sink: {connection: edge, stream: SCORES, subject: scores}
      features: [amount]
    targets: {streaming: , docker: }
    ```
    """
    return error(
        "two-kinds-of-brokers",
        "compose has one broker, and two kinds are needed",
        Label(("streaming", "sink", "connection"), f"`{sink}`"),
        Label(("streaming", "source", "connection"), f"`{source}`"),
        Label(
            ("targets", "compose"),
            "one broker for development",
            Part.KEY,
            otherwise=Label(("pattern",), "`compose` comes with this, with one broker for development"),
        ),
        help="name the `targets`, without `compose`; the worker itself takes any two",
    )


_WORKLOAD = approximated("what a machine runs as is its cloud's to know: with `workload` nothing is shown but that")


def _narrows(deployment: Deployment, options: Node) -> Mapping[str, Support]:
    """A machine has no account that stands for a role."""
    as_what_runs = any(item.auth == "workload" for item in deployment.connections)
    return {"connections.auth": _WORKLOAD} if as_what_runs else {}


COMPOSE = Target(
    name="compose",
    summary="a compose file that builds the image and runs it, hardened, with its health check",
    options=NoOptions,
    supports={
        "apiVersion": UNRELATED,
        "name": KEPT,
        "pattern": KEPT,
        "release": KEPT,
        "description": UNRELATED,
        "owner": KEPT,
        "labels": KEPT,
        "model": KEPT,
        "signature": UNRELATED,
        "runtime": KEPT,
        "optimize": UNRELATED,
        "image": KEPT,
        "resources": KEPT,
        "resources.requests.cpu": approximated("Compose reserves CPUs in a swarm only; elsewhere nothing is set aside"),
        "probes": KEPT,
        "probes.liveness": dropped("an engine has one health check, that of readiness; compose restarts what ends"),
        "probes.startup.timeoutSeconds": dropped("an engine has one timeout for its health check, that of readiness"),
        "security": KEPT,
        "platform": UNRELATED,
        "scaling": dropped("one machine has one address: one container runs"),
        "identity": dropped("a machine has no service accounts, and builds the image itself"),
        "placement": dropped("there is one machine"),
        "placement.sharedMemory": KEPT,
        "network": dropped("it is published on loopback only; what it calls is not limited"),
        "disruption": dropped("nothing is moved from one machine"),
        "connections": KEPT,
        "secrets": KEPT,
        "batch": UNRELATED,
        "streaming": KEPT,
        "streaming.source.connection": approximated("a broker of one node stands in for it: this is for development"),
        "streaming.sink.connection": approximated("a broker of one node stands in for it: this is for development"),
        "streaming.scaling": dropped("one machine is for trying it: one worker runs"),
        "variants": KEPT,
        "variants.shadow": approximated("nginx copies requests over REST; calls over gRPC are shared out, not copied"),
        "examples": UNRELATED,
        "targets": UNRELATED,
        "environments": KEPT,
        "overrides": KEPT,
        "suppress": UNRELATED,
    },
    lower=_lower,
    narrows=_narrows,
    check=_check,
    claims=_claims,
    needs_context=True,
    requires=lambda deployment: ("docker",),
)
