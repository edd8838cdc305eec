"""Counters, gauges and histograms in the text format of Prometheus.

One thread counts and another shows: a few dictionaries do for that, and no package is needed in the image.
"""

from bisect import bisect_left

_PREFIX = "servespec_stream_"
_OPEN, _CLOSE = "{", "}"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_EVENTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Number:
    """A counter, or a gauge, with a value for each set of labels."""

    def __init__(self, name, type, help, *labels):
        self.name, self._type, self._help, self._labels = f"{_PREFIX}{name}", type, help, labels
        self._values = {} if labels else {(): 0}

    def add(self, amount, *labels):
        self._values[labels] = self._values.get(labels, 0) + amount

    def put(self, values):
        """These values, by their labels, and no others."""
        self._values = dict(values)

    def value(self, *labels):
        return self._values.get(labels, 0)

    def lines(self):
        yield from _head(self.name, self._type, self._help)
        for labels, value in self._values.copy().items():
            yield f"{self.name}{_braced(zip(self._labels, labels, strict=True))} {value}"


class Histogram:
    """How many values were at most so large."""

    def __init__(self, name, help, bounds):
        self.name, self._help, self._bounds = f"{_PREFIX}{name}", help, bounds
        self._counts, self._sum = [0] * (len(bounds) + 1), 0.0

    def add(self, *values):
        for value in values:
            self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += sum(values)

    def lines(self):
        yield from _head(self.name, "histogram", self._help)
        counts, total = self._counts.copy(), 0
        for bound, count in zip((*self._bounds, "+Inf"), counts, strict=True):
            total += count
            yield f"{self.name}_bucket{_braced([('le', bound)])} {total}"
        yield f"{self.name}_sum {self._sum}"
        yield f"{self.name}_count {total}"


class Metrics:
    """All that is measured."""

    def __init__(self):
        self.events = Number("events_total", "counter", "Events that are done with, by what came of them.", "outcome")
        self.errors = Number("errors_total", "counter", "What went wrong, by its kind.", "kind")
        self.redelivered = Number("redelivered_total", "counter", "Events that a source gave out once more.")
        self.lag = Number("lag", "gauge", "Events that wait in the source.", "source", "partition")
        self.ready = Number("ready", "gauge", "Whether the worker can do its work.")
        self.batches = Histogram("batch_events", "Events in a micro-batch.", _EVENTS)
        self.model_seconds = Histogram("model_seconds", "Seconds that the model took for a micro-batch.", _SECONDS)
        self.latency = Histogram("latency_seconds", "Seconds from an event to its confirmed prediction.", _SECONDS)

    def text(self):
        return "".join(f"{line}\n" for item in vars(self).values() for line in item.lines())


def _head(name, type, help):
    yield f"# HELP {name} {help}"
    yield f"# TYPE {name} {type}"


def _braced(labels):
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{_OPEN}{pairs}{_CLOSE}" if pairs else ""


def _escaped(text):
    return str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
