"""A stream under load: stream_load.py BROKER throughput|latency COUNT RATE COMMAND...

With `throughput` so many events wait when the command starts, and are read as fast as its predictions come; with
`latency` they are sent at a rate once it works. Prints events a second, and p50 and p99 in milliseconds from sending an
event to having its prediction.
"""

import json
import subprocess
import sys
import threading
import time

import numpy as np
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

_PARTITIONS = 6


def payment(number):
    row = {"id": number, "amount": number * 7919 % 100_000 / 100, "category": number % 12}
    return json.dumps({**row, "hour": number * 5 % 24, "day": number % 7})


class Load:
    def __init__(self, broker):
        client = AdminClient({"bootstrap.servers": broker})
        wanted = [NewTopic(name, num_partitions=_PARTITIONS) for name in ("payments", "scores", "scores.dead")]
        for made in client.create_topics(wanted).values():
            made.result(30)
        # As producers do by default: thousands of requests a second with one event each are a test of the broker.
        self._producer = Producer({"bootstrap.servers": broker, "linger.ms": 5})
        self._consumer = Consumer({"bootstrap.servers": broker, "group.id": "load", "fetch.wait.max.ms": 5})
        self._consumer.assign([TopicPartition("scores", partition, 0) for partition in range(_PARTITIONS)])
        self.sent, self.came = {}, {}

    def send(self, numbers, *, rate=None):
        """Sends events, so many a second."""
        start = time.perf_counter()
        for index, number in enumerate(numbers):
            if rate and (early := start + index / rate - time.perf_counter()) > 0:
                time.sleep(early)
            self.sent[number] = time.perf_counter()
            self._producer.produce("payments", payment(number), str(number))
            self._producer.poll(0)
        self._producer.flush()

    def read(self, count, *, at_once=False):
        """Waits until so many different predictions have come; `at_once` notes each when it is there."""
        while len(self.came) < count:
            # `consume` waits for all that it is asked for: first for one, then for what is there already.
            first = self._consumer.consume(1, 0.05) if at_once else []
            for message in (*first, *self._consumer.consume(500, 0 if at_once else 0.05)):
                self.came.setdefault(json.loads(message.value())["id"], time.perf_counter())


def main():
    broker, what, count, rate, *command = sys.argv[1:]
    load, count = Load(broker), int(count)
    if what == "throughput":
        load.send(range(count))
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as worker:
        if what == "latency":
            load.send([-1])
            load.read(1)
            sender = threading.Thread(target=load.send, args=(range(count),), kwargs={"rate": float(rate)})
            sender.start()
        load.read(count + (what == "latency"), at_once=what == "latency")
        worker.terminate()
    came = sorted(moment for number, moment in load.came.items() if number >= 0)
    spans = [(load.came[number] - load.sent[number]) * 1000 for number in range(count)]
    p50, p99 = np.percentile(spans, [50, 99])
    print(json.dumps({"rate": count / (came[-1] - came[0]), "p50": p50, "p99": p99}))


main()
