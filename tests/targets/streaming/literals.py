"""Literals of workers, as a deployment has them."""

from __future__ import annotations

import copy
from typing import Any

_SPEC: dict[str, Any] = {
    "name": "fraud",
    "release": "1.0.0",
    "model": {"path": "project/model.onnx", "version": "3", "digest": None},
    "settings": {"graph_level": "all", "providers": ["CPUExecutionProvider"]},
    "threads": 1,
    "source": {
        "kind": "kafka",
        "topic": "payments",
        "group": "fraud",
        "reset": "earliest",
        "client": {"bootstrap.servers": "127.0.0.1:9092", "session.timeout.ms": 6000},
        "secrets": {},
    },
    "sink": {
        "kind": "kafka",
        "topic": "scores",
        "client": {"bootstrap.servers": "127.0.0.1:9092"},
        "secrets": {},
    },
    "dead_letter": {"topic": "payments.dead", "retries": 1, "backoff_seconds": 0.01},
    "value": {"format": "json"},
    "features": [
        {"name": "amount", "path": ["amount"], "type": "FP32"},
        {"name": "hour", "path": ["at", "hour"], "type": "INT64"},
    ],
    "allow_nulls": False,
    "output": {
        "format": "json",
        "keep": ["id"],
        "prediction": "fraud",
        "probability": None,
        "scored_at": None,
        "model_version": "version",
    },
    "key": {"from": "source"},
    "headers": None,
    "micro_batch": {"events": 32, "seconds": 0.005},
    "drain_seconds": 10,
    "health": {"port": 8080, "stuck_seconds": 60},
}


def literal(**changes: Any) -> dict[str, Any]:
    """A worker's literal from Kafka to Kafka in JSON; keywords replace parts, dictionaries their entries."""
    spec = copy.deepcopy(_SPEC)
    for name, value in changes.items():
        spec[name] = {**spec[name], **value} if isinstance(value, dict) and name != "value" else value
    return spec


def jetstream() -> dict[str, Any]:
    """The sides of a worker between streams of NATS, in place of those of Kafka."""
    client: dict[str, Any] = {"client": {"servers": ["nats://127.0.0.1:1"], "tls": False}, "secrets": {}}
    return {
        "source": {
            "kind": "nats", "stream": "PAYMENTS", "subject": "payments.>", "durable": "fraud", "reset": "earliest",
            "ack_seconds": 30, "max_deliver": 5, "max_pending": 512, **client,
        },
        "sink": {"kind": "nats", "subject": "scores.a", "worker": ["fraud", "fraud"], **client},
        "dead_letter": {"subject": "dead.scores", "stream": "DEAD"},
    }  # fmt: skip
