"""What becomes of one event: what its prediction has of it, and under which key."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.targets.streaming.literals import jetstream, literal

Scored = Callable[..., Any]


@pytest.fixture
def scored(modules: Callable[[str], ModuleType]) -> Scored:
    """The record that comes of an event, which has these fields besides those that the model reads, and which its source
    knows this of."""

    def record(fields: dict[str, Any], *, known: dict[str, Any] | None = None, **changes: Any) -> Any:
        row = {"amount": 1.5, "at": {"hour": 2}, **fields}
        values = SimpleNamespace(read=lambda data: row)
        scorer = modules("worker.scoring").Scorer(
            literal(**changes),
            modules("scorer.model").Model("", threads=1, settings={}),
            formats=(values, modules("worker.json").Writer({}, "any")),
            metrics=modules("worker.metrics").Metrics(),
            sleep=None,
        )
        event = modules("worker.events").Event(b"{}", b"own", [], (), 0.0, None)
        for name, value in (known or {}).items():
            setattr(event, name, value)
        (found,) = scorer.score([event])
        return found

    return record


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        pytest.param(["id"], {"id": 7}, id="a-field"),
        pytest.param(["card.number"], {"card": {"number": "4711"}}, id="a-field-of-a-map"),
        pytest.param(
            ["card.bank.country", "card.number"], {"card": {"number": "4711", "bank": {"country": "CH"}}}, id="two"
        ),
        pytest.param(["card"], {"card": {"number": "4711", "bank": {"country": "CH", "name": "B"}}}, id="the-map"),
        pytest.param(["a.b"], {"a.b": 1}, id="a-name-with-a-dot"),
        pytest.param(["card.holder", "id.no", "no"], {}, id="nothing-there"),
    ],
)
def test_what_is_kept(scored: Scored, keep: list[str], kept: dict[str, Any]) -> None:
    """A dot leads into a map, as it does for what the model reads; what the event does not have its prediction has not."""
    card = {"number": "4711", "bank": {"country": "CH", "name": "B"}}
    record = scored({"id": 7, "card": card, "a.b": 1}, output={"keep": keep, "model_version": None})
    assert json.loads(record.value) == {**kept, "fraud": 3.5}


@pytest.mark.parametrize(
    ("number", "key"),
    [
        pytest.param("4711", b"4711", id="text"),
        pytest.param(4711, b"4711", id="number"),
        pytest.param(b"\x00\xff", b"\x00\xff", id="bytes-as-they-are"),
    ],
)
def test_a_key_of_the_event(scored: Scored, number: object, key: bytes) -> None:
    """The value of the field, as text unless it is bytes already."""
    record = scored({"card": {"number": number}}, key={"from": "field", "path": ["card", "number"]})
    assert (record.dead, record.key) == (False, key)


@pytest.mark.parametrize("card", [None, {}, {"number": None}, "4711"])
def test_no_key_in_the_event(scored: Scored, card: object) -> None:
    """An event without the field, or with nothing in it, is set apart: all such would have one key, and one partition."""
    record = scored({"card": card}, key={"from": "field", "path": ["card", "number"]})
    told = dict(record.headers)
    assert (record.dead, told["servespec-error"]) == (True, "there is no card.number for the key")


@pytest.mark.parametrize(
    ("deliveries", "accused", "dead"),
    [
        pytest.param(5, True, False, id="not-too-often"),
        pytest.param(6, True, True, id="too-often"),
        pytest.param(6, False, False, id="another-one-killed"),
    ],
)
def test_given_out_too_often(scored: Scored, deliveries: int, accused: bool, dead: bool) -> None:
    """The event of which workers died is set apart without another try; one that was in hand with it each time is not."""
    record = scored({}, known={"deliveries": deliveries, "accused": accused}, source=jetstream()["source"])
    assert record.dead == dead
    assert dict(record.headers).get("servespec-error-kind") == ("crash" if dead else None)
