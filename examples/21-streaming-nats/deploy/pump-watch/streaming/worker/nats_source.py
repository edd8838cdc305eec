"""NATS JetStream as a source: a pull consumer that all workers share, and that hears of each event until it is done with.

An event that comes once more was in the hands of a worker that died, maybe of it: such events are scored one at a time,
those first that died fewer times, and of the same number now from the front and now from the back. Nothing more is pulled
until they are done with, for each that is in hand counts the death of its worker. So those that came before one that kills
are done with at one death, those after it at the next, and it comes first: as a dead letter, if it was given out too often.
"""

import asyncio
import threading
import time
from collections import deque

import nats.errors
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from worker.events import PREFIX, Event, own
from worker.failure import Unavailable
from worker.nats import Connection

_SECONDS = 10
_PULL_SECONDS = 2.0  # so long a pull waits at the server for a first event
_PAUSE = 1.0
_SHORT = 0.002
_LAG_EVERY = 2.0
_OF_THE_SERVER = "Nats-"  # headers with orders for it, which are not passed on


def nothing():
    pass


class Source:
    """Events of a stream that were given to this worker."""

    ended = False

    def __init__(self, spec):
        self.on_revoked = self.on_lost = nothing
        self._spec, self._subscription, self._most, self._pulled = spec, None, 0, 0
        self._hand = {}  # messages by their sequence: taken, and not done with
        self._came = threading.Condition()
        self._waiting, self._suspects = deque(), deque()  # events to be taken: with others, or alone
        self._suspected = set()  # sequences of those that are alone, until they are done with
        self._lag, self._lag_at = {}, 0.0
        self._trouble = None
        self._connection = Connection(spec, spec["durable"])
        self._tasks = [self._connection.start(task) for task in (self._pull, self._keep)]

    @property
    def trouble(self):
        """What the server complained of last; None once it works again."""
        return self._connection.trouble or self._trouble

    def take(self, most, seconds, wait):
        """Up to so many events: after at most `wait` for the first, and `seconds` for the others."""
        self._most = most
        for task in self._tasks:
            if task.done():  # they never end by themselves
                self._connection.result(task, 0)
        with self._came:
            if self._came.wait_for(lambda: self._waiting or self._suspects, wait):
                self._came.wait_for(lambda: len(self._waiting) >= most or self._suspects, seconds)
            if self._waiting or not self._suspects:
                return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            return [self._suspects.popleft()]

    def owns(self, event):
        """Whether the event is this worker's: until it is done with, for the server hears of it all the time."""
        return event.handle in self._hand

    def done(self, events):
        """Acknowledges, and waits until the server has heard it."""
        self._connection.ask(lambda stream: self._acknowledge(events), _SECONDS)
        for event in events:
            self._hand.pop(event.handle, None)
            self._suspected.discard(event.handle)

    def rest(self, seconds):
        """Takes nothing for so long."""
        time.sleep(seconds)

    def lag(self):
        """How many events wait, of all workers together."""
        now = time.monotonic()
        if now - self._lag_at >= _LAG_EVERY and self._subscription:
            self._lag_at = now
            try:
                found = self._connection.ask(lambda stream: self._subscription.consumer_info(), _SECONDS)
                self._lag = {(self._spec["stream"], ""): found.num_pending}
            except Unavailable as error:
                self._trouble = str(error)
        return self._lag

    def close(self):
        """What was pulled and not done with is others' at once."""
        try:
            self._connection.ask(self._give_back, _SECONDS)
        except Unavailable:
            pass  # they get it when they have not heard of it for long enough
        self._connection.close()

    async def _pull(self, stream):
        """Has the next events here before they are asked for, and no more of them than one micro-batch."""
        while True:
            if not (room := self._room()):
                await asyncio.sleep(_SHORT)
                continue
            try:
                if self._subscription is None:
                    self._subscription = await self._subscribe(stream)
                messages = await self._subscription.fetch(room, _PULL_SECONDS)
            except (nats.errors.Error, OSError) as error:
                if self._subscription and isinstance(error, nats.errors.TimeoutError):
                    self._trouble = None  # there are no events
                    continue
                self._trouble = f"nats: {error}"
                await asyncio.sleep(_PAUSE)
                continue
            self._trouble = None
            for message in messages:
                self._hand[message.metadata.sequence.stream] = message
            events = [self._event(message) for message in messages if self._sound(message)]
            again = sorted((event for event in events if event.deliveries > 1), key=_suspicion)
            for before, event in zip([None, *again], again, strict=False):
                event.accused = before is None or before.deliveries < event.deliveries
            self._suspected.update(event.handle for event in again)
            with self._came:
                self._waiting.extend(event for event in events if event.deliveries == 1)
                self._suspects.extend(again)
                self._came.notify()
            self._pulled += len(messages)

    def _room(self):
        return 0 if self._suspected or len(self._waiting) >= self._most else self._most

    async def _subscribe(self, stream):
        """The consumer of this name, which is made, or changed to what the spec says by now."""
        spec = self._spec
        try:
            found = (await stream.consumer_info(spec["stream"], spec["durable"])).config
        except NotFoundError:
            found = ConsumerConfig(
                durable_name=spec["durable"],
                deliver_policy=DeliverPolicy.ALL if spec["reset"] == "earliest" else DeliverPolicy.NEW,
                ack_policy=AckPolicy.EXPLICIT,
                max_deliver=-1,  # one that is given out too often is ours to set apart: the server would just drop it
            )
        wanted = found.evolve(
            filter_subject=spec["subject"], ack_wait=spec["ack_seconds"], max_ack_pending=spec["max_pending"]
        )
        if wanted != found:
            await stream.add_consumer(spec["stream"], wanted)
        return await stream.pull_subscribe_bind(spec["durable"], spec["stream"])

    async def _acknowledge(self, events):
        for event in events:
            message = self._hand.get(event.handle)
            if message is not None and not message.is_acked:
                await message.ack()
        await self._connection.flush()

    async def _give_back(self, stream):
        for message in self._hand.values():
            await message.nak()

    async def _keep(self, stream):
        """Tells the server of each event in hand that it is being worked on, for as long as it is."""
        while True:
            await asyncio.sleep(self._spec["ack_seconds"] / 3)
            for message in list(self._hand.values()):
                if not message.is_acked:
                    try:
                        await message.in_progress()
                    except nats.errors.Error:
                        break  # the connection is gone; when it is back the events are still in hand

    def _sound(self, message):
        """Whether it is an event for this worker; what is not stays with the server."""
        return True

    def _event(self, message):
        found = message.metadata
        event = Event(
            message.data,
            None,
            [
                (name, value.encode())
                for name, value in (message.headers or {}).items()
                if not own(name) and not name.startswith(_OF_THE_SERVER)
            ],
            (
                (f"{PREFIX}source-stream", found.stream),
                (f"{PREFIX}source-sequence", str(found.sequence.stream)),
                (f"{PREFIX}source-subject", message.subject),
            ),
            found.timestamp.timestamp(),
            found.sequence.stream,
        )
        event.attempts = event.deliveries = found.num_delivered
        return event


def _suspicion(event):
    return event.deliveries, event.handle if event.deliveries % 2 else -event.handle
