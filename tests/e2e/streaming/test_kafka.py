"""A worker between topics of Kafka, in which everything goes wrong that can: nothing is lost, and little comes twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from tests.e2e.streaming.conftest import Emitted, payments, until
from tests.e2e.streaming.kafka import Broker, Proxy, duplicates, ids

pytestmark = pytest.mark.e2e

_BATCH = 32
# A broker that is away for half a minute takes half a minute: SERVESPEC_OUTAGE_SECONDS=30 tries that.
_OUTAGE = float(os.environ.get("SERVESPEC_OUTAGE_SECONDS", "8"))

Emit = Callable[..., Emitted]


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
    assert set(ids(found)) == set(range(5_000))
    assert duplicates(found) <= _BATCH
    worker.stop()


def test_a_broker_that_comes_later(
    brokers: Callable[..., Broker], emitted: Emit, free_ports: Callable[[int], list[int]]
) -> None:
    """A worker that is started before its broker has begun, moves and is not ready: nobody kills it, and when the broker is
    there it works."""
    (port,) = free_ports(1)
    worker = emitted(f"127.0.0.1:{port}").start()
    until(lambda: "refused" in worker.asked("/ready")[1])
    assert [worker.asked(path)[0] for path in ("/started", "/live", "/ready")] == [200, 200, 503]
    broker = brokers(port)
    broker.topics("payments", "scores", "payments.dead")
    broker.write("payments", payments(100))
    assert set(ids(broker.read("scores", 100))) == set(range(100))
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
    assert set(ids(found)) == set(range(20_000))
    assert duplicates(found) <= cuts * _BATCH
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
    until(lambda: worker.asked("/ready")[0] == 200)
    proxy.close()
    source.write("payments", [{**event, "id": event["id"] + 1_000} for event in payments(1_000)])
    until(lambda: worker.asked("/ready")[0] == 503)
    time.sleep(_OUTAGE)
    assert worker.asked("/live")[0] == 200
    assert "not confirmed yet" in worker.asked("/ready")[1]
    proxy.open = True
    found = sink.read("scores", 2_000, quiet=1)
    assert set(ids(found)) == set(range(2_000))
    assert duplicates(found) <= _BATCH
    assert not sink.read("payments.dead", 1, seconds=0.5)
    until(lambda: worker.asked("/ready")[0] == 200)
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
        until(lambda: "events_total" in first.asked("/metrics")[1])
        second = made.start()
        until(lambda: 'outcome="scored"' in second.asked("/metrics")[1])
        first.stop()
        third = made.start()
        until(lambda: 'outcome="scored"' in third.asked("/metrics")[1])
    finally:
        done.set()
        writer.join()
    found = broker.read("scores", counts[0], quiet=2)
    assert set(ids(found)) == set(range(counts[0]))
    assert duplicates(found) == 0
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
    assert set(ids(found)) == set(range(150))
    assert duplicates(found) == 0
    worker.stop()


def test_a_model_that_hangs(broker: Broker, emitted: Emit) -> None:
    """A worker whose model does not come back is no longer live; told to stop it ends in time, and its events come to the
    next one."""
    made = emitted(broker.address, health={"stuck_seconds": 3}, drain_seconds=2)
    made.replace("scorer/model.py", _SLOW.replace("SECONDS", "600"))
    broker.write("payments", payments(50))
    worker = made.start()
    until(lambda: worker.asked("/live")[0] == 200)
    until(lambda: worker.asked("/live")[0] == 503)
    worker.process.terminate()
    assert worker.process.wait(10) == 1
    sound = emitted(broker.address).start()
    found = broker.read("scores", 50, quiet=1)
    assert set(ids(found)) == set(range(50))
    sound.stop()
