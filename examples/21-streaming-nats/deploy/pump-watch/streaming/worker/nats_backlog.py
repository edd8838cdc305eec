"""Dead letters of NATS as a source that ends: those that are there now, and have not been tried again."""

from scorer.failure import Failure
from worker.failure import REFUSED, Unavailable
from worker.letters import opened
from worker.nats_source import Source

_SECONDS = 30
_ACK_SECONDS = 30


class Backlog(Source):
    """So many dead letters as there were at the start, each as the event that it was."""

    _left = 0

    def __init__(self, sink, dead_letter, *, name):
        durable = {"stream": dead_letter["stream"], "subject": dead_letter["subject"], "durable": f"{name}-replay"}
        super().__init__({**sink, **durable, "reset": "earliest", "ack_seconds": _ACK_SECONDS, "max_pending": 1024})
        try:
            self._left = self._connection.ask(self._count, _SECONDS)
        except Unavailable as error:
            raise Failure(REFUSED, f"{dead_letter['stream']}: {error}") from None

    @property
    def ended(self):
        return self._left <= 0 and not self._suspects

    def _room(self):
        return max(0, min(super()._room(), self._left - self._queue.qsize()))

    async def _count(self, stream):
        self._subscription = await self._subscribe(stream)
        found = await self._subscription.consumer_info()
        return found.num_pending + found.num_ack_pending

    def _event(self, message):
        self._left -= 1
        event, deliveries = super()._event(message), message.metadata.num_delivered
        event = opened(event, [(name, value.encode()) for name, value in message.headers.items()])
        event.deliveries = deliveries
        return event
