"""Makes the topics, and the streams of NATS, that the worker reads from and writes to: those that are not there yet.

    python topics.py

What is there stays as it is; where it has fewer partitions than the spec says, that is told. With `--broker HOST:PORT`
all of them are made in one broker, without login or TLS: one for development.

Exit codes: 0 all are there · 2 wrong usage · 4 one is there, and not as the spec says · 8 the broker can't be asked or
refuses. Needs what requirements.txt beside it names.
"""

import argparse
import importlib
import sys
import time

from scorer.failure import Failure
from worker.failure import REFUSED, Unavailable

SPEC = [
    {
        "kind": "nats",
        "client": {"servers": ["nats://127.0.0.1:4222"], "tls": False},
        "secrets": {},
        "streams": [
            {"name": "SENSORS", "subjects": ["sensors.*.readings"]},
            {"name": "WEAR", "subjects": ["wear"]},
            {"name": "WEAR-DEAD", "subjects": ["dead.wear"]},
        ],
    },
]

OTHERWISE = 4  # the exit code when something is there, and not as the spec says
PAUSE = 1.0


def arguments():
    parser = argparse.ArgumentParser(description="Makes the topics and streams that are not there yet.")
    parser.add_argument("--broker", metavar="HOST:PORT", help="in place of all of the spec's, without login and TLS")
    parser.add_argument("--wait", type=float, default=60, metavar="SECONDS", help="for the broker (default: %(default)g)")
    return parser.parse_args()


def kafka(place, end):
    """Makes topics; a sentence on each that is there with fewer partitions."""
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient, NewTopic
    from worker.kafka import properties

    client = AdminClient({**properties(place), "log_level": 0})

    def listed():
        try:
            return client.list_topics(timeout=5).topics
        except KafkaException as error:
            raise Unavailable(error.args[0].str()) from None

    known = patient(listed, end)
    new = [NewTopic(topic["name"], topic["partitions"]) for topic in place["topics"] if topic["name"] not in known]
    for name, future in (client.create_topics(new) if new else {}).items():
        try:
            future.result()
            print(f"made the topic {name}")
        except KafkaException as error:
            if error.args[0].name() != "TOPIC_ALREADY_EXISTS":  # another that does the same was first
                raise Failure(REFUSED, f"{name}: {error.args[0].str()}") from None
    for topic in place["topics"]:
        found = len(known[topic["name"]].partitions) if topic["name"] in known else topic["partitions"]
        if found < topic["partitions"]:
            yield f"{topic['name']} has {found} partitions, and {topic['partitions']} are wanted"


def nats(place, end):
    """Makes streams; a sentence on each that is there without one of its subjects."""
    from nats.js.errors import APIError, NotFoundError
    from worker.nats import Connection

    async def made(manager):
        try:
            return (await manager.stream_info(stream["name"])).config.subjects
        except NotFoundError:
            await manager.add_stream(name=stream["name"], subjects=stream["subjects"])
            print(f"made the stream {stream['name']}")
            return stream["subjects"]

    connection = Connection(place, "topics")
    for stream in place["streams"]:
        try:
            known = patient(lambda: connection.ask(made, 5), end)
        except APIError as error:
            raise Failure(REFUSED, f"{stream['name']}: {error.description}") from None
        if absent := [wanted for wanted in stream["subjects"] if not any(holds(subject, wanted) for subject in known)]:
            yield f"{stream['name']} does not hold {', '.join(absent)}"
    connection.close()


def holds(subject, wanted):
    """Whether a subject of a stream takes all that one takes which is read or written; both may have wildcards."""
    words, others = subject.split("."), wanted.split(".")
    for index, word in enumerate(words):
        if word == ">":
            return len(others) > index
        if index >= len(others) or others[index] == ">" or word not in ("*", others[index]):
            return False
    return len(words) == len(others)


def patient(ask, end):
    """What is asked for, as soon as there is somebody to ask."""
    while True:
        try:
            return ask()
        except Unavailable as error:
            if time.monotonic() > end:
                raise Failure(REFUSED, f"no broker: {error}") from None
            time.sleep(PAUSE)


def main():
    given = arguments()
    end = time.monotonic() + given.wait
    kinds = {"kafka": kafka, "nats": nats}
    wrong = []
    try:
        for place in SPEC:
            at = importlib.import_module(f"worker.{place['kind']}").at
            wrong += kinds[place["kind"]](at(place, given.broker) if given.broker else place, end)
    except Failure as failure:
        print(f"topics.py: {failure}", file=sys.stderr)
        return failure.code
    for said in wrong:
        print(f"topics.py: {said}", file=sys.stderr)
    return OTHERWISE if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
