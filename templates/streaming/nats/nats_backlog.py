"""Dead letters of NATS as a source that ends: those that are there now, and have not been tried again."""

from scorer.failure import Failure
from worker.failure import REFUSED, Unavailable
from worker.letters import is_of, opened
from worker.nats_source import Source
from worker.telling import tell_now_and_then

_SECONDS = 30
_ACK_SECONDS = 30
_NO_LIMIT = -1  # of what is not done with: letters of others are never, and there may be many


class Backlog(Source):
    """So many dead letters as there were at the start, each as the event that it was."""

    _all = 0

    def __init__(self, sink, dead_letter, *, name):
        self._name = name
        durable = {"stream": dead_letter["stream"], "subject": dead_letter["subject"], "durable": f"{name}-replay"}
        limits = {"ack_seconds": _ACK_SECONDS, "max_pending": _NO_LIMIT}
        super().__init__({**sink, **durable, "reset": "earliest", **limits})
        try:
            self._all = self._connection.ask(self._count, _SECONDS)
        except Unavailable as error:
            raise Failure(REFUSED, f"{dead_letter['stream']}: {error}") from None

    @property
    def ended(self):
        return self._pulled >= self._all and not self._waiting and not self._suspects

    def _room(self):
        # No pull waits at the end: what is given back would come to it at once, and to no other replay for a while.
        return max(0, min(super()._room(), self._all - self._pulled))

    async def _count(self, stream):
        self._subscription = await self._subscribe(stream)
        found = await self._subscription.consumer_info()
        return found.num_pending + found.num_ack_pending

    def _sound(self, message):
        """Whether it is a letter of this worker: what others set apart under the same subject is theirs to try again. It
        is never acknowledged, which would take it out of a work queue, but given back when the replay ends."""
        if is_of(self._name, _headers(message)):
            return True
        tell_now_and_then("others", f"{self._spec['subject']} holds what others set apart too: that is left alone")
        return False

    def _event(self, message):
        event, deliveries = super()._event(message), message.metadata.num_delivered
        event = opened(event, _headers(message))
        event.deliveries = deliveries
        return event


def _headers(message):
    return [(name, value.encode()) for name, value in (message.headers or {}).items()]
