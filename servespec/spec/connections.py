"""The `connections` block: what is outside of the service, and how it shows there who it is."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Many, Said

ConnectionType: TypeAlias = Literal["s3", "gs", "azure", "https", "mlflow", "kafka", "nats"]


class Auth(Node):
    """A secret that shows who the service is. Its values never stand in the spec."""

    secret: Said = Field(examples=["object-store"])
    """The secret's name. It is listed among those that must exist, and need not stand in `secrets`."""
    keys: dict[str, Said] = Field(default={}, examples=[{"username": "user", "password": "password"}])
    """The keys in it, by what they hold: `accessKeyId` and `secretAccessKey` for `s3`, maybe `sessionToken`;
    `serviceAccount` for `gs`, a JSON file; `accountKey`, or `tenantId`, `clientId` and `clientSecret`, for `azure`;
    `token`, or `username` and `password`, for `https` and `mlflow`; `username` and `password`, or `certificate` and
    `privateKey`, for `kafka`; any of these three, or `credentials`, a file, for `nats`. Default: the first of them,
    under the names that their own tools give them."""
    mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    """How Kafka is shown a password. Default: `SCRAM-SHA-512`."""


class Certificate(Node):
    """A certificate in a secret: nothing that is secret, but kept where the others are."""

    secret: Said = Field(examples=["kafka-ca"])
    """The secret's name."""
    key: Said = Field(default="ca.crt", examples=["ca.pem"])
    """The key in it."""


class Tls(Node):
    """How the other side shows who it is."""

    ca: Certificate | None = None
    """Who vouches for it. Default: those whom everybody trusts."""


class Connection(Node):
    """Something outside that the service needs, by a name that other blocks call it by."""

    name: Said = Field(examples=["models"])
    """Its name."""
    type: ConnectionType
    """What it is: a storage of objects, files behind HTTPS, MLflow's registry, or a broker of streams."""
    endpoint: Said | None = Field(default=None, examples=["https://minio.example.com:9000"])
    """Where it is, for `https` and `mlflow`, and for a storage that is not the cloud's own."""
    region: Said | None = Field(default=None, examples=["eu-central-1"])
    """The region of an `s3` storage."""
    account: Said | None = Field(default=None, examples=["riskmodels"])
    """The storage account of `azure`."""
    brokers: Many[Said] = Field(default=(), examples=[["kafka-1.example.com:9093"]])
    """Where to ask first, for `kafka` and `nats`: names or addresses with their ports."""
    auth: Literal["none", "workload"] | Auth = Field(default="none", examples=["workload"])
    """How the service shows who it is: not at all; as what it runs as, by `identity` in a cluster; or by a secret."""
    tls: Tls | None = None
    """How TLS is spoken. With `kafka` and `nats` everything is in the clear without it, unless a certificate is shown;
    elsewhere the address tells."""
