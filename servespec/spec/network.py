"""The `network` block: who may reach the service, from where, and what it may reach itself."""

from __future__ import annotations

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Many, Said


class Gateway(Node):
    """A Gateway of the Gateway API that exists."""

    name: Said = Field(examples=["public"])
    """Its name."""
    namespace: Said | None = Field(default=None, examples=["gateways"])
    """Its namespace. Default: the service's own."""
    listener: Said | None = Field(default=None, examples=["https"])
    """Its listener. Default: every one that lets the service in."""


class Expose(Node):
    """The service under a name of its own outside of the cluster: by an Ingress, or by routes of a Gateway."""

    host: Said = Field(examples=["fraud.example.com"])
    """The name for REST."""
    grpcHost: Said | None = Field(default=None, examples=["fraud-grpc.example.com"])
    """The name for gRPC, which a Gateway leads on by another route. Default: gRPC is not reachable from outside."""
    path: Said = Field(default="/", examples=["/fraud"])
    """Requests whose path begins with it are for the service, which sees the whole path."""
    tls: Said | None = Field(default=None, examples=["fraud-tls"])
    """The secret with the certificate, for an Ingress; a Gateway has its own."""
    ingressClass: Said | None = Field(default=None, examples=["nginx"])
    """The class of the Ingress. Default: the cluster's own default."""
    gateway: Gateway | None = None
    """The Gateway that the route belongs to, in place of an Ingress."""


class Peer(Node):
    """Pods, by their namespace, their labels or both; or addresses."""

    namespace: Said | None = Field(default=None, examples=["shop"])
    """Pods of that namespace. Default: of the service's own."""
    labels: dict[str, str] = Field(default={}, examples=[{"app.kubernetes.io/name": "checkout"}])
    """Only pods with these labels."""
    cidr: Said | None = Field(default=None, examples=["10.0.0.0/8"])
    """Addresses, in place of pods."""


class Egress(Peer):
    """Something that the service may reach."""

    ports: Many[int] = Field(default=(), examples=[[5432]])
    """On these TCP ports. Default: on all."""


class Network(Node):
    """Who may reach the service, and what it may reach. Everything else is closed, where a cluster can do that."""

    expose: Expose | None = None
    """Under which name it is reachable from outside the cluster. Default: not at all."""
    timeout: str | None = Field(default=None, examples=["60s"])
    """How long an answer may take on its way to a client. Default: as `runtime.timeouts.request`."""
    callers: Many[Peer] | None = Field(default=None, examples=[[{"namespace": "shop"}]])
    """Who may call it. Default: every pod of its namespace."""
    egress: Many[Egress] = ()
    """What it may call, besides name servers and its `connections`."""
