"""Publishes the events of standard input, a JSON document a line, and prints what came of each, a line for each too.

    echo '{"amount": 86.2}' | python probe.py --broker 127.0.0.1:9092

A worker must be running. What is printed: `{"index": 0, "outcome": "scored", "value": …, "seconds": 0.02}` with the
prediction, `"dead"` with the reason in place of the value, or `"silent"` when neither has come in time.

Exit codes: 0 something came of each · 2 wrong usage · 5 one was silent · 8 the broker can't be asked or refuses.
"""

import argparse
import importlib
import json
import queue
import sys
import time

from scorer.failure import Failure
from stream import SPEC
from worker.failure import REFUSED, Unavailable

SILENT = 5  # the exit code when nothing came of an event
_PLACE = ("servespec-source-topic", "servespec-source-partition", "servespec-source-offset")
_SEQUENCE = ("servespec-source-stream", "servespec-source-sequence")


def arguments():
    parser = argparse.ArgumentParser(description="Publishes events, and prints what came of each.")
    parser.add_argument("--broker", metavar="HOST:PORT", help="in place of all of the spec's, without login and TLS")
    parser.add_argument("--wait", type=float, default=30, metavar="SECONDS", help="for all of it (default: %(default)g)")
    given = parser.parse_args()
    if {SPEC["value"]["format"], SPEC["output"]["format"]} != {"json"}:
        parser.error("events and predictions of this stream are no JSON")
    return given


class Kafka:
    """A topic to write to, and where predictions and dead letters are read from their ends."""

    def __init__(self, source, sink, seconds):
        from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
        from worker.kafka import properties

        self._topic, self._sent = source["topic"], {}
        self._topics = {sink["topic"]: False, SPEC["dead_letter"]["topic"]: True}
        self._producer = Producer(properties({**source, "client": plain(source["client"])}))
        own = {"group.id": f"{SPEC['name']}-probe", "enable.auto.commit": False, "fetch.wait.max.ms": 20}
        self._reader = Consumer({**properties({**sink, "client": plain(sink["client"])}), **own})
        try:
            known = self._reader.list_topics(timeout=seconds).topics
            if absent := [topic for topic in (self._topic, *self._topics) if topic not in known]:
                raise Failure(REFUSED, f"there is no topic {', '.join(absent)}: `python topics.py` makes it")
            ends = [TopicPartition(topic, number) for topic in self._topics for number in known[topic].partitions]
            for end in ends:
                end.offset = self._reader.get_watermark_offsets(end, timeout=seconds)[1]
        except KafkaException as error:
            raise Unavailable(error.args[0].str()) from None
        self._reader.assign(ends)

    def send(self, index, data):
        def sent(error, message):
            if error is None:
                self._sent[message.topic(), str(message.partition()), str(message.offset())] = index

        self._producer.produce(self._topic, data, on_delivery=sent)

    def read(self, seconds):
        """What came of an event: its index, whether it is dead, the value and the headers; None for nothing of ours."""
        self._producer.poll(0)
        message = self._reader.poll(seconds)
        if message is None or message.error():
            return None
        headers = {name: value.decode() for name, value in message.headers() or []}
        index = self._sent.get(tuple(headers.get(name) for name in _PLACE))
        return None if index is None else (index, self._topics[message.topic()], message.value(), headers)

    def flush(self, seconds):
        self._producer.flush(seconds)

    def close(self):
        self._reader.close()


def plain(client):
    """The properties of a connection, without those that only a consumer has."""
    return {name: value for name, value in client.items() if name.startswith(("bootstrap.", "security.", "sasl.", "ssl."))}


class Nats:
    """A subject to write to, and subscriptions to where predictions and dead letters come."""

    def __init__(self, source, sink, seconds):
        from worker.nats import Connection

        self._source, self._seconds = source, seconds
        self._writer, self._reader = Connection(source, "probe"), Connection(sink, "probe")
        self._sent, self._came = {}, queue.Queue()
        for subject, dead in ((sink["subject"], False), (SPEC["dead_letter"]["subject"], True)):
            self._reader.ask(lambda stream, at=subject, dead=dead: self._listen(stream, at, dead=dead), seconds)

    async def _listen(self, stream, subject, *, dead):
        from nats.js.api import ConsumerConfig, DeliverPolicy

        async def came(message):
            self._came.put((dead, message.data, message.headers or {}))

        config = ConsumerConfig(deliver_policy=DeliverPolicy.NEW)
        return await stream.subscribe(subject, cb=came, ordered_consumer=True, config=config)

    def send(self, index, data):
        words = [word for word in (self._source["subject"] or "probe").split(".")]
        subject = ".".join("probe" if word in ("*", ">") else word for word in words)
        answer = self._writer.ask(lambda stream: stream.publish(subject, data), self._seconds)
        self._sent[answer.stream, str(answer.seq)] = index

    def read(self, seconds):
        """As Kafka's."""
        try:
            dead, value, headers = self._came.get(timeout=seconds)
        except queue.Empty:
            return None
        index = self._sent.get(tuple(headers.get(name) for name in _SEQUENCE))
        return None if index is None else (index, dead, value, headers)

    def flush(self, seconds):
        pass

    def close(self):
        self._writer.close()
        self._reader.close()


def probe(given, lines):
    """Prints what came of each line; how many are silent."""
    sides = [SPEC["source"], SPEC["sink"]]
    if given.broker:
        sides = [importlib.import_module(f"worker.{side['kind']}").at(side, given.broker) for side in sides]
    end = time.monotonic() + given.wait
    place = {"kafka": Kafka, "nats": Nats}[SPEC["source"]["kind"]](*sides, given.wait)
    began = {}
    for index, line in enumerate(lines):
        began[index] = time.monotonic()
        place.send(index, line.encode())
    place.flush(given.wait)
    while began and time.monotonic() < end:
        if (found := place.read(0.1)) and found[0] in began:
            index, dead, value, headers = found
            seconds = round(time.monotonic() - began.pop(index), 4)
            told = {"reason": headers["servespec-error"]} if dead else {"value": json.loads(value)}
            print(json.dumps({"index": index, "outcome": "dead" if dead else "scored", **told, "seconds": seconds}))
    for index in began:
        print(json.dumps({"index": index, "outcome": "silent"}))
    place.close()
    return len(began)


def main():
    given = arguments()
    lines = [line for line in sys.stdin.read().splitlines() if line.strip()]
    try:
        return SILENT if probe(given, lines) else 0
    except Unavailable as reason:
        print(f"probe.py: no broker: {reason}", file=sys.stderr)
        return REFUSED
    except Failure as failure:
        print(f"probe.py: {failure}", file=sys.stderr)
        return failure.code


if __name__ == "__main__":
    sys.exit(main())
