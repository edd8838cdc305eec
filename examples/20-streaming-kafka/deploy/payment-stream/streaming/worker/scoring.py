"""Events in, records out: predictions, and dead letters for the events that have none. One bad event spoils no other."""

import datetime as dt
import time

from scorer.failure import Failure
from worker.events import Record
from worker.failure import CRASH, MODEL, UNFIT, Bad, Unavailable
from worker.features import Reader, found_at
from worker.letters import letter
from worker.outcomes import values

_LONGEST_PAUSE = 10.0


class Scorer:
    """The model, with what is read for it and what is made of its answers."""

    def __init__(self, spec, model, *, formats, metrics, sleep):
        """`sleep` waits between two tries of an event, while the worker stays in its group."""
        self._spec, self._output, self._model = spec, spec["output"], model
        self._values, self._writer = formats
        self._features = Reader(spec["features"], allow_nulls=spec["allow_nulls"])
        self._wanted = [kind for kind in ("prediction", "probability") if self._output[kind]]
        self._names = [(place, self._output[kind]) for place, kind in enumerate(self._wanted)]
        version = self._output["model_version"]
        self._constant = {version: spec["model"]["version"]} if version else {}
        self._own_key, self._path = spec["key"]["from"] == "source", spec["key"].get("path")
        self._dead, self._metrics, self._sleep = spec["dead_letter"], metrics, sleep
        self._most = spec["source"].get("max_deliver")

    def prepare(self):
        """What is to be done once before the first event. Unavailable while it can't be."""
        self._writer.prepare()

    def score(self, events):
        """A record for each event, in their order."""
        self._metrics.batches.add(len(events))
        self._metrics.redelivered.add(sum(event.deliveries > 1 for event in events))
        records = [None] * len(events)
        read, rows = [], []
        for index, event in enumerate(events):
            try:
                rows.append(self._read(event))
                read.append(index)
            except Bad as bad:
                records[index] = self.dead(event, bad)
        if not rows:
            return records
        features, unfit = self._features.read(rows)
        for index, reason in unfit.items():
            records[read[index]] = self.dead(events[read[index]], Bad(UNFIT, reason))
        if unfit:
            rows = [row for index, row in enumerate(rows) if index not in unfit]
            read = [place for index, place in enumerate(read) if index not in unfit]
        started = time.perf_counter()
        for index, row, outcome in zip(read, rows, self._predicted(features, 0, len(read)), strict=True):
            records[index] = self._record(events[index], row, outcome)
        self._metrics.model_seconds.add(time.perf_counter() - started)
        return records

    def dead(self, event, bad):
        """The dead letter of an event."""
        self._metrics.errors.add(1, bad.kind)
        return letter(event, bad, self._spec["name"])

    def _read(self, event):
        if event.accused and self._most and event.deliveries > self._most:
            raise Bad(CRASH, f"given out {event.deliveries} times, and no worker lived to say what came of it")
        return self._values.read(event.value)

    def _predicted(self, features, start, end):
        """For each row its prediction and probability, or Bad: a part in which something fails is halved."""
        if start == end:
            return
        try:
            yield from self._asked(features.part(start, end), end - start)
            return
        except (Failure, Unavailable):
            raise
        except Exception as error:  # whatever a library, or code of the user's, raises
            if end - start == 1:
                yield self._alone(features.part(start, end), error)
                return
        half = (start + end) // 2
        yield from self._predicted(features, start, half)
        yield from self._predicted(features, half, end)

    def _asked(self, features, count):
        """The answers of the model, one a row."""
        prediction, probability = self._model.predict(features, wanted=self._wanted)
        return values({"prediction": prediction, "probability": probability}, self._wanted, count)

    def _alone(self, features, error):
        """The answer for the only row, which failed, after as many more tries as it has."""
        for retry in range(self._dead["retries"]):
            self._sleep(min(_LONGEST_PAUSE, self._dead["backoff_seconds"] * 2**retry))
            try:
                (outcome,) = self._asked(features, 1)
            except (Failure, Unavailable):
                raise
            except Exception as again:
                error = again
            else:
                return outcome
        return Bad(MODEL, f"the model fails: {type(error).__name__}: {error}")

    def _record(self, event, row, outcome):
        if isinstance(outcome, Bad):
            return self.dead(event, outcome)
        keep, at = self._output["keep"], self._output["scored_at"]
        value = dict(row) if keep is None else _kept(row, keep)
        for place, name in self._names:
            value[name] = outcome[place]
        if at:
            value[at] = dt.datetime.now(dt.timezone.utc).isoformat()
        value.update(self._constant)
        try:
            key = event.key if self._own_key else self._key(row)
            return Record(event, self._writer.write(value), key, self._headers(event), False)
        except Bad as bad:
            return self.dead(event, bad)

    def _key(self, row):
        """The key of the output where it is not that of the event; Bad when there is nothing to make it from."""
        if self._path is None:
            return None
        found = found_at(row, self._path)
        if found is None:
            raise Bad(UNFIT, f"there is no {'.'.join(map(str, self._path))} for the key")
        try:
            return found if type(found) is bytes else str(found).encode()
        except UnicodeEncodeError as error:
            raise Bad(UNFIT, f"the key is no text: {error}") from None

    def _headers(self, event):
        passed = self._spec["headers"]
        if passed is None:
            return [*event.headers, *event.place]
        return [*(pair for pair in event.headers if pair[0] in passed), *event.place]


def _kept(row, names):
    """The fields of these names, where they are; of a map in which a dot leads somewhere, that alone."""
    kept = {name: row[name] for name in names if name in row}
    for name in names:
        if "." in name and name not in row:
            *steps, last = name.split(".")
            place, inner = found_at(row, steps), kept
            if type(place) is dict and last in place:
                for step in steps:
                    inner = inner.setdefault(step, {})
                inner[last] = place[last]
    return kept
