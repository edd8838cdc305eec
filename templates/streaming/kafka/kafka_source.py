"""Kafka as a source: a member of a consumer group, that commits only what is done with."""

import functools
import time

from confluent_kafka import Consumer, KafkaException, TopicPartition

from worker.events import PREFIX, Event, own
from worker.failure import Unavailable
from worker.kafka import Troubles, properties

_LAG_EVERY = 1.0
_TOPIC, _PARTITION, _OFFSET = (f"{PREFIX}source-{name}" for name in ("topic", "partition", "offset"))


def nothing():
    pass


@functools.cache
def _origin(topic, partition):
    """What all events of a partition have in common of their place."""
    return (_TOPIC, topic), (_PARTITION, str(partition))


class Source:
    """Events of the partitions that this member has."""

    ended = False

    def __init__(self, spec):
        self.on_revoked = self.on_lost = nothing
        self._topic, self._troubles = spec["topic"], Troubles()
        self._mine, self._epoch = {}, 0  # partitions, each with the assignment by which they came
        self._held = []
        self._paused = set()  # librdkafka remembers it of a partition also when that goes, and comes back
        self._taken, self._lag, self._lag_at = {}, {}, 0.0
        self._consumer = Consumer(
            {
                **properties(spec),
                "group.id": spec["group"],
                "auto.offset.reset": spec["reset"],
                "error_cb": self._troubles.add,
            }
        )
        self._start()

    def _start(self):
        self._consumer.subscribe(
            [self._topic], on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost
        )

    @property
    def trouble(self):
        """What the broker has complained of just now; None when it has not."""
        return self._troubles.recent

    def take(self, most, seconds, wait):
        """Up to so many events: after at most `wait` for the first, and `seconds` for the others."""
        self._resume()
        messages, self._held = self._held, []
        if not messages:
            messages = self._consumer.consume(1, wait)
        if messages and len(messages) < most:
            messages += self._consumer.consume(most - len(messages), seconds)
        self._troubles.check()
        events = [self._event(message) for message in messages if self._sound(message)]
        for event in events:
            partition, offset, _ = event.handle
            self._taken[partition] = offset + 1
        return events

    def owns(self, event):
        """Whether the event is still this member's to be done with."""
        partition, _, epoch = event.handle
        return self._mine.get(partition) == epoch

    def done(self, events):
        """Commits. Unavailable when that is not possible now; a rest may tell that the partitions are lost."""
        ends = {}
        for event in events:  # those of a partition are in its order
            partition, offset, epoch = event.handle
            if self._mine.get(partition) == epoch:
                ends[partition] = offset + 1
        if not ends:
            return
        offsets = [TopicPartition(self._topic, partition, offset) for partition, offset in ends.items()]
        try:
            answers = self._consumer.commit(offsets=offsets, asynchronous=False)
        except KafkaException as error:
            raise Unavailable(f"offsets can't be committed: {error.args[0].str()}") from None
        for answer in answers:
            if answer.error:
                raise Unavailable(f"offsets can't be committed: {answer.error.str()}")

    def rest(self, seconds):
        """Takes nothing for so long, and stays in the group."""
        if running := self._mine.keys() - self._paused:
            self._consumer.pause(self._places(running))
            self._paused |= running
        message = self._consumer.poll(seconds)
        self._troubles.check()
        if message is not None:
            self._held.append(message)  # of a partition that came meanwhile

    def lag(self):
        """By topic and partition how many events wait."""
        now = time.monotonic()
        if now - self._lag_at >= _LAG_EVERY:
            self._lag_at = now
            self._lag = {(self._topic, partition): self._waiting(partition) for partition in self._mine}
        return self._lag

    def close(self):
        self._consumer.close()

    def _waiting(self, partition):
        _, high = self._consumer.get_watermark_offsets(TopicPartition(self._topic, partition), cached=True)
        taken = self._taken.get(partition)
        if taken is None:
            (place,) = self._consumer.position([TopicPartition(self._topic, partition)])
            taken = place.offset if place.offset >= 0 else high
        return max(0, high - taken)

    def _places(self, partitions):
        return [TopicPartition(self._topic, partition) for partition in partitions]

    def _resume(self):
        if resting := self._mine.keys() & self._paused:
            self._consumer.resume(self._places(resting))
            self._paused -= resting

    def _sound(self, message):
        """Whether it is an event of ours: it may be an error, or of a partition that was just taken away."""
        if error := message.error():
            self._troubles.add(error)
            return False
        return message.partition() in self._mine

    def _event(self, message):
        partition, offset, headers = message.partition(), message.offset(), message.headers()
        return Event(
            message.value(),
            message.key(),
            [pair for pair in headers if not own(pair[0])] if headers else [],
            (*_origin(self._topic, partition), (_OFFSET, str(offset))),
            message.timestamp()[1] / 1000,
            (partition, offset, self._mine[partition]),
        )

    def _assigned(self, _, partitions):
        self._epoch += 1
        self._mine.update({each.partition: self._epoch for each in partitions})

    def _revoked(self, _, partitions):
        self.on_revoked()
        self._forget(partitions)

    def _lost(self, _, partitions):
        self._forget(partitions)
        self.on_lost()

    def _forget(self, partitions):
        for each in partitions:
            self._mine.pop(each.partition, None)
            self._taken.pop(each.partition, None)
