"""A worker that was emitted, with a model that adds numbers up, and a cluster of Kafka that librdkafka plays."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from servespec.artifacts import Content
from servespec.targets.streaming.program import program
from tests.targets.streaming.literals import jetstream, literal

_MODEL = '''\
"""A model whose prediction is the sum of the features. It fails on rows with a negative one, and says so."""

import sys


class Model:
    def __init__(self, path, *, threads, settings):
        pass

    def predict(self, features, *, wanted):
        rows = features.matrix("float64")
        if (rows < 0).any():
            print("a row with less than nothing", file=sys.stderr, flush=True)
            raise ValueError("less than nothing")
        return rows.sum(axis=1), None
'''


def emit(folder: Path, spec: dict[str, Any]) -> Path:
    """The program of a worker with that literal, whose model adds up."""
    for artifact in program(spec, model="onnx"):
        assert isinstance(artifact.content, Content)
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.content.text)
    (folder / "scorer" / "model.py").write_text(_MODEL)
    return folder / "stream.py"


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Imports modules of an emitted worker."""
    avro = {"format": "avro", "schema": None, "wire": "confluent", "registry": {"url": "http://none", "secrets": {}}}
    emit(tmp_path / "imported", literal(value=avro))
    emit(tmp_path / "imported", literal(**jetstream()))
    monkeypatch.syspath_prepend(tmp_path / "imported")
    yield importlib.import_module
    for name in [name for name in sys.modules if name.partition(".")[0] in ("worker", "scorer")]:
        del sys.modules[name]


class Cluster:
    """Brokers inside of librdkafka; as long as this is there, so are they."""

    def __init__(self) -> None:
        self._producer = Producer({"bootstrap.servers": "none:1", "test.mock.num.brokers": 1})
        (broker,) = self._producer.list_topics(timeout=10).brokers.values()
        self.address = f"{broker.host}:{broker.port}"

    def write(self, topic: str, values: list[object], **more: Any) -> None:
        """Each value as JSON, or as it is where that is bytes."""
        for number, value in enumerate(values):
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            self._producer.produce(topic, data, key=f"k{number}", **more)
        assert not self._producer.flush(30)

    def read(self, topic: str, count: int, *, seconds: float = 20) -> list[Any]:
        """So many messages of a topic; fewer when no more come for so long."""
        # An event that nobody sees makes the topic, whose partitions can be named then.
        known = self._producer.list_topics(topic, timeout=10).topics[topic]
        consumer = Consumer({"bootstrap.servers": self.address, "group.id": "reader", "fetch.wait.max.ms": 20})
        consumer.assign([TopicPartition(topic, partition, 0) for partition in known.partitions])
        found: list[Any] = []
        while len(found) < count and (more := consumer.consume(count - len(found), seconds)):
            found += more
        consumer.close()
        assert not [message.error() for message in found if message.error()]
        return found


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """A cluster of one broker."""
    return Cluster()
