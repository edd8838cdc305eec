"""Dead letters: an event as it came, with headers that say why it has no prediction and where it is from."""

import datetime as dt

from worker.events import PREFIX, Record


def letter(event, bad, worker):
    """The dead letter of an event."""
    told = {
        "error-kind": bad.kind,
        "error": bad.reason,
        "worker": worker,
        "attempts": str(event.attempts),
        "failed-at": dt.datetime.now(dt.timezone.utc).isoformat(),
        "source-timestamp": str(round(event.at * 1000)),
    }
    headers = [*event.headers, *event.place, *((f"{PREFIX}{name}", _line(text)) for name, text in told.items())]
    return Record(event, event.value, event.key, headers, True)


def is_of(worker, headers):
    """Whether headers are those of a dead letter of that worker."""
    return (f"{PREFIX}worker", worker.encode()) in headers


def opened(event, headers):
    """The event as it was before it became a dead letter, by the headers of that."""
    told = {name.removeprefix(PREFIX): data.decode() for name, data in headers if name.startswith(PREFIX)}
    first = {name: text for name, text in told.items() if name.startswith("source-")}
    event.at = int(first.pop("source-timestamp")) / 1000
    event.place = tuple((f"{PREFIX}{name}", text) for name, text in first.items())
    event.letter = int(told["attempts"])
    event.attempts = event.letter + 1
    return event


def without_value(record):
    """The same letter without what is too large for it: that stays in the source, at the place that it names."""
    headers = [*record.headers, (f"{PREFIX}value", "too large for a dead letter: it is where it came from")]
    return Record(record.event, None, record.key, headers, True)


def _line(text):
    """The text as one line, for some brokers' headers end with it, and with halves of characters spelt out."""
    return " ".join(text.split()).encode("utf-8", "backslashreplace").decode()
