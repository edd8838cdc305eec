"""NATS JetStream as a sink: whatever is published once more within the stream's window is dropped by the server.

A stream knows messages again by their ids alone, whoever published them and under whichever subject. So an id says
all that makes a record another one: whose it is, where it goes, and of which event it is.
"""

import asyncio
import json

import nats.errors
from nats.js.errors import APIError, NoStreamResponseError

from worker.failure import SINK, Bad, Unavailable
from worker.nats import Connection

_SECONDS = 10  # without an answer for so long it is published again
_TOO_LARGE = 10054  # JetStream's own code of the error


class Sink:
    def __init__(self, spec, dead_letter):
        self._subjects, self._worker = (spec["subject"], dead_letter["subject"]), spec["worker"]
        self._connection = Connection(spec, spec["subject"])
        self._sending = []

    def send(self, records):
        """Puts them on their way."""
        if records:
            self._sending.append((len(records), self._connection.start(lambda stream: self._publish(stream, records))))

    def confirm(self, seconds):
        """Waits for so long until all that was sent is confirmed; else Unavailable. Gives what the server refused."""
        refused = []
        while self._sending:
            count, future = self._sending[0]
            try:
                failed = self._connection.result(future, seconds)
            except Unavailable:
                raise Unavailable(f"{count} records are not confirmed yet: {self._connection.trouble}") from None
            del self._sending[0]
            bad = [(record, _reason(error)) for record, error in failed]
            refused += [(record, Bad(SINK, f"nats takes no such record: {reason}")) for record, reason in bad if reason]
            again = [(record, error) for record, error in failed if not _reason(error)]
            self.send([record for record, _ in again])
            if again and not refused:
                record, error = again[0]
                raise Unavailable(f"{self._subjects[record.dead]}: {_words(error)}")
        return refused

    def close(self):
        self._connection.close()

    async def _publish(self, stream, records):
        """Publishes, and waits for all answers: each record that failed, with its error."""
        failed, waiting = [], {}
        for record in records:
            try:
                subject = self._subjects[record.dead]
                headers = {**_headers(record), "Nats-Msg-Id": _id(self._worker, subject, record)}
                answer = await stream.publish_async(subject, record.value or b"", headers=headers)
                waiting[answer] = record
            except (nats.errors.Error, OSError) as error:
                failed.append((record, error))
        if waiting:
            await asyncio.wait(waiting, timeout=_SECONDS)
        for answer, record in waiting.items():
            if not answer.done():
                answer.cancel()
                failed.append((record, TimeoutError("no answer")))
            elif answer.exception():
                failed.append((record, answer.exception()))
        return failed


def _headers(record):
    """The record's headers, and its key."""
    headers = {name: " ".join(_text(value).splitlines()) for name, value in record.headers}
    if record.key is not None:
        headers["servespec-key"] = _text(record.key)
    return headers


def _id(worker, subject, record):
    """The id of a record. A stream that was made anew counts from one again, so its event's time is part of it; and the
    letter of a letter that was tried again is another one. An event that its source gave out again, because a worker was
    killed or the server forgot that it was done with, has the same letter."""
    event = record.event
    parts = [*worker, subject, *(text for _, text in event.place), round(event.at * 1000)]
    return json.dumps([*parts, event.letter] if record.dead else parts)


def _text(value):
    return value if isinstance(value, str) else value.decode("utf-8", "backslashreplace")


def _reason(error):
    """What is wrong with the record itself; None for what is wrong with the server."""
    if isinstance(error, nats.errors.MaxPayloadError | nats.errors.BadHeaderError):
        return str(error)
    return str(error) if isinstance(error, APIError) and error.err_code == _TOO_LARGE else None


def _words(error):
    if isinstance(error, NoStreamResponseError):
        return "no stream takes it"
    return str(error) or type(error).__name__
