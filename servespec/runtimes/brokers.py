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
FAULTS: Fact[Mapping[str, str]] = Fact(
    {"torchserve": "Prediction failed"},
    "read: ts/service.py of torchserve 0.12.0: said with 503, as when it is away, of what a handler raised",
    "2026-11",
)
"""By server: words by which an answer of 5xx is about the request all the same."""
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
IMAGES: Fact[Mapping[str, str]] = Fact(
    {"kafka": "apache/kafka:4.4.0", "nats": "nats:2.14.0-alpine"},
    "read: kafka.apache.org/44/getting-started/docker; nats-io/nats-docker: the newest of both; never pulled here",
    "2026-11",
)
"""What stands in for a broker of the spec while somebody develops."""
KAFKA_ENV: Fact[Mapping[str, str]] = Fact(
    {
        "CLUSTER_ID": "c2VydmVzcGVjLWtyYWZ0MQ",
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": "CONTROLLER://:29093,HOST://:9092,STACK://:19092",
        "KAFKA_ADVERTISED_LISTENERS": "HOST://127.0.0.1:9092,STACK://broker:19092",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,HOST:PLAINTEXT,STACK:PLAINTEXT",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "STACK",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@broker:29093",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_HEAP_OPTS": "-Xms256m -Xmx512m",
    },
    "read: apache/kafka at 8f18fc3, docker/examples, one node in KRaft mode: it is its own controller",
    "2026-11",
)
NATS_COMMAND = Fact(
    ("--jetstream", "--store_dir=/tmp/nats", "--http_port=8222"),
    "read: docs.nats.io, Configuration; ran: nats-server 2.9.10",
    "2026-11",
)
STACK_PORTS: Fact[Mapping[str, int]] = Fact(
    {"kafka": 19092, "nats": 4222}, "ours: where the other services of the stack reach the broker", "2026-11"
)
HOST_PORTS: Fact[Mapping[str, int]] = Fact(
    {"kafka": 9092, "nats": 4222}, "read: the usual ports of both: where this machine reaches it", "2026-11"
)
BROKER_MEMORY: Fact[Mapping[str, str]] = Fact(
    {"kafka": "1g", "nats": "256m"}, "ours: twice the heap that Kafka is given; NATS takes 17 MiB at first", "2026-11"
)
