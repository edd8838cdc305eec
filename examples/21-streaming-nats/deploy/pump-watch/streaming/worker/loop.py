"""The loop: a micro-batch is taken, scored and sent; when all of it is confirmed, and only then, it is done with.

The next micro-batch is scored while the one before is on its way, and is sent when that one is done with: so a worker
that is killed leaves at most one micro-batch that is scored once more.
"""

import math
import time

from scorer.failure import Failure
from worker.failure import REFUSED, Stopped, Unavailable
from worker.letters import letter, without_value
from worker.telling import tell, tell_now_and_then

_IDLE = 0.2  # seconds that an empty source is listened to at a time
_TICK = 0.5
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class Loop:
    """Takes from a source, and gives to a sink."""

    def __init__(self, spec, *, source, sink, pulse, metrics):
        self._batch, self._drain_seconds, self._name = spec["micro_batch"], spec["drain_seconds"], spec["name"]
        self._source, self._sink, self._pulse, self._metrics = source, sink, pulse, metrics
        self._sent = []  # records of the micro-batch that is on its way
        self._end = math.inf
        source.on_revoked, source.on_lost = self._revoked, self._lost

    def run(self, scorer):
        """Works until it is told to stop, or until a source that ends has ended; what is on its way then is done with."""
        self._pulse.start()
        try:
            self._work(scorer)
            self._settle(seconds=self._drain_seconds)
        except Stopped:
            tell("stopped; what was on its way comes again")

    def _work(self, scorer):
        """One micro-batch after the other. What waits for another try when it is told to stop is not waited for."""
        try:
            self._patiently(scorer.prepare)
            while not self.stopping and not self._source.ended:
                self._step(scorer)
        except Stopped:
            tell("stopped; what is not scored yet comes again")

    def stop(self):
        """From now on nothing is taken; what is in hand has its time to be done with."""
        self._end = time.monotonic() + self._drain_seconds

    @property
    def stopping(self):
        return self._end < math.inf

    def rest(self, seconds):
        """Waits, and stays in the group meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.stopping:
                raise Stopped
            self._pulse.beat()
            self._source.rest(min(left, _TICK))

    def _step(self, scorer):
        self._pulse.beat()
        events = self._source.take(self._batch["events"], self._batch["seconds"], 0 if self._sent else _IDLE)
        self._metrics.lag.put(self._source.lag())
        if events and events[0].deliveries > 1:
            self._settle()  # a worker may have died of it: then nothing else is on its way
        records = self._scored(scorer, events) if events else []
        self._settle()
        self._sent = [record for record in records if self._source.owns(record.event)]
        self._sink.send(self._sent)

    def _scored(self, scorer, events):
        """A record for each of the events that are still this worker's when all that is needed for them is there."""
        return self._patiently(lambda: scorer.score([event for event in events if self._source.owns(event)]))

    def _patiently(self, ask):
        """What is asked for, as soon as it is there."""
        pause = _SHORTEST_PAUSE
        while True:
            try:
                return ask()
            except Unavailable as error:
                away = error
            self._settle()
            self._held_up(away)
            self.rest(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)

    def _settle(self, *, seconds=math.inf):
        """What was sent is confirmed, and done with at its source. Stopped when there is no more time for it."""
        end = time.monotonic() + seconds
        while self._sent:
            self._pulse.beat()
            try:
                if refused := self._sink.confirm(_TICK):
                    self._send_instead(refused)
                    continue
                self._source.done([record.event for record in self._sent])
            except Unavailable as error:
                self._held_up(error)
                if time.monotonic() > min(end, self._end):
                    raise Stopped from None
                self._source.rest(0)
            else:
                self._count()
                self._sent = []
        self._pulse.waits = self._source.trouble

    def _send_instead(self, refused):
        """Dead letters take the place of records that the sink does not take."""
        for record, bad in refused:
            self._metrics.errors.add(1, bad.kind)
            if record.dead and record.value is None:
                raise Failure(REFUSED, f"a dead letter is refused: {bad.reason}")
            other = without_value(record) if record.dead else letter(record.event, bad, self._name)
            self._sent = [other if item is record else item for item in self._sent]
            self._sink.send([other])

    def _count(self):
        now = time.time()
        self._metrics.latency.add(*(now - record.event.at for record in self._sent))
        dead = sum(record.dead for record in self._sent)
        self._metrics.events.add(len(self._sent) - dead, "scored")
        self._metrics.events.add(dead, "dead")

    def _held_up(self, error):
        self._pulse.waits = str(error)
        self._metrics.errors.add(1, "unavailable")
        tell_now_and_then(str(error), f"waiting: {error}")

    def _revoked(self):
        """Others take over some of the source: what is on its way is done with before they do."""
        try:
            self._settle(seconds=self._drain_seconds)
        except Stopped:
            tell("the time to drain was not enough: what is on its way comes again elsewhere")

    def _lost(self):
        """Others have taken over already: what of theirs is on its way is theirs to be done with."""
        tell("partitions are lost to others: what was in hand of them comes again elsewhere")
        self._sent = [record for record in self._sent if self._source.owns(record.event)]
