"""The example of a stream, from its spec to a hundred thousand predictions."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Project
from tests.e2e.streaming.conftest import Worker, until
from tests.e2e.streaming.kafka import Broker, duplicates, ids, place

pytestmark = pytest.mark.e2e

_EXAMPLE = Path(__file__).parents[3] / "examples" / "20-streaming-kafka"
_SAYS = Path(__file__).parents[1] / "programs" / "onnx_says.py"
_COUNT, _BATCH = 100_000, 32
# The broker of the tests lets members in after half a session; the spec's own would take half a minute.
_SESSION = ("  microBatch:", "  rebalance: { session: 6s }\n  microBatch:")
_RENAMED = ("category", "merchant_category")


@pytest.fixture
def start(run: Callable[..., Worker]) -> Callable[..., Worker]:
    """Starts the worker of a project against a broker."""

    def make(project: Project, broker: Broker, *arguments: str) -> Worker:
        model = project.folder / "model" / "fraud_detector.onnx"
        return run(project, *arguments, f"--broker={broker.address}", f"--model={model}")

    return make


def _built(folder: Path, build: Callable[[Path], Project], *changes: tuple[str, str]) -> Project:
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("deploy"))
    spec = folder / "serving.yaml"
    for old, new in changes:
        assert old in spec.read_text()
        spec.write_text(spec.read_text().replace(old, new))
    return build(folder)


def _payments() -> list[dict[str, Any]]:
    return [
        {
            "payment_id": number,
            "amount": number * 7919 % 100_000 / 100,
            "category": number % 12,
            "at": {"hour": number * 5 % 24, "weekday": number % 7},
            "card": {"number": f"card-{number % 1000}"},
        }
        for number in range(_COUNT)
    ]


def _truth(python: Path, payments: list[dict[str, Any]]) -> dict[int, tuple[int, float]]:
    """What the model itself says of each: whether it is fraud, and how likely."""
    rows = [[item["amount"], item["category"], item["at"]["hour"], item["at"]["weekday"]] for item in payments]
    command = [python, _SAYS, _EXAMPLE / "model" / "fraud_detector.onnx"]
    said = subprocess.run(command, input=json.dumps({"input": rows}), capture_output=True, text=True, check=True).stdout
    labels, both = sorted(json.loads(said)["answers"].values(), key=lambda answer: isinstance(answer[0], list))
    return {item["payment_id"]: (label, odds[1]) for item, label, odds in zip(payments, labels, both, strict=True)}


def test_a_hundred_thousand_payments(
    tmp_path: Path,
    python: Path,
    build: Callable[[Path], Project],
    brokers: Callable[..., Broker],
    start: Callable[..., Worker],
) -> None:
    """From the spec to two workers, one of which is killed in the middle of a micro-batch and replaced: each payment has
    the model's own prediction, at most one micro-batch comes twice, and the dead letters are just the planted ones, which
    a replay scores once the spec knows how to read them."""
    project = _built(tmp_path / "project", build, _SESSION)
    payments, planted = _payments(), range(5, _COUNT, 2_000)
    sound = [item for number, item in enumerate(payments) if number not in planted]
    said = _truth(python, sound)
    for number in planted:
        payments[number]["merchant_category"] = payments[number].pop("category")
    broker = brokers()
    topics = [python, project.emitted("streaming/topics.py"), f"--broker={broker.address}"]
    assert subprocess.run(topics, capture_output=True, text=True, check=True).stdout.count("made the topic") == 3

    broker.write("payments", payments[:60_000])
    workers = [start(project, broker), start(project, broker)]
    until(lambda: all('outcome="scored"' in worker.asked("/metrics")[1] for worker in workers), seconds=60)
    workers[0].kill()
    workers.append(start(project, broker))
    broker.write("payments", payments[60_000:])
    found = broker.read("payment-scores", len(sound), seconds=120, quiet=2)
    letters = broker.read("payment-scores.dead", len(planted), quiet=1)
    told = [worker.stop() for worker in workers[1:]]
    assert all("events scored" in words for words in told)

    assert {item["payment_id"] for item in sound} ^ set(ids(found, "payment_id")) == set()
    assert duplicates(found) + duplicates(letters) <= _BATCH
    for message in found:
        value = json.loads(message.value())
        label, odds = said[value["payment_id"]]
        # How many rows a sum of floats has beside it changes its last bits.
        assert value.pop("fraud_probability") == pytest.approx(odds, abs=1e-6)
        assert value == {"payment_id": value["payment_id"], "fraud": label, "model_version": "3"}
        assert message.key() == f"card-{value['payment_id'] % 1000}".encode()
    assert set(planted) ^ set(ids(letters, "payment_id")) == set()
    assert {dict(letter.headers())["servespec-error"] for letter in letters} == {b"category is missing"}

    knowing = _built(tmp_path / "knowing", build, _SESSION, _RENAMED)
    assert start(knowing, broker, "replay").process.wait(60) == 0
    again = broker.read("payment-scores", len(found) + len(planted), quiet=1)
    assert set(range(_COUNT)) ^ set(ids(again, "payment_id")) == set()
    assert {place(message) for message in again} == {place(message) for message in (*found, *letters)}
