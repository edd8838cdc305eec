"""Kafka as a sink: an idempotent producer, for predictions and for dead letters."""

from functools import partial

from confluent_kafka import KafkaError, KafkaException, Producer

from worker.failure import SINK, Bad, Unavailable
from worker.kafka import Troubles, properties

# What is wrong with one record, whenever it is sent.
_OF_THE_RECORD = (
    KafkaError.MSG_SIZE_TOO_LARGE,
    KafkaError.INVALID_MSG,
    KafkaError.INVALID_MSG_SIZE,
    KafkaError.INVALID_RECORD,
    KafkaError.RECORD_LIST_TOO_LARGE,
)


class Sink:
    def __init__(self, spec, dead_letter):
        self._topics, self._troubles = (spec["topic"], dead_letter["topic"]), Troubles()
        self._failed = []
        self._producer = Producer({**properties(spec), "error_cb": self._troubles.add})

    def send(self, records):
        """Puts them on their way."""
        for record in records:
            try:
                self._producer.produce(
                    self._topics[record.dead],
                    record.value,
                    record.key,
                    headers=record.headers,
                    on_delivery=partial(self._told, record),
                )
            except KafkaException as error:
                self._failed.append((record, error.args[0]))
            except BufferError:
                self._failed.append((record, KafkaError(KafkaError._QUEUE_FULL)))

    def confirm(self, seconds):
        """Waits for so long until all that was sent is confirmed; else Unavailable. Gives what the broker refused."""
        left = self._producer.flush(seconds)
        self._troubles.check()
        failed, self._failed = self._failed, []
        refused = [(record, error) for record, error in failed if error.code() in _OF_THE_RECORD]
        others = [(record, error) for record, error in failed if error.code() not in _OF_THE_RECORD]
        self.send([record for record, _ in others])
        if refused:
            return [(record, Bad(SINK, f"kafka takes no such record: {error.str()}")) for record, error in refused]
        if others:
            raise Unavailable(f"{self._topics[others[0][0].dead]}: {others[0][1].str()}")
        if left:
            raise Unavailable(f"{left} records are not confirmed yet")
        return []

    def close(self):
        """Nothing is kept that is not confirmed: whoever needs it has waited for that."""
        self._producer.purge()
        self._producer.flush(0)

    def _told(self, record, error, _):
        if error is not None:
            self._failed.append((record, error))
