"""Dead letters of Kafka as a source that ends: those that are there now, and have not been tried again."""

from confluent_kafka import KafkaException, TopicPartition

from scorer.failure import Failure
from worker.failure import REFUSED
from worker.kafka_source import Source
from worker.letters import is_of, opened
from worker.telling import tell_now_and_then

_SECONDS = 30


class Backlog(Source):
    """Dead letters up to the ends of the partitions at the start, each as the event that it was."""

    def __init__(self, sink, dead_letter, *, name):
        self._name, self._passed = name, {}
        own = {"topic": dead_letter["topic"], "group": f"{name}-replay", "reset": "earliest"}
        # What the sink says is for a producer: left to itself, a consumer commits what it has only taken.
        super().__init__({**sink, **own, "client": {**sink["client"], "enable.auto.commit": False}})

    def _start(self):
        try:
            self._ends, starts = self._span()
        except KafkaException as error:
            raise Failure(REFUSED, f"{self._topic}: {error.args[0].str()}") from None
        self._taken = {each.partition: each.offset for each in starts}
        self._mine = dict.fromkeys(self._taken, 0)
        self._consumer.assign(starts)

    def _span(self):
        """Where each partition ends now, and where an earlier replay came to."""
        known = self._consumer.list_topics(self._topic, _SECONDS).topics[self._topic]
        found = [TopicPartition(self._topic, partition) for partition in known.partitions]
        edges = {each.partition: self._consumer.get_watermark_offsets(each, _SECONDS) for each in found}
        starts = self._consumer.committed(found, _SECONDS)
        for each in starts:
            each.offset = max(each.offset, edges[each.partition][0])
        return {partition: high for partition, (_, high) in edges.items()}, starts

    @property
    def ended(self):
        return all(max(self._taken[each], self._passed.get(each, 0)) >= end for each, end in self._ends.items())

    def take(self, most, seconds, wait):
        events = super().take(most, seconds, wait)
        return [event for event in events if event.handle[1] < self._ends[event.handle[0]]]

    def _sound(self, message):
        """Whether it is a letter of this worker: what others set apart in the same topic is theirs to try again."""
        if not super()._sound(message):
            return False
        if is_of(self._name, message.headers() or ()):
            return True
        self._passed[message.partition()] = message.offset() + 1
        tell_now_and_then("others", f"{self._topic} holds what others set apart too: that is left alone")
        return False

    def _event(self, message):
        return opened(super()._event(message), message.headers() or ())
