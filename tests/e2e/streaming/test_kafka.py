"""A worker between topics of Kafka, in which everything goes wrong that can: nothing is lost, and little comes twice."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.streaming.conftest import Emitted, payments, place
from tests.e2e.streaming.kafka import Broker, Proxy

pytestmark = pytest.mark.e2e

_BATCH = 32
# A broker that is away for half a minute takes half a minute: SERVESPEC_OUTAGE_SECONDS=30 tries that.
_OUTAGE = float(os.environ.get("SERVESPEC_OUTAGE_SECONDS", "8"))

Emit = Callable[..., Emitted]
Truth = Callable[[list[dict[str, Any]]], dict[int, tuple[int, float]]]


def _ids(messages: list[Any]) -> Counter[int]:
    return Counter(json.loads(message.value())["id"] for message in messages)


def _duplicates(messages: list[Any]) -> int:
    """How many come twice, by what consumers know them by."""
    return len(messages) - len({place(message) for message in messages})


def _until(what: Callable[[], bool], *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.05)


def test_a_hundred_thousand_events(broker: Broker, emitted: Emit, truth: Truth) -> None:
    """Two workers, one of which is killed in the middle of a micro-batch and replaced: each event has the model's own
    prediction, at most one micro-batch comes twice, and the dead letters are just the planted events; a worker that
    takes them then scores them."""
    events, planted = payments(100_000), range(5, 100_000, 2_000)
    for number in planted:
        del events[number]["category"]
    made = emitted(broker.address)
    broker.write("payments", events[:60_000])
    workers = [made.start(), made.start()]
    _until(lambda: len(broker.read("scores", 5_000)) >= 5_000)
    workers[0].kill()
    workers.append(made.start())
    broker.write("payments", events[60_000:])
    found = broker.read("scores", 100_000 - len(planted), seconds=120, quiet=2)
    letters = broker.read("payments.dead", len(planted), quiet=1)
    for worker in workers[1:]:
        worker.stop()

    sound = [event for event in events if "category" in event]
    assert set(_ids(found)) == {event["id"] for event in sound}
    assert _duplicates(found) + _duplicates(letters) <= _BATCH
    said = truth(sound)
    for message in found:
        value = json.loads(message.value())
        label, probability = said[value["id"]]
        # How many rows a sum of floats has beside it changes its last bits.
        assert value.pop("p") == pytest.approx(probability, abs=1e-6)
        assert value == {"id": value["id"], "fraud": label, "version": "3"}
    assert {json.loads(letter.value())["id"] for letter in letters} == set(planted)
    assert {dict(letter.headers())["servespec-error"] for letter in letters} == {b"category is missing"}

    patient = emitted(broker.address, allow_nulls=True)
    assert patient.start("replay").process.wait(60) == 0
    again = broker.read("scores", len(found) + len(planted), quiet=1)
    assert set(_ids(again)) == set(range(100_000))
    assert {place(message) for message in again} >= {place(letter) for letter in letters}


def test_a_broker_that_stands_still(broker: Broker, emitted: Emit) -> None:
    """While the broker does nothing the worker lives and waits; when it goes on, so does the worker: nothing is lost, and
    nothing comes twice."""
    worker = emitted(broker.address).start()
    broker.write("payments", payments(3_000))
    broker.read("scores", 100)
    broker.process.send_signal(signal.SIGSTOP)
    try:
        for _ in range(int(_OUTAGE)):
            time.sleep(1)
            assert worker.asked("/live")[0] == 200
    finally:
        broker.process.send_signal(signal.SIGCONT)
    broker.write("payments", [{**event, "id": event["id"] + 3_000} for event in payments(2_000)])
    found = broker.read("scores", 5_000, quiet=1)
    assert set(_ids(found)) == set(range(5_000))
    assert _duplicates(found) <= _BATCH
    worker.stop()


def test_connections_that_are_cut(
    brokers: Callable[..., Broker], emitted: Emit, free_ports: Callable[[int], list[int]]
) -> None:
    """Connections that end in the middle of something, again and again, lose nothing."""
    behind, before = free_ports(2)
    proxy, broker = Proxy(before, behind), brokers(behind, advertised=before)
    broker.topics("payments", "scores", "payments.dead")
    broker.write("payments", payments(20_000))
    worker = emitted(broker.address).start()
    cuts = 0
    for _ in range(10):
        time.sleep(0.7)
        proxy.cut()
        cuts += 1
    found = broker.read("scores", 20_000, seconds=90, quiet=2)
    assert set(_ids(found)) == set(range(20_000))
    assert _duplicates(found) <= cuts * _BATCH
    worker.stop()


def test_a_sink_that_refuses(
    brokers: Callable[..., Broker], emitted: Emit, free_ports: Callable[[int], list[int]]
) -> None:
    """A sink that takes nothing holds everything up: no event is lost or set apart for it, the worker says that it is not
    ready, and it keeps its partitions."""
    source, (behind, before) = brokers(), free_ports(2)
    source.topics("payments")
    proxy, sink = Proxy(before, behind), brokers(behind, advertised=before)
    sink.topics("scores", "payments.dead")
    worker = emitted("", source={"client": {"bootstrap.servers": source.address, "session.timeout.ms": 6000}},
                     sink={"client": {"bootstrap.servers": sink.address}}).start()  # fmt: skip
    source.write("payments", payments(1_000))
    assert len(sink.read("scores", 1_000)) == 1_000
    _until(lambda: worker.asked("/ready")[0] == 200)
    proxy.close()
    source.write("payments", [{**event, "id": event["id"] + 1_000} for event in payments(1_000)])
    _until(lambda: worker.asked("/ready")[0] == 503)
    time.sleep(_OUTAGE)
    assert worker.asked("/live")[0] == 200
    assert "not confirmed yet" in worker.asked("/ready")[1]
    proxy.open = True
    found = sink.read("scores", 2_000, quiet=1)
    assert set(_ids(found)) == set(range(2_000))
    assert _duplicates(found) <= _BATCH
    assert not sink.read("payments.dead", 1, seconds=0.5)
    _until(lambda: worker.asked("/ready")[0] == 200)
    worker.stop()


def test_workers_that_come_and_go(broker: Broker, emitted: Emit) -> None:
    """Partitions that move to a worker that comes, and from one that is told to stop, move without a trace: nothing is
    lost, and nothing comes twice."""
    made = emitted(broker.address)
    first = made.start()
    done = threading.Event()

    def write() -> None:
        events = iter(payments(1_000_000))
        written = 0
        while not done.is_set():
            broker.write("payments", [next(events) for _ in range(100)])
            written += 100
            time.sleep(0.05)
        counts.append(written)

    counts: list[int] = []
    writer = threading.Thread(target=write)
    writer.start()
    try:
        _until(lambda: "events_total" in first.asked("/metrics")[1])
        second = made.start()
        _until(lambda: 'outcome="scored"' in second.asked("/metrics")[1])
        first.stop()
        third = made.start()
        _until(lambda: 'outcome="scored"' in third.asked("/metrics")[1])
    finally:
        done.set()
        writer.join()
    found = broker.read("scores", counts[0], quiet=2)
    assert set(_ids(found)) == set(range(counts[0]))
    assert _duplicates(found) == 0
    for worker in (second, third):
        worker.stop()


_SLOW = """\
import time

import numpy as np


class Model:
    def __init__(self, path, *, threads, settings):
        pass

    def predict(self, features, *, wanted):
        time.sleep(SECONDS)
        return np.zeros(len(features)), np.zeros(len(features))
"""


def test_a_slow_model(broker: Broker, emitted: Emit) -> None:
    """A model that takes longer than a session lasts keeps its partitions: nothing is scored twice."""
    made = emitted(broker.address, micro_batch={"events": 100})
    made.replace("scorer/model.py", _SLOW.replace("SECONDS", "8"))
    broker.write("payments", payments(150))
    worker = made.start()
    found = broker.read("scores", 150, quiet=1)
    assert set(_ids(found)) == set(range(150))
    assert _duplicates(found) == 0
    worker.stop()


def test_a_model_that_hangs(broker: Broker, emitted: Emit) -> None:
    """A worker whose model does not come back is no longer live; told to stop it ends in time, and its events come to the
    next one."""
    made = emitted(broker.address, health={"stuck_seconds": 3}, drain_seconds=2)
    made.replace("scorer/model.py", _SLOW.replace("SECONDS", "600"))
    broker.write("payments", payments(50))
    worker = made.start()
    _until(lambda: worker.asked("/live")[0] == 200)
    _until(lambda: worker.asked("/live")[0] == 503)
    worker.process.terminate()
    assert worker.process.wait(10) == 1
    sound = emitted(broker.address).start()
    found = broker.read("scores", 50, quiet=1)
    assert set(_ids(found)) == set(range(50))
    sound.stop()
