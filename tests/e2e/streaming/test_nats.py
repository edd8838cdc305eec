"""A worker between streams of NATS, in which everything goes wrong that can: nothing is lost, and nothing comes twice."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.streaming.conftest import Emitted, payments, until
from tests.e2e.streaming.jetstream import Server

pytestmark = pytest.mark.e2e

_ACK_SECONDS = 2
Emit = Callable[..., Emitted]
Truth = Callable[[list[dict[str, Any]]], dict[int, tuple[int, float]]]


@pytest.fixture
def server(nats_server: str, tmp_path: Path, free_ports: Callable[[int], list[int]]) -> Iterator[Server]:
    """A server with the streams of a worker."""
    made = Server(nats_server, tmp_path / "log", free_ports(1)[0])
    made.streams()
    yield made
    made.kill()


@pytest.fixture
def worker(server: Server, emitted: Emit) -> Emit:
    """Emits a worker between them."""
    client = {"client": {"servers": [f"nats://{server.address}"]}, "secrets": {}}
    source = {"kind": "nats", "stream": "PAYMENTS", "subject": "payments.>", "reset": "earliest",
              "ack_seconds": _ACK_SECONDS, "max_deliver": 4, "max_pending": 512, **client}  # fmt: skip
    dead = {"stream": "DEAD", "subject": "payments-dead"}

    def make(name: str = "fraud", **changes: Any) -> Emitted:
        named = {**source, "durable": name, **changes.pop("source", {})}
        sink = {"kind": "nats", "subject": f"scores.{name}", "worker": [name, name], **client}
        return emitted("", source=named, sink=sink, dead_letter=dead, name=name, **changes)

    return make


def _ids(messages: list[Any]) -> Counter[int]:
    return Counter(json.loads(message.data)["id"] for message in messages)


def test_a_worker_and_the_server_are_killed(server: Server, worker: Emit, truth: Truth) -> None:
    """Two workers, one of which is killed, and a server that is killed and comes back: each event has the model's own
    prediction just once, and the planted ones are dead letters, which a replay scores."""
    events, planted = payments(10_000), range(5, 10_000, 500)
    for number in planted:
        del events[number]["category"]
    made = worker()
    server.write(events[:6_000])
    workers = [made.start(), made.start()]
    while server.count("SCORES") < 1_000:
        time.sleep(0.05)
    workers[0].kill()
    workers.append(made.start())
    time.sleep(0.5)
    server.kill()
    time.sleep(1)
    server.start()
    server.write(events[6_000:])
    found = server.read("SCORES", 10_000 - len(planted), seconds=90)
    letters = server.read("DEAD", len(planted))
    for item in workers[1:]:
        item.stop()

    sound = [event for event in events if "category" in event]
    assert _ids(found) == Counter(event["id"] for event in sound)
    said = truth(sound)
    assert all(json.loads(message.data)["fraud"] == said[json.loads(message.data)["id"]][0] for message in found)
    assert _ids(letters) == Counter(planted)
    assert {letter.headers["servespec-error"] for letter in letters} == {"category is missing"}
    assert {letter.headers["servespec-source-subject"][:9] for letter in letters} == {"payments."}

    assert worker(allow_nulls=True).start("replay").process.wait(60) == 0
    assert _ids(server.read("SCORES", 10_000)) == Counter(range(10_000))


def test_two_services_on_one_stream(server: Server, worker: Emit) -> None:
    """Two models that score the same events into the same streams: each has its prediction, or its dead letter, of each
    event, for the server drops only what comes twice of one of them."""
    events = payments(200)
    for number in (7, 77):
        del events[number]["category"]
    server.write(events)
    running = [worker(name).start() for name in ("fraud", "churn")]
    found, letters = server.read("SCORES", 2 * 198), server.read("DEAD", 2 * 2)
    for item in running:
        item.stop()
    twice = Counter({event["id"]: 2 for event in events if "category" in event})
    assert _ids(found) == twice
    assert Counter(message.subject for message in found) == {"scores.fraud": 198, "scores.churn": 198}
    assert Counter((json.loads(item.data)["id"], item.headers["servespec-worker"]) for item in letters) == Counter(
        (number, name) for number in (7, 77) for name in ("fraud", "churn")
    )


def test_a_replay_of_a_shared_subject(server: Server, worker: Emit) -> None:
    """A replay scores the letters of its own worker only, as often as it is run: what others set apart is left
    to their own."""
    server.write([{**event, "category": None} for event in payments(6)])
    running = [worker(name).start() for name in ("fraud", "churn")]
    server.read("DEAD", 2 * 6)
    for item in running:
        item.stop()
    server.ask(lambda stream: stream.publish("payments-dead", b"of something else"))

    for name, both in (("fraud", {"scores.fraud": 6}), ("churn", {"scores.fraud": 6, "scores.churn": 6})):
        for _ in range(2):
            replay = worker(name, allow_nulls=True).start("replay")
            assert replay.process.wait(60) == 0, replay.told
            assert Counter(message.subject for message in server.read("SCORES", sum(both.values()))) == both
        assert "payments-dead holds what others set apart too" in replay.told
    assert server.count("DEAD") == 2 * 6 + 1


def test_a_replay_of_a_work_queue(server: Server, worker: Emit) -> None:
    """A work queue from which a replay takes its letters still holds those of others afterwards."""
    server.ask(lambda stream: stream.delete_stream("DEAD"))
    server.ask(lambda stream: stream.add_stream(name="DEAD", subjects=["payments-dead"], retention="workqueue"))
    server.write([{**event, "category": None} for event in payments(6)])
    running = [worker(name).start() for name in ("fraud", "churn")]
    until(lambda: server.count("DEAD") == 2 * 6)
    for item in running:
        item.stop()
    replay = worker(allow_nulls=True).start("replay")
    assert replay.process.wait(60) == 0, replay.told
    assert "6 events scored, 0 among the dead letters" in replay.told
    assert server.count("DEAD") == 6


def test_a_server_that_comes_later(server: Server, worker: Emit) -> None:
    """A worker that is started before its server has begun, moves and is not ready; when the server is there it works."""
    server.write(payments(100))
    server.kill()
    running = worker().start()
    until(lambda: running.asked("/ready")[1] == "connecting to NATS")
    assert [running.asked(path)[0] for path in ("/started", "/live", "/ready")] == [200, 200, 503]
    server.start()
    assert _ids(server.read("SCORES", 100)) == Counter(range(100))
    running.stop()


_DEADLY = """\
import os
import time

import numpy as np


class Model:
    def __init__(self, path, *, threads, settings):
        pass

    def predict(self, features, *, wanted):
        if (features.array("amount") == -1).any():
            os._exit(9)
        time.sleep(SECONDS)
        return np.zeros(len(features)), np.zeros(len(features))
"""


@pytest.mark.parametrize("size", [32, 4])
@pytest.mark.parametrize("killers", [(17,), (11, 29)])
def test_an_event_that_kills(server: Server, worker: Emit, killers: tuple[int, ...], size: int) -> None:
    """An event of which each worker dies is a dead letter when it was given out too often, and no other: those that were in
    hand with it each time, also between two of that kind, have their predictions."""
    # Longer than a busy machine keeps a worker waiting: an event that is silent for so long is given out without a death.
    made = worker(micro_batch={"events": size, "seconds": 0.005}, source={"ack_seconds": 2 * _ACK_SECONDS})
    made.replace("scorer/model.py", _DEADLY.replace("SECONDS", "0"))
    events = payments(40)
    for number in killers:
        events[number]["amount"] = -1
    server.write(events)
    deaths, running = 0, made.start()
    end = time.monotonic() + 120
    while server.count("DEAD") + server.count("SCORES") < 40:
        assert time.monotonic() < end
        if running.process.poll() is not None:
            deaths, running = deaths + 1, made.start()
        time.sleep(0.1)
    running.stop()
    letters = server.read("DEAD", len(killers))
    assert _ids(letters) == Counter(killers)
    assert {letter.headers["servespec-error-kind"] for letter in letters} == {"crash"}
    assert 4 <= deaths <= 4 * len(killers)
    assert _ids(server.read("SCORES", 40 - len(killers))) == Counter(set(range(40)) - set(killers))


_KILLED_ONCE = """

import os

done = Source.done


def killed(source, events):
    try:
        os.close(os.open("MARK", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return done(source, events)
    os._exit(9)


Source.done = killed
"""


def test_a_worker_is_killed_when_its_letters_are_written(server: Server, worker: Emit, tmp_path: Path) -> None:
    """Dead letters that are written when the worker is killed before it could say so are not written again by the next
    one, though it has their events for the second time."""
    made = worker()
    source = Path("templates/streaming/nats/nats_source.py").read_text()
    made.replace("worker/nats_source.py", source + _KILLED_ONCE.replace("MARK", str(tmp_path / "killed")))
    server.write([{**event, "category": None} for event in payments(6)])
    assert made.start().process.wait(60) == 9
    before = server.count("DEAD")
    assert before > 0
    running = made.start()
    until(lambda: 'servespec_stream_events_total{outcome="dead"} 6' in running.asked("/metrics")[1])
    assert Counter(json.loads(item.data)["id"] for item in server.read("DEAD", 6)) == Counter(range(6))
    running.stop()


def test_another_time_in_the_spec(server: Server, worker: Emit) -> None:
    """What a spec says anew of how long its workers may be silent, and of how much they have in hand, holds for the
    consumer that is there already: the server's clock and the workers' are one. What is scored stays so."""
    server.write(payments(40))
    first = worker().start()
    assert _ids(server.read("SCORES", 40)) == Counter(range(40))
    first.stop()

    def asked() -> tuple[Any, ...]:
        config = server.ask(lambda stream: stream.consumer_info("PAYMENTS", "fraud")).config
        return config.ack_wait, config.max_ack_pending, config.max_deliver

    assert asked() == (_ACK_SECONDS, 512, -1)
    second = worker(source={"ack_seconds": 60, "max_pending": 64}).start()
    until(lambda: asked() == (60, 64, -1))
    server.write({**event, "id": event["id"] + 40} for event in payments(40))
    assert _ids(server.read("SCORES", 80)) == Counter(range(80))
    second.stop()


def test_a_slow_model(server: Server, worker: Emit) -> None:
    """A model that takes longer than the server waits keeps its events: it hears of them meanwhile."""
    made = worker()
    made.replace("scorer/model.py", _DEADLY.replace("SECONDS", str(2.5 * _ACK_SECONDS)))
    server.write(payments(40))
    running = made.start()
    assert _ids(server.read("SCORES", 40)) == Counter(range(40))
    _, metrics = running.asked("/metrics")
    assert "servespec_stream_redelivered_total 0" in metrics
    running.stop()
