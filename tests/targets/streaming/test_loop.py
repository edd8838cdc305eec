"""The loop, with a source and a sink that say what was asked of them and in which order."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from tests.targets.streaming.literals import literal

Modules = Callable[[str], ModuleType]


class _World:
    """A source of so many events, a sink, and a scorer, all of which write into one diary."""

    def __init__(self, modules: Modules, count: int, **fails: list[Any]) -> None:
        self.diary: list[str] = []
        self.trouble = None
        self._fails, self._failure = fails, modules("worker.failure")
        event = modules("worker.events").Event
        self._events = [event(b"", None, [], (("place", str(number)),), 0, number) for number in range(count)]
        self._record = modules("worker.events").Record
        self.lost: set[int] = set()
        metrics, pulse = modules("worker.metrics").Metrics(), modules("worker.pulse").Pulse(60)
        self.pulse = pulse
        spec = literal(micro_batch={"events": 2}, drain_seconds=1)
        self.loop = modules("worker.loop").Loop(spec, source=self, sink=self, pulse=pulse, metrics=metrics)
        self.metrics = metrics
        self.on_revoked: Callable[[], None]
        self.on_lost: Callable[[], None]

    @property
    def ended(self) -> bool:
        return not self._events

    def _may_fail(self, what: str) -> None:
        if self._fails.get(what) and (error := self._fails[what].pop(0)):
            raise error

    def take(self, most: int, seconds: float, wait: float) -> list[Any]:
        self._may_fail("take")
        taken, self._events = self._events[:most], self._events[most:]
        self.diary.append(f"take {[event.handle for event in taken]}")
        return taken

    def prepare(self) -> None:
        self._may_fail("prepare")

    def score(self, events: list[Any]) -> list[Any]:
        self._may_fail("score")
        return [self._record(event, b"v", None, [], False) for event in events]

    def send(self, records: list[Any]) -> None:
        if records:
            words = [f"{'dead ' if record.dead else ''}{record.event.handle}" for record in records]
            self.diary.append(f"send {', '.join(words)}")
        self._last = records

    def confirm(self, seconds: float) -> list[Any]:
        self._may_fail("confirm")
        if self._fails.get("refuse"):
            refused = self._fails["refuse"].pop(0)
            bad = self._failure.Bad("sink", "too large")
            return [(record, bad) for record in self._last if record.event.handle in refused]
        return []

    def done(self, events: list[Any]) -> None:
        self._may_fail("done")
        self.diary.append(f"done {sorted(event.handle for event in events)}")

    def owns(self, event: Any) -> bool:
        return event.handle not in self.lost

    def rest(self, seconds: float) -> None:
        self.diary.append("rest")
        if self._fails.get("while resting"):
            self._fails["while resting"].pop(0)()

    def lag(self) -> dict[Any, Any]:
        return {}

    def run(self) -> list[str]:
        self.loop.run(self)
        return self.diary


def test_only_what_is_confirmed_is_done_with(modules: Modules) -> None:
    """A micro-batch is sent after the one before is confirmed and done with: never are two of them in between."""
    assert _World(modules, 4).run() == [
        "take [0, 1]", "send 0, 1", "take [2, 3]", "done [0, 1]", "send 2, 3", "done [2, 3]",
    ]  # fmt: skip


def test_a_sink_that_is_away(modules: Modules) -> None:
    """While the sink confirms nothing, nothing is done with and nothing is taken."""
    away = modules("worker.failure").Unavailable("away")
    assert _World(modules, 2, confirm=[away, away]).run() == [
        "take [0, 1]", "send 0, 1", "rest", "rest", "done [0, 1]",
    ]  # fmt: skip


def test_a_commit_that_fails(modules: Modules) -> None:
    """What can't be committed is tried again before anything else is sent."""
    away = modules("worker.failure").Unavailable("away")
    assert _World(modules, 4, done=[away]).run() == [
        "take [0, 1]", "send 0, 1", "take [2, 3]", "rest", "done [0, 1]", "send 2, 3", "done [2, 3]",
    ]  # fmt: skip


def test_a_record_that_the_sink_refuses(modules: Modules) -> None:
    """Its event becomes a dead letter, which is confirmed before the micro-batch is done with."""
    world = _World(modules, 2, refuse=[[1]])
    assert world.run() == ["take [0, 1]", "send 0, 1", "send dead 1", "done [0, 1]"]
    assert (world.metrics.events.value("scored"), world.metrics.events.value("dead")) == (1, 1)


def test_a_dead_letter_that_is_too_large(modules: Modules) -> None:
    """It goes without its value; when that is refused too, the worker ends rather than lose it."""
    world = _World(modules, 1, refuse=[[0], [0]])
    assert world.run() == ["take [0]", "send 0", "send dead 0", "send dead 0", "done [0]"]
    failure = modules("scorer.failure").Failure
    with pytest.raises(failure, match="a dead letter is refused: too large"):
        _World(modules, 1, refuse=[[0], [0], [0]]).run()


def test_revoked_while_something_is_on_its_way(modules: Modules) -> None:
    """Before partitions go to others, what is on its way is done with."""
    world = _World(modules, 4)
    take = world.take

    def revoking(*given: Any) -> list[Any]:
        if "send 0, 1" in world.diary and "done [0, 1]" not in world.diary:
            world.on_revoked()
        return take(*given)

    world.take = revoking  # type: ignore[method-assign]
    assert world.run()[:4] == ["take [0, 1]", "send 0, 1", "done [0, 1]", "take [2, 3]"]


def test_lost_while_the_sink_is_away(modules: Modules) -> None:
    """What others have taken over is not done with here, neither then nor later."""
    away = modules("worker.failure").Unavailable("away")
    world = _World(modules, 2, confirm=[away])

    def lose() -> None:
        world.lost = {0, 1}
        world.on_lost()

    world._fails["while resting"] = [lose]
    assert world.run() == ["take [0, 1]", "send 0, 1", "rest"]


def test_a_model_that_is_away(modules: Modules) -> None:
    """No event is to blame for it: they wait, the worker is not ready, and what others have taken over meanwhile is left to
    them."""
    away = modules("worker.failure").Unavailable("away")
    world = _World(modules, 2, score=[away])

    def lose() -> None:
        world.lost = {0}
        assert world.pulse.waits == "away"

    world._fails["while resting"] = [lose]
    diary = [entry for entry in world.run() if entry != "rest"]
    assert diary == ["take [0, 1]", "send 1", "done [1]"]
    assert world.pulse.waits is None


def test_a_registry_that_is_away_at_the_start(modules: Modules) -> None:
    """A worker that waits before its first event takes none, stays in its group, and has begun: it is not to be killed."""
    away = modules("worker.failure").Unavailable("away")
    world = _World(modules, 2, prepare=[away, away])
    seen = []
    look = [lambda: seen.append((world.pulse.started, world.pulse.live, world.pulse.waits))]
    world._fails["while resting"] = look
    assert not world.pulse.started
    diary = world.run()
    assert seen == [(True, True, "away")]
    assert diary[0] == "rest"
    assert [entry for entry in diary if entry != "rest"] == ["take [0, 1]", "send 0, 1", "done [0, 1]"]


@pytest.mark.parametrize("more", [0, 2])
def test_told_to_stop_while_an_event_is_tried_again(modules: Modules, more: int) -> None:
    """What was sent before is done with, also when its sink takes a while; the event that waits for another try, and those
    beside it, come again."""
    away = modules("worker.failure").Unavailable("away")
    world = _World(modules, 4, confirm=[away] * more)
    score = world.score

    def again(events: list[Any]) -> list[Any]:
        if events[0].handle == 2:
            world.loop.stop()
            world.loop.rest(60)
        return score(events)

    world.score = again  # type: ignore[method-assign]
    diary = [entry for entry in world.run() if entry != "rest"]
    assert diary == ["take [0, 1]", "send 0, 1", "take [2, 3]", "done [0, 1]"]


def test_told_to_stop_while_the_sink_is_away(modules: Modules) -> None:
    """After the time to drain it ends, and what is not confirmed is not done with."""
    away = modules("worker.failure").Unavailable("away")
    world = _World(modules, 4, confirm=[away] * 10_000_000)
    world._fails["while resting"] = [world.loop.stop]
    assert "done" not in " ".join(world.run())
