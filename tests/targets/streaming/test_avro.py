"""Avro: plain, and in Confluent's wire format with a registry whose schemas change while the worker works."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import ModuleType
from typing import Any

import fastavro
import pytest

from tests.targets.streaming.registry import Registry, serving

Modules = Callable[[str], ModuleType]

_OLD: dict[str, Any] = {
    "type": "record",
    "name": "Payment",
    "fields": [{"name": "id", "type": "long"}, {"name": "amount", "type": "double"}],
}
_NEW = {**_OLD, "fields": [*_OLD["fields"], {"name": "currency", "type": "string", "default": "EUR"}]}
_LOGICAL: dict[str, Any] = {
    "type": "record",
    "name": "Payment",
    "fields": [
        {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 2}},
        {"name": "items", "type": {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 0}},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "time", "type": {"type": "long", "logicalType": "time-micros"}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "there", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
        {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "raw", "type": "bytes"},
    ],
}
_PAYMENT: dict[str, Any] = {
    "amount": Decimal("12345678901234567.80"),
    "items": Decimal(2**53 + 1),
    "day": dt.date(2026, 1, 31),
    "time": dt.time(12, 30),
    "at": dt.datetime(2026, 1, 31, 12, 30, tzinfo=dt.UTC),
    "there": dt.datetime(2026, 1, 31, 12, 30),
    "id": uuid.UUID(int=1),
    "raw": b"\xff",
}
_OTHER = {**_OLD, "fields": [{"name": "id", "type": "string"}]}
_ELSEWHERE = {**_OLD, "fields": [{"name": "id", "type": "com.example.Id"}]}
_PROTOBUF = 'syntax = "proto3"; message Payment { int64 id = 1; }'
_WIRE = {"format": "avro", "wire": "confluent"}


@pytest.fixture
def registry() -> Iterator[type[Registry]]:
    """A registry that knows an old schema and a new one, one that is of something else, and two that can't be read."""
    with serving({1: _OLD, 2: _NEW, 3: _OTHER, 4: _ELSEWHERE, 5: _PROTOBUF, 6: {"type": "object"}}) as made:
        yield made


def _at(registry: Any, **secrets: Any) -> dict[str, Any]:
    return {"url": registry.url, "secrets": secrets}


def _bytes(schema: Any, value: Any, number: int | None = None) -> bytes:
    stream = io.BytesIO()
    stream.write(b"" if number is None else b"\0" + number.to_bytes(4, "big"))
    fastavro.schemaless_writer(stream, schema, value)
    return stream.getvalue()


def test_a_schema_that_changes(modules: Modules, registry: Any) -> None:
    """Events of the old schema and of the new one are read side by side, each schema being asked for once; those of one
    that does not fit are bad, and so are those of none."""
    reader = modules("worker.avro").Reader({**_WIRE, "schema": _NEW, "registry": _at(registry)})
    bad = modules("worker.failure").Bad
    old, new = {"id": 1, "amount": 2.5}, {"id": 2, "amount": 3.5, "currency": "CHF"}
    for _ in range(2):
        assert reader.read(_bytes(_OLD, old, 1)) == {**old, "currency": "EUR"}
        assert reader.read(_bytes(_NEW, new, 2)) == new
    assert registry.asked == ["/schemas/ids/1 None", "/schemas/ids/2 None"]
    for data, said in [
        (_bytes(_OTHER, {"id": "x"}, 3), "no record of the schema"),
        (_bytes(_OLD, old, 99), "the registry has no schema 99"),
        (b'{"id": 1}', "not in Confluent's wire format"),
        (None, "not in Confluent's wire format"),
    ]:
        with pytest.raises(bad, match=said):
            reader.read(data)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param(4, "schema 4 can't be read: UnknownType: com.example.Id", id="types-of-another-schema"),
        pytest.param(5, "schema 5 is not one of Avro", id="protobuf"),
        pytest.param(6, "schema 6 can't be read: UnknownType", id="json-schema"),
    ],
)
def test_a_schema_that_can_not_be_read(modules: Modules, registry: Any, number: int, said: str) -> None:
    """The event is set apart: a worker that ended of it would end of it again."""
    reader = modules("worker.avro").Reader({**_WIRE, "schema": None, "registry": _at(registry)})
    with pytest.raises(modules("worker.failure").Bad, match=said):
        reader.read(_bytes(_OLD, {"id": 1, "amount": 2.5}, number))


def test_without_a_schema_of_its_own(modules: Modules, registry: Any) -> None:
    """A reader that has no schema takes records as they were written."""
    reader = modules("worker.avro").Reader({**_WIRE, "schema": None, "registry": _at(registry)})
    assert reader.read(_bytes(_OLD, {"id": 1, "amount": 2.5}, 1)) == {"id": 1, "amount": 2.5}


def test_a_registry_that_is_away(modules: Modules, registry: Any) -> None:
    """No event is to blame for it; they wait."""
    reader = modules("worker.avro").Reader({**_WIRE, "schema": _NEW, "registry": _at(registry)})
    away = modules("worker.failure").Unavailable
    registry.status = 503
    with pytest.raises(away, match="answers 503"):
        reader.read(_bytes(_OLD, {"id": 1, "amount": 2.5}, 1))
    nobody = {"url": "http://127.0.0.1:1", "secrets": {}}
    with pytest.raises(away, match="does not answer"):
        modules("worker.avro").Reader({**_WIRE, "schema": _NEW, "registry": nobody}).read(
            _bytes(_OLD, {"id": 1, "amount": 2.5}, 1)
        )


def test_what_the_registry_is_shown(modules: Modules, registry: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name and password, or a token, from where the spec says they are."""
    monkeypatch.setenv("REGISTRY_USER", "ada")
    monkeypatch.setenv("REGISTRY_PASSWORD", "secret")
    by_name = _at(registry, username={"env": "REGISTRY_USER"}, password={"env": "REGISTRY_PASSWORD"})
    for spec in (by_name, _at(registry, token={"env": "REGISTRY_PASSWORD"})):
        modules("worker.avro").Reader({**_WIRE, "schema": None, "registry": spec}).read(
            _bytes(_OLD, {"id": 1, "amount": 2.5}, 1)
        )
    assert registry.asked == ["/schemas/ids/1 Basic YWRhOnNlY3JldA==", "/schemas/ids/1 Bearer secret"]


def test_what_is_written(modules: Modules, registry: Any) -> None:
    """The schema of what goes out is registered as the topic's, and other readers find it by the number in front."""
    writer = modules("worker.avro").Writer({**_WIRE, "schema": _OLD, "registry": _at(registry)}, "scores-value")
    assert registry.asked == []
    writer.prepare()
    data = writer.write({"id": 1, "amount": 0.5})
    assert registry.asked == ["/subjects/scores-value/versions"]
    number = int.from_bytes(data[1:5], "big")
    assert data[0] == 0
    assert fastavro.schemaless_reader(io.BytesIO(data[5:]), registry.schemas[number]) == {"id": 1, "amount": 0.5}
    with pytest.raises(modules("worker.failure").Bad, match="does not fit its schema"):
        writer.write({"id": "one"})


def test_plain(modules: Modules) -> None:
    """Without a wire format the bytes are the record, and nothing else."""
    avro, spec = modules("worker.avro"), {"format": "avro", "schema": _OLD, "wire": "plain"}
    value = {"id": 1, "amount": 0.5}
    data = avro.Writer(spec, "any").write(value)
    assert data == _bytes(_OLD, value)
    assert avro.Reader(spec).read(data) == value
    avro.Writer(spec, "any").prepare()  # it asks nobody
    with pytest.raises(modules("worker.failure").Bad, match="there is more behind it"):
        avro.Reader(spec).read(data + b"x")


def test_logical_types_to_json(modules: Modules) -> None:
    """What Avro has and JSON does not is written as text, with nothing lost; decimals are numbers to the model."""
    value = modules("worker.avro").Reader({"wire": "plain", "schema": _LOGICAL}).read(_bytes(_LOGICAL, _PAYMENT))
    assert value == _PAYMENT
    assert json.loads(modules("worker.json").Writer({}, "any").write(value)) == {
        "amount": "12345678901234567.80",
        "items": "9007199254740993",
        "day": "2026-01-31",
        "time": "12:30:00",
        "at": "2026-01-31T12:30:00+00:00",
        "there": "2026-01-31T12:30:00",
        "id": "00000000-0000-0000-0000-000000000001",
        "raw": "/w==",
    }
    kinds = {"amount": "FP64", "items": "INT64", "day": "FP64"}
    features = [{"name": name, "path": [name], "type": kind} for name, kind in kinds.items()]
    read, bad = modules("worker.features").Reader(features[:2], allow_nulls=False).read([value])
    assert ({name: array.tolist() for name, array in read.columns.items()}, bad) == (
        {"amount": [12345678901234567.80], "items": [2**53 + 1]},
        {},
    )
    _, bad = modules("worker.features").Reader(features, allow_nulls=False).read([value])
    assert bad == {0: "day is no FP64: '2026-01-31'"}
