"""A worker, run on the cluster that librdkafka plays: what comes out, in which order, and how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.targets.streaming.conftest import Cluster, emit
from tests.targets.streaming.literals import literal

Start = Callable[..., Any]


@pytest.fixture
def start(tmp_path: Path, cluster: Cluster, request: pytest.FixtureRequest) -> Start:
    """Starts a worker with topics of its own; keywords change its literal."""
    name = request.node.name.replace("[", "-").replace("]", "")

    @contextmanager
    def run(*arguments: str, port: int = 0, **changes: Any) -> Iterator[subprocess.Popen[str]]:
        spec = literal(**changes)
        for side, topic in (("source", f"{name}.in"), ("sink", f"{name}.out")):
            spec[side]["topic"], spec[side]["client"]["bootstrap.servers"] = topic, cluster.address
        spec["name"], spec["source"]["group"], spec["dead_letter"]["topic"] = name, name, f"{name}.dead"
        script = emit(tmp_path, spec)
        (tmp_path / "model").touch()
        command = [sys.executable, script, *arguments, f"--port={port}", f"--model={tmp_path / 'model'}"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as worker:
            try:
                yield worker
            finally:
                worker.kill()

    run.name = name  # type: ignore[attr-defined]
    return run


def _stopped(worker: subprocess.Popen[str]) -> str:
    """What a worker says that is told to stop, and does."""
    worker.send_signal(signal.SIGTERM)
    _, told = worker.communicate(timeout=30)
    assert worker.returncode == 0, told
    return told


def _event(number: int) -> dict[str, Any]:
    return {"id": number, "amount": number / 2, "at": {"hour": 1}}


def _headers(message: Any) -> dict[str, str]:
    return {name: value.decode() for name, value in message.headers()}


def test_each_event_has_its_prediction(cluster: Cluster, start: Start) -> None:
    """All come out once, with the model's numbers, the key and the headers of the event, and where it is from; those of
    one partition in their order."""
    cluster.write(f"{start.name}.in", [_event(number) for number in range(500)], headers=[("trace", b"t")])
    with start() as worker:
        found = cluster.read(f"{start.name}.out", 500)
        assert "500 events scored, 0 among the dead letters" in _stopped(worker)
    values = [json.loads(message.value()) for message in found]
    assert sorted(value["id"] for value in values) == list(range(500))
    assert all(value == {"id": value["id"], "fraud": value["id"] / 2 + 1, "version": "3"} for value in values)
    assert {(message.key(), value["id"]) for message, value in zip(found, values, strict=True)} == {
        (f"k{number}".encode(), number) for number in range(500)
    }
    places: dict[str, list[int]] = {}
    for message in found:
        headers = _headers(message)
        assert (headers["trace"], headers["servespec-source-topic"]) == ("t", f"{start.name}.in")
        places.setdefault(headers["servespec-source-partition"], []).append(int(headers["servespec-source-offset"]))
    assert len(places) > 1
    assert all(offsets == list(range(len(offsets))) for offsets in places.values())


def test_poison_in_the_middle(cluster: Cluster, start: Start) -> None:
    """Just the bad ones are set apart, each with its reason and its place, as it came; a replay gives those a prediction
    that have one by then, and the others come back with one try more."""
    bad: dict[int, object] = {
        7: b"\xff{",
        20: b"[1]",
        33: {"id": 33, "at": {"hour": 1}},
        41: {"id": 41, "amount": -1, "at": {"hour": 1}},
        50: b'{"id": 50, "amount": NaN}',
    }
    cluster.write(f"{start.name}.in", [bad.get(number, _event(number)) for number in range(60)])
    with start(micro_batch={"events": 64}) as worker:
        scored = cluster.read(f"{start.name}.out", 55)
        dead = cluster.read(f"{start.name}.dead", 5)
        assert "55 events scored, 5 among the dead letters" in _stopped(worker)
    assert {json.loads(message.value())["id"] for message in scored} == set(range(60)) - set(bad)
    letters = {int(message.key()[1:]): message for message in dead}
    assert {number: (_headers(letter)["servespec-error-kind"]) for number, letter in letters.items()} == {
        7: "undecodable", 20: "undecodable", 33: "unfit", 41: "model", 50: "undecodable",
    }  # fmt: skip
    assert "amount is missing" in _headers(letters[33])["servespec-error"]
    assert "less than nothing" in _headers(letters[41])["servespec-error"]
    assert letters[7].value() == b"\xff{"

    with start("replay", features=[{"name": "hour", "path": ["at", "hour"], "type": "INT64"}]) as replay:
        _, told = replay.communicate(timeout=60)
    assert "2 events scored, 3 among the dead letters" in told
    again = cluster.read(f"{start.name}.out", 57)[55:]
    assert sorted(json.loads(message.value())["id"] for message in cluster.read(f"{start.name}.out", 57)) == sorted(
        (set(range(60)) - set(bad)) | {33, 41}
    )
    assert len(again) == 2
    back = cluster.read(f"{start.name}.dead", 8)
    attempts = [(_headers(message)["servespec-attempts"], _place(message)) for message in back]
    assert sorted(place for tries, place in attempts if tries == "2") == sorted(
        _place(letters[number]) for number in (7, 20, 50)
    )


def test_a_replay_that_is_stopped(cluster: Cluster, start: Start) -> None:
    """What a replay has in hand and is not done with when it ends is there for the next one."""
    cluster.write(f"{start.name}.in", [{"id": number, "amount": -1, "at": {"hour": 1}} for number in range(5)])
    with start() as worker:
        cluster.read(f"{start.name}.dead", 5)
        _stopped(worker)
    with start("replay", dead_letter={"retries": 9, "backoff_seconds": 10}) as replay:
        assert replay.stderr.readline() == "a row with less than nothing\n"  # which is tried again later
        assert "0 events scored, 0 among the dead letters" in _stopped(replay)
    with start("replay", features=[{"name": "hour", "path": ["at", "hour"], "type": "INT64"}]) as replay:
        _, told = replay.communicate(timeout=60)
    assert "5 events scored" in told


def test_a_replay_of_a_shared_topic(cluster: Cluster, start: Start) -> None:
    """Dead letters of others are neither scored nor a reason to end, wherever in the topic they are."""
    dead = f"{start.name}.dead"
    theirs = {"servespec-worker": b"churn", "servespec-attempts": b"1", "servespec-source-timestamp": b"0"}
    cluster.write(dead, [b"of a connector", _event(90)], headers={"__connect.errors.topic": b"t"})
    cluster.write(f"{start.name}.in", [{"id": number, "at": {"hour": 1}} for number in range(5)])
    with start() as worker:
        cluster.read(dead, 7)
        _stopped(worker)
    cluster.write(dead, [_event(91), _event(92)], headers=theirs)
    with start("replay", allow_nulls=True) as replay:
        _, told = replay.communicate(timeout=60)
    assert "5 events scored, 0 among the dead letters" in told
    assert f"{dead} holds what others set apart too" in told
    assert {json.loads(message.value())["id"] for message in cluster.read(f"{start.name}.out", 5)} == set(range(5))


def test_json_that_nobody_else_reads(cluster: Cluster, start: Start) -> None:
    """What Python's reader takes and others don't ends as dead letters, not the worker: a number past the largest, half a
    character in what is kept or in the key, and more brackets than can be written again."""
    deep = b'{"id": 4, "amount": 1, "at": {"hour": 1}, "kept": ' + b"[" * 900 + b"]" * 900 + b"}"
    bad: dict[int, object] = {
        1: b'{"id": 1, "amount": 1, "at": {"hour": 1}, "kept": 1e999}',
        2: b'{"id": 2, "amount": 1, "at": {"hour": 1}, "kept": "\\ud800"}',
        3: b'{"id": "\\udfff", "amount": 1, "at": {"hour": 1}}',
        4: deep.replace(b"[" * 900, b"[" * 100_000).replace(b"]" * 900, b"]" * 100_000),
    }
    cluster.write(f"{start.name}.in", [bad.get(number, _event(number)) for number in range(6)] + [deep])
    with start(output={"keep": None}, key={"from": "field", "path": ["id"]}) as worker:
        scored = cluster.read(f"{start.name}.out", 3)
        dead = cluster.read(f"{start.name}.dead", 4)
        assert "3 events scored, 4 among the dead letters" in _stopped(worker)
    assert {message.key() for message in scored} == {b"0", b"4", b"5"}
    kinds = {int(message.key()[1:]): _headers(message)["servespec-error-kind"] for message in dead}
    assert kinds == {1: "unfit", 2: "unfit", 3: "unfit", 4: "undecodable"}


def _place(message: Any) -> tuple[str, str]:
    headers = _headers(message)
    return headers["servespec-source-partition"], headers["servespec-source-offset"]


def test_it_goes_on_where_it_was(cluster: Cluster, start: Start) -> None:
    """A worker that was stopped leaves nothing undone and nothing done twice."""
    topic = f"{start.name}.in"
    cluster.write(topic, [_event(number) for number in range(50)])
    with start() as worker:
        cluster.read(f"{start.name}.out", 50)
        _stopped(worker)
    cluster.write(topic, [_event(number) for number in range(50, 80)])
    with start() as worker:
        found = cluster.read(f"{start.name}.out", 80)
        assert "30 events scored" in _stopped(worker)
    assert sorted(json.loads(message.value())["id"] for message in found) == list(range(80))
    assert not cluster.read(f"{start.name}.dead", 1, seconds=0.5)


def test_what_a_broker_does_not_take(cluster: Cluster, start: Start) -> None:
    """A prediction that is too large for the sink is no reason to stop: its event is a dead letter."""
    large = {**_event(1), "id": "x" * 3000}
    cluster.write(f"{start.name}.in", [_event(0), large, _event(2)])
    with start(sink={"client": {"message.max.bytes": 2500}}) as worker:
        found = cluster.read(f"{start.name}.out", 2)
        (letter,) = cluster.read(f"{start.name}.dead", 1)
        assert "2 events scored, 1 among the dead letters" in _stopped(worker)
    assert sorted(json.loads(message.value())["id"] for message in found) == [0, 2]
    headers = _headers(letter)
    assert headers["servespec-error-kind"] == "sink"
    assert letter.value() is None, "the event itself is too large too"
    assert headers["servespec-value"] == "too large for a dead letter: it is where it came from"


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"model": {"digest": "sha256:00"}}, 7, "is not the file that model.digest names: it is sha256:"),
        ({"source": {"secrets": {"sasl.password": {"env": "SERVESPEC_NOT_SET"}}}}, 8, "SERVESPEC_NOT_SET is not set"),
    ],
)
def test_what_it_can_not_start_with(start: Start, changes: dict[str, Any], code: int, said: str) -> None:
    """A reason and an exit code, and no traceback."""
    with start(**changes) as worker:
        _, told = worker.communicate(timeout=30)
    assert worker.returncode == code
    assert said in told
    assert "Traceback" not in told


def test_a_port_that_is_taken(start: Start) -> None:
    """One line that names it, and no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with start("--host=127.0.0.1", port=port) as worker:
            _, told = worker.communicate(timeout=30)
    assert worker.returncode == 2
    assert told.splitlines() == [
        f"stream.py: health and metrics can't be at 127.0.0.1:{port}: [Errno 98] Address already in use; "
        "--port takes another, or 0 for none"
    ]


@pytest.mark.parametrize(
    ("path", "digest", "said"),
    [
        ("gone.onnx", None, "there is no {here}/gone.onnx"),
        ("gone.onnx", "sha256:00", "there is no {here}/gone.onnx"),
        ("models:/fraud/3", "sha256:00", "models:/fraud/3 is not the file that model.digest names: it is an address"),
    ],
)
def test_a_model_that_is_not_there(
    modules: Callable[[str], ModuleType], tmp_path: Path, path: str, digest: str | None, said: str
) -> None:
    """It is said to be missing, whatever digest it should have; an address has no bytes here to be compared."""
    spec = literal(model={"path": path, "digest": digest})
    with pytest.raises(modules("scorer.failure").Failure) as raised:
        modules("worker.models").load(spec, None, str(tmp_path))
    assert str(raised.value).startswith(said.format(here=tmp_path))
