"""A plain loop by hand, as fast as it is simple: stream_by_hand.py BROKER GROUP BATCH MODEL

What comes is decoded, predicted a micro-batch at a time, and sent with where it is from, so that who reads it can drop
what comes twice; offsets are committed when all of it is confirmed, and nothing is when something is not.
"""

import json
import signal
import sys

import numpy as np
import onnxruntime
from confluent_kafka import Consumer, KafkaException, Producer

broker, group, batch, model = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options)
consumer = Consumer(
    {
        "bootstrap.servers": broker,
        "group.id": group,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "session.timeout.ms": 6000,
        "fetch.wait.max.ms": 10,
        "partition.assignment.strategy": "cooperative-sticky",
    }
)
producer = Producer({"bootstrap.servers": broker, "enable.idempotence": True, "delivery.report.only.error": True})
consumer.subscribe(["payments"])
going = [True]
signal.signal(signal.SIGTERM, lambda *_: going.clear())
failed = []


def told(error, _):
    if error:
        failed.append(error)


while going:
    messages = consumer.consume(1, 0.2)
    if messages and int(batch) > 1:
        messages += consumer.consume(int(batch) - 1, 0.005)
    messages = [message for message in messages if not message.error()]
    if not messages:
        continue
    events = [json.loads(message.value()) for message in messages]
    rows = np.array([[event["amount"], event["category"], event["hour"], event["day"]] for event in events], "float32")
    labels, probabilities = session.run(None, {"input": rows})
    answers = zip(messages, events, labels.tolist(), probabilities[:, 1].tolist(), strict=True)
    for message, event, label, probability in answers:
        value = json.dumps({"id": event["id"], "fraud": label, "p": probability, "v": "3"})
        place = {"topic": message.topic(), "partition": str(message.partition()), "offset": str(message.offset())}
        producer.produce("scores", value, message.key(), headers=place, on_delivery=told)
    producer.flush()
    if failed:
        raise KafkaException(failed[0])
    consumer.commit(asynchronous=False)
consumer.close()
