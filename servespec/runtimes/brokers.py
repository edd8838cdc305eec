"""What is known of the brokers of streams: Kafka and NATS JetStream, and of how KEDA asks them."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.runtimes.types import Fact

SECRETS: Fact[Mapping[str, Mapping[str, str]]] = Fact(
    {
        "kafka": {
            "username": "sasl.username",
            "password": "sasl.password",
            "certificate": "ssl.certificate.pem",
            "privateKey": "ssl.key.pem",
            "ca": "ssl.ca.pem",
        },
        "nats": {
            "token": "token",
            "username": "user",
            "password": "password",
            "certificate": "certificate",
            "privateKey": "private_key",
            "credentials": "credentials",
            "ca": "ca",
        },
        "https": {"token": "token", "username": "username", "password": "password", "ca": "ca"},
    },
    "read: librdkafka, CONFIGURATION.md: certificates are taken as text too; ours: the others",
    "2026-11",
)
"""What a client calls that which it is shown, by the type of connection and by what a secret of ours holds."""

WIRES: Fact[Mapping[str, str]] = Fact(
    {
        "onnxruntime": "oip",
        "mlserver": "oip",
        "triton": "oip",
        "tf-serving": "instances",
        "torchserve": "instances",
        "mlflow": "mlflow",
    },
    "ours: the words by which a worker is told how the server of the same model is asked",
    "2026-11",
)
DEAD_PARTITIONS = Fact(1, "ours: few events are set apart, and their order says in which they came", "2026-11")

KEDA_MECHANISMS: Fact[Mapping[str, str]] = Fact(
    {"PLAIN": "plaintext", "SCRAM-SHA-256": "scram_sha256", "SCRAM-SHA-512": "scram_sha512"},
    "read: keda.sh, Apache Kafka scaler, 2.20",
    "2026-11",
)
KEDA_PARAMETERS: Fact[Mapping[str, str]] = Fact(
    {"username": "username", "password": "password", "certificate": "cert", "privateKey": "key", "ca": "ca"},
    "read: keda.sh, Apache Kafka scaler, 2.20; kedacore/keda v2.20.2, schema/generated/scalers-schema.json",
    "2026-11",
)
"""What the scaler calls that which it shows, by what a secret of ours holds."""
NATS_MONITORING = Fact(8222, "read: docs.nats.io, Monitoring: the usual port of the server's HTTP endpoints", "2026-11")
NATS_ACCOUNT = Fact("$G", "read: keda.sh, NATS JetStream scaler, 2.20: the account where none is configured", "2026-11")
TOPICS_TRIES = Fact(6, "read: kubernetes.io, Jobs: that many by default, with longer and longer waits", "2026-11")
TOPICS_KEPT_SECONDS = Fact(86400, "ours: a day, in which somebody may read why it failed", "2026-11")
MAX_DELIVER = Fact(5, "ours: an event that was given out more often ends workers: it is set apart", "2026-11")
