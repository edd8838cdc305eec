"""A plain loop by hand, as fast as it is simple: stream_by_hand.py BROKER GROUP BATCH MODEL

What comes is decoded, predicted a micro-batch at a time, and sent; offsets are committed when all of it is confirmed.
"""

import json
import signal
import sys

import numpy as np
import onnxruntime
from confluent_kafka import Consumer, Producer

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
        "fetch.wait.max.ms": 50,
        "partition.assignment.strategy": "cooperative-sticky",
    }
)
producer = Producer({"bootstrap.servers": broker, "enable.idempotence": True, "linger.ms": 0})
consumer.subscribe(["payments"])
going = [True]
signal.signal(signal.SIGTERM, lambda *_: going.clear())
while going:
    messages = consumer.consume(1, 0.2)
    if messages and int(batch) > 1:
        messages += consumer.consume(int(batch) - 1, 0.005)
    if not messages:
        continue
    events = [json.loads(message.value()) for message in messages]
    rows = np.array([[event["amount"], event["category"], event["hour"], event["day"]] for event in events], "float32")
    labels, probabilities = session.run(None, {"input": rows})
    answers = zip(messages, events, labels.tolist(), probabilities[:, 1].tolist(), strict=True)
    for message, event, label, probability in answers:
        value = json.dumps({"id": event["id"], "fraud": label, "p": probability, "v": "3"})
        producer.produce("scores", value, message.key())
    producer.flush()
    consumer.commit(asynchronous=False)
consumer.close()
