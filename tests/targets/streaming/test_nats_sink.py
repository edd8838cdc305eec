"""By what a stream of NATS knows again that a record is the same: the ids of what is published."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from tests.targets.streaming.literals import jetstream

Modules = Callable[[str], ModuleType]

_EVENT = {"stream": "PAYMENTS", "sequence": "42", "subject": "payments.a", "at": 1e9, "dead": False}
_TRIED = {"attempts": 1, "letter": 0}
_WORKER = {"worker": ["fraud", "fraud"], "to": "scores.a"}


class _Server:
    """Takes what is published, and remembers under which id."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def publish_async(self, subject: str, value: bytes, *, headers: dict[str, str]) -> Any:
        self.ids.append(headers["Nats-Msg-Id"])
        raise OSError("gone")  # nobody waits for an answer then


@pytest.fixture
def published(modules: Modules, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The id under which a record goes out; keywords change the worker, its sink or the event."""
    sinks, events = modules("worker.nats_sink"), modules("worker.events")
    sides = jetstream()

    def id_of(**changes: Any) -> str:
        given = {**_EVENT, **_TRIED, **_WORKER, **changes}
        server, started = _Server(), []
        connection = type("Connection", (), {"start": lambda _, task: started.append(task(server))})
        monkeypatch.setattr(sinks, "Connection", lambda *_: connection())
        sink = {**sides["sink"], "subject": given["to"], "worker": given["worker"]}
        place = tuple((f"servespec-source-{name}", given[name]) for name in ("stream", "sequence", "subject"))
        event = events.Event(b"{}", None, [], place, given["at"], 42)
        event.attempts, event.letter = given["attempts"], given["letter"]
        sinks.Sink(sink, {"subject": given["to"]}).send([events.Record(event, b"{}", None, [], given["dead"])])
        with pytest.raises(StopIteration):
            started[0].send(None)
        (found,) = server.ids
        return found

    return id_of


@pytest.mark.parametrize("changes", [
    {"worker": ["churn", "churn"]},
    {"worker": ["fraud", "fraud-staging"]},
    {"to": "scores.b"},
    {"stream": "REFUNDS"},
    {"sequence": "43"},
    {"at": 1e9 + 0.001},
    {"dead": True},
])  # fmt: skip
def test_what_makes_it_another_record(published: Callable[..., str], changes: dict[str, Any]) -> None:
    """Another service, another group, another place, another event, one of a stream that was made anew, and a dead letter
    beside a prediction: a server that took them for the same would drop one, and say that it has it."""
    assert published() == published()
    assert published(**changes) != published()


def test_attempts(published: Callable[..., str]) -> None:
    """What came of a letter that was tried again is another letter. What comes of an event that its source gave out again
    is the same, a prediction and a letter: the worker may have been killed when that was written."""
    assert published(dead=True, letter=1) != published(dead=True)
    assert published(dead=True, letter=2) != published(dead=True, letter=1)
    assert published(dead=True, attempts=2) == published(dead=True)
    assert published(attempts=2, letter=1) == published()


def test_no_two_parts_run_into_each_other(published: Callable[..., str]) -> None:
    """Where one part ends and the next begins is told, whatever they hold."""
    assert published(stream="A:1", sequence="2") != published(stream="A", sequence="1:2")
    assert published(stream='A", "1', sequence="2") != published(stream="A", sequence='1", "2')


def test_it_is_a_line(published: Callable[..., str]) -> None:
    """A header of NATS is one line of text that any client reads."""
    found = published(to="scores.ü")
    assert found.isascii()
    assert found.isprintable()
