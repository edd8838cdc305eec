"""What the worker is told, read out of its program by Python's own parser."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.streams import KAFKA, MUTUAL, NATS, SECURE, compiled


@pytest.fixture
def literal(tmp_path: Path) -> Callable[..., Any]:
    """The literal of a program of the spec."""

    def read(blocks: str, *, path: str = "stream.py", pattern: str = "streaming") -> Any:
        text = compiled(tmp_path, f"{blocks}targets: {{streaming: }}\n", pattern=pattern)[f"streaming/{path}"]
        (value,) = (
            node.value
            for node in ast.parse(text).body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SPEC"
        )
        return ast.literal_eval(value)

    return read


@pytest.mark.parametrize(("blocks", "protocol", "secrets"), [
    (KAFKA, "PLAINTEXT", {}),
    (SECURE, "SASL_SSL", {"sasl.username": "KAFKA_USER__USERNAME", "sasl.password": "KAFKA_USER__PASSWORD",
                          "ssl.ca.pem": "KAFKA_CA__CA_PEM"}),
    (MUTUAL, "SSL", {"ssl.certificate.pem": "PAIR__TLS_CRT", "ssl.key.pem": "PAIR__TLS_KEY"}),
    (MUTUAL.replace(", tls: {}", ""), "SSL",
     {"ssl.certificate.pem": "PAIR__TLS_CRT", "ssl.key.pem": "PAIR__TLS_KEY"}),
    (SECURE.replace(", tls: {ca: {secret: kafka-ca, key: ca.pem}}", ""), "SASL_PLAINTEXT",
     {"sasl.username": "KAFKA_USER__USERNAME", "sasl.password": "KAFKA_USER__PASSWORD"}),
])  # fmt: skip
def test_how_a_broker_is_reached(
    literal: Callable[..., Any], blocks: str, protocol: str, secrets: dict[str, str]
) -> None:
    """Source and sink say the same in librdkafka's words; of what is secret there are only names of variables."""
    spec = literal(blocks)
    for side in ("source", "sink"):
        assert spec[side]["client"]["bootstrap.servers"] == "kafka-1:9093,kafka-2:9093"
        assert spec[side]["client"]["security.protocol"] == protocol
        assert spec[side]["secrets"] == {name: {"env": variable} for name, variable in secrets.items()}


def test_librdkafka_takes_every_property(literal: Callable[..., Any]) -> None:
    """A name that it does not know would stop the worker when it starts."""
    from confluent_kafka import Consumer, Producer

    spec = literal(SECURE)
    login = {"sasl.username": "u", "sasl.password": "p"}
    Consumer({**spec["source"]["client"], **login, "group.id": "g"}).close()
    Producer({**spec["sink"]["client"], **login}).flush(0)


def test_nats(literal: Callable[..., Any]) -> None:
    """Streams and subjects, in the words of JetStream."""
    spec = literal(NATS + "  rebalance: {session: 45s}\n  maxPending: 77\n")
    assert spec["source"] == {
        "kind": "nats",
        "stream": "SENSORS",
        "subject": "sensors.>",
        "durable": "fraud-detector",
        "reset": "earliest",
        "ack_seconds": 45,
        "max_deliver": 5,
        "max_pending": 77,
        "client": {"servers": ["nats://nats.messaging:4222"], "tls": False},
        "secrets": {"token": {"env": "EDGE_TOKEN__TOKEN"}},
    }
    assert (spec["sink"]["subject"], spec["dead_letter"]["subject"]) == ("scores", "dead.scores")
    assert spec["sink"]["worker"] == ["fraud-detector", "fraud-detector"]
    assert spec["dead_letter"]["stream"] == "SCORES-DEAD"


def test_features_and_output(literal: Callable[..., Any]) -> None:
    """Dots lead into maps; a column of the signature gives its datatype to the field at its place."""
    signature = "signature: {inputs: {columns: {amount: FP32, hour: INT64}}}\n"
    spec = literal(
        signature + KAFKA + "  keep: [id]\n  append: {probability: p}\n  microBatch: {size: 8, delay: 2ms}\n"
    )
    assert spec["features"] == [
        {"name": "amount", "path": ["amount"], "type": "FP32"},
        {"name": "hour", "path": ["at", "hour"], "type": "INT64"},
    ]
    assert spec["output"] == {
        "format": "json", "keep": ["id"], "prediction": None, "probability": "p", "scored_at": None,
        "model_version": None,
    }  # fmt: skip
    assert spec["micro_batch"] == {"events": 8, "seconds": 0.002}


def test_the_times(literal: Callable[..., Any]) -> None:
    """Each time of the spec is where the program looks for it."""
    spec = literal(KAFKA + "  rebalance: {drain: 7s, session: 20s}\n  timeout: 3m\n  maxPending: 50\n")
    assert (spec["drain_seconds"], spec["health"]["stuck_seconds"]) == (7, 180)
    assert spec["source"]["client"]["session.timeout.ms"] == 20000
    assert spec["source"]["client"]["queued.min.messages"] == 50


@pytest.mark.parametrize(("times", "longest"), [
    ("", 300_000),
    ("  timeout: 20m\n", 1_210_000),
    ("  timeout: 5m\n  rebalance: {drain: 1m}\n", 360_000),
    ("  rebalance: {session: 10m}\n", 600_000),
    ("  timeout: 20h\n  rebalance: {drain: 4h, session: 60m}\n", 86_400_000),
])  # fmt: skip
def test_a_worker_is_in_its_group_as_long_as_it_may_work(literal: Callable[..., Any], times: str, longest: int) -> None:
    """What a micro-batch may take, its member of the group may too, whose own client would put it out otherwise, with all
    that it has scored; and librdkafka takes what is made of each time."""
    from confluent_kafka import Consumer

    client = literal(KAFKA + times)["source"]["client"]
    assert client["max.poll.interval.ms"] == longest
    Consumer({**client, "group.id": "g"}).close()


def test_a_server_is_asked_by_its_own_name(literal: Callable[..., Any]) -> None:
    """With `scoring: realtime` there is no model in the worker, but the address of the spec's own server."""
    spec = literal(KAFKA + "  scoring: realtime\n", pattern="[realtime, streaming]")
    assert spec["model"]["url"] == "http://fraud-detector:8080/v2/models/fraud-detector/infer"
    assert spec["model"]["protocol"] == "oip"
    assert "path" not in spec["model"]


@pytest.mark.parametrize(("timeout", "seconds"), [("5m", 30), ("10s", 10)])
def test_waiting_for_a_server_is_not_being_stuck(literal: Callable[..., Any], timeout: str, seconds: int) -> None:
    """A worker gives a request up, and says so, before it counts as stuck: no server is brought back by killing it."""
    spec = literal(KAFKA + f"  scoring: realtime\n  timeout: {timeout}\n", pattern="[realtime, streaming]")
    assert spec["model"]["timeout_seconds"] == seconds <= spec["health"]["stuck_seconds"]


def test_the_topics(literal: Callable[..., Any]) -> None:
    """What is made is what the worker reads and writes, with the partitions that the spec says."""
    (place,) = literal(KAFKA, path="topics.py")
    assert place["topics"] == [
        {"name": "payments", "partitions": 6},
        {"name": "scores", "partitions": 6},
        {"name": "scores.dead", "partitions": 1},
    ]


def test_the_streams(literal: Callable[..., Any]) -> None:
    """Each stream of NATS holds its subjects."""
    (place,) = literal(NATS, path="topics.py")
    assert place["streams"] == [
        {"name": "SENSORS", "subjects": ["sensors.>"]},
        {"name": "SCORES", "subjects": ["scores"]},
        {"name": "SCORES-DEAD", "subjects": ["dead.scores"]},
    ]


def test_two_clusters(literal: Callable[..., Any]) -> None:
    """A sink on another cluster has its topics made there, and the dead letters with them."""
    other = KAFKA.replace("connections: [", 'connections: [{name: scores, type: kafka, brokers: ["other:9092"]}, ')
    other = other.replace("sink: {topic", "sink: {connection: scores, topic")
    first, second = literal(other, path="topics.py")
    assert [item["name"] for item in first["topics"]] == ["payments"]
    assert [item["name"] for item in second["topics"]] == ["scores", "scores.dead"]
    assert second["client"]["bootstrap.servers"] == "other:9092"


@pytest.mark.parametrize(("size", "lingers"), [(1, 0), (2, 1)])
def test_a_record_that_goes_alone_waits_for_no_other(literal: Callable[..., Any], size: int, lingers: int) -> None:
    """A producer waits a moment for more records only where a micro-batch has more."""
    spec = literal(KAFKA.replace("streaming:\n", f"streaming:\n  microBatch: {{size: {size}}}\n"))
    assert spec["sink"]["client"]["linger.ms"] == lingers
