"""Who calls, or is called, is said in no way that a network policy takes.

A peer is pods, by namespace and labels, or else addresses. One of pods without namespace and labels is every pod of the
service's own namespace: written out, that looks like a mistake.

Bad:
```yaml
network: {callers: [{namespace: shop, cidr: 10.0.0.0/8}]}
```
Good:
```yaml
network: {callers: [{namespace: shop}, {cidr: 10.0.0.0/8}]}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.cluster import Peer
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-peer"
SEVERITY = Severity.ERROR

# A zone of an address, and a mask in place of a number of bits, are known to Python, and to no cluster.
_RANGE = re.compile(r"[0-9a-fA-F:.]+/[0-9]{1,3}", re.ASCII)


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each peer with what is wrong about it."""
    network = deployment.network
    for field, peers in (("callers", network.callers or ()), ("egress", network.egress)):
        for index, peer in enumerate(peers):
            yield from _examine(("network", field, index), peer)


def _examine(route: Route, peer: Peer) -> Iterator[Diagnostic]:
    pods = peer.namespace is not None or peer.labels
    if peer.cidr is not None and pods:
        yield _both(route, "namespace" if peer.namespace is not None else "labels")
    elif peer.cidr is not None and not _is_cidr(peer.cidr):
        yield _no_cidr((*route, "cidr"), peer.cidr)
    elif peer.cidr is None and not pods:
        yield _nobody(route)
    for position, port in enumerate(peer.ports):
        if not 1 <= port <= 65535:
            yield _no_port((*route, "ports", position), port)


def _is_cidr(text: str) -> bool:
    from ipaddress import ip_network  # start-up: few specs have addresses

    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return _RANGE.fullmatch(text) is not None


def _both(route: Route, field: str) -> Diagnostic:
    return error(
        CODE,
        "a peer is pods or addresses, not both",
        Label((*route, "cidr"), "addresses"),
        Label((*route, field), "pods"),
        help="make two of it",
    )


def _no_cidr(route: Route, text: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(text)} is not a range of addresses",
        Label(route, "an address and how many of its bits count"),
        help="write it as in `10.0.0.0/8`; one address is `192.0.2.7/32`",
    )


def _nobody(route: Route) -> Diagnostic:
    return error(
        CODE,
        "this peer matches nobody",
        Label(route, "neither a namespace, nor labels, nor addresses"),
        help="name one, as in `{namespace: shop}`",
    )


def _no_port(route: Route, port: int) -> Diagnostic:
    return error(CODE, f"{port} is not a port", Label(route, "from 1 to 65535"), help="write a port such as `443`")
