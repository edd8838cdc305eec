"""Events through a broker whose schemas change while the worker works, and events that are none."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import fastavro
import pytest

from tests.e2e.streaming.conftest import Emitted, payments, until
from tests.e2e.streaming.kafka import Broker, duplicates, ids
from tests.targets.streaming.registry import Registry, serving

pytestmark = pytest.mark.e2e


def _record(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": [{"name": key, "type": kind} for key, kind in fields.items()]}


_OLD = _record("Payment", id="long", amount="double", category="int", hour="int", day="int")
_LATER = _record("Payment", day="int", hour="int", category="int", amount="double", currency="string", id="long")
_RENAMED = _record("Payment", id="long", sum="double", category="int", hour="int", day="int")
_SCORE = _record("Score", id="long", fraud="long", p="double")
_OLD_AT, _LATER_AT, _RENAMED_AT, _UNKNOWN_AT = 1, 2, 3, 99

Emit = Callable[..., Emitted]


@pytest.fixture
def registry() -> Iterator[type[Registry]]:
    """A registry that knows what payments look like, and looked like."""
    with serving({_OLD_AT: _OLD, _LATER_AT: _LATER, _RENAMED_AT: _RENAMED}) as made:
        yield made


def _framed(schema: Any, number: int, value: dict[str, Any]) -> bytes:
    """In Confluent's wire format."""
    stream = io.BytesIO()
    stream.write(b"\0" + number.to_bytes(4, "big"))
    fastavro.schemaless_writer(stream, schema, value)
    return stream.getvalue()


def _kinds(letters: list[Any]) -> Counter[str]:
    return Counter(dict(letter.headers())["servespec-error-kind"].decode() for letter in letters)


def test_a_schema_that_changes(
    broker: Broker, emitted: Emit, registry: type[Registry], truth: Callable[[Any], dict[int, tuple[int, float]]]
) -> None:
    """Events of a new schema are scored beside those of the old one; those of a schema that the model can't live with, and
    those of none, are set apart. While the registry is away a worker that starts waits for it, and so do events of a schema
    that nobody has seen. What goes out names its schema."""
    at = {"url": registry.url, "secrets": {}}
    wire = {"format": "avro", "wire": "confluent", "registry": at}
    output = {**wire, "schema": _SCORE, "keep": ["id"], "probability": "p", "model_version": None}
    registry.status = 503
    worker = emitted(broker.address, value={**wire, "schema": None}, output=output).start()
    until(lambda: "answers 503" in worker.asked("/ready")[1])
    assert worker.asked("/started")[0] == 200
    registry.status = 200
    events = payments(600)
    later = [{**event, "currency": "CHF"} for event in events[200:400]]
    broker.write("payments", [_framed(_OLD, _OLD_AT, event) for event in events[:200]])
    assert len(broker.read("scores", 200)) == 200
    registry.status = 503
    broker.write("payments", [_framed(_LATER, _LATER_AT, event) for event in later])
    until(lambda: "answers 503" in worker.asked("/ready")[1])
    registry.status = 200
    broken = [_framed(_RENAMED, _RENAMED_AT, {**event, "sum": event["amount"]}) for event in events[:3]]
    broken += [_framed(_OLD, _UNKNOWN_AT, events[0]), b'{"id": 1}', _framed(_OLD, _OLD_AT, events[0])[:-1]]
    broker.write("payments", [*broken, *(_framed(_OLD, _OLD_AT, event) for event in events[400:])])
    found, letters = broker.read("scores", 600, quiet=0.5), broker.read("payments.dead", 6)
    worker.stop()
    assert _kinds(letters) == {"unfit": 3, "undecodable": 3}
    said = truth(events)
    for message in found:
        data = message.value()
        value: Any = fastavro.schemaless_reader(
            io.BytesIO(data[5:]), registry.schemas[int.from_bytes(data[1:5], "big")]
        )
        assert (value["fraud"], value["p"]) == (said[value["id"]][0], pytest.approx(said[value["id"]][1], abs=1e-6))
    assert duplicates(found) == 0
    assert len(found) == 600


def test_poison_in_the_middle(broker: Broker, emitted: Emit) -> None:
    """One bad event of a micro-batch spoils no other, whatever is bad about it, and ends no worker."""
    sound = {"category": 1, "hour": 1, "day": 1}
    poison: list[object] = [
        b"", b"\xff{", b"null", b'{"id": 1, "amount": NaN}', b"[" * 200_000,
        {"id": -1, **sound}, {"id": -2, "amount": "12", **sound}, {"id": -3, "amount": 1e39, **sound},
        b'{"id": 1e999, "amount": 1, "category": 1, "hour": 1, "day": 1}',
        b'{"id": "\\ud800", "amount": 1, "category": 1, "hour": 1, "day": 1}',
    ]  # fmt: skip
    events: list[object] = [*payments(1_000)]
    for number, item in enumerate(poison):
        events.insert(number * 97 + 5, item)
    worker = emitted(broker.address).start()
    broker.write("payments", events)
    found, letters = broker.read("scores", 1_000, quiet=0.5), broker.read("payments.dead", len(poison), quiet=0.5)
    assert "1,000 events scored, 10 among the dead letters" in worker.stop()
    assert ids(found) == Counter(range(1_000))
    assert _kinds(letters) == {"undecodable": 5, "unfit": 5}
    texts = {item if isinstance(item, bytes) else json.dumps(item).encode() for item in poison}
    assert {letter.value() or b"" for letter in letters} == texts
