"""What a source and a sink of Kafka have in common: librdkafka's properties, and what is to be said of its errors."""

import time

from confluent_kafka import KafkaError

from scorer.failure import Failure
from worker.failure import REFUSED
from worker.secrets import revealed
from worker.telling import tell_now_and_then

_RECENT = 15.0  # librdkafka tries again, and complains again, at least every ten seconds
_OF_SECURITY = ("security.", "sasl.", "ssl.")
_FINAL = (
    KafkaError._AUTHENTICATION,
    KafkaError._FATAL,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
)


def properties(spec):
    """All that librdkafka is told of a connection."""
    return {**spec["client"], **revealed(spec["secrets"])}


def at(spec, broker):
    """The same source or sink at another broker, without login and TLS."""
    client = {name: value for name, value in spec["client"].items() if not name.startswith(_OF_SECURITY)}
    return {**spec, "client": {**client, "bootstrap.servers": broker}, "secrets": {}}


class Troubles:
    """What a broker complained of. It is noted where librdkafka tells it, and acted on in the loop."""

    def __init__(self):
        self._final = self._last = None
        self._at = 0.0

    def add(self, error):
        self._last, self._at = error.str(), time.monotonic()
        tell_now_and_then(error.code(), f"kafka: {error.str()}")
        if error.fatal() or error.code() in _FINAL:
            self._final = Failure(REFUSED, f"kafka refuses: {error.str()}")

    def check(self):
        """Raises Failure when no further try will do."""
        if self._final:
            raise self._final

    @property
    def recent(self):
        return self._last if self._last and time.monotonic() - self._at < _RECENT else None
