"""Makes the topics, and the streams of NATS, that the worker reads from and writes to: those that are not there yet.

    python topics.py

What is there stays as it is; where it has fewer partitions than the spec says, that is told. With `--broker HOST:PORT`
all of them are made in one broker, without login or TLS: one for development.

Exit codes: 0 all are there · 2 wrong usage · 4 one is there, and not as the spec says · 8 the broker can't be asked or
refuses. Needs what requirements.txt beside it names.
"""

import argparse
import asyncio
import os
import sys
import time

SPEC = {{ spec }}

PAUSE = 1.0


class Refused(Exception):
    """A broker does not let it be; the message is a sentence."""


def arguments():
    parser = argparse.ArgumentParser(description="Makes the topics and streams that are not there yet.")
    parser.add_argument("--broker", metavar="HOST:PORT", help="this one instead of those of the spec")
    parser.add_argument("--wait", type=float, default=60, metavar="SECONDS", help="for the broker (default: %(default)g)")
    return parser.parse_args()


def secrets(named):
    """What is shown to a broker, from the variables that hold it."""
    absent = [place["env"] for place in named.values() if place["env"] not in os.environ]
    if absent:
        raise Refused(f"{', '.join(absent)} is not set")
    return {name: os.environ[place["env"]] for name, place in named.items()}


def kafka(place, broker, end):
    """Makes topics; a sentence on each that is there with fewer partitions."""
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient, NewTopic

    own = {"bootstrap.servers": broker} if broker else {**place["client"], **secrets(place["secrets"])}
    client = AdminClient({**own, "log_level": 0})
    known = found(client, own["bootstrap.servers"], end)
    new = [NewTopic(topic["name"], topic["partitions"]) for topic in place["topics"] if topic["name"] not in known]
    for name, future in (client.create_topics(new) if new else {}).items():
        try:
            future.result()
            print(f"made the topic {name}")
        except KafkaException as error:
            if error.args[0].name() != "TOPIC_ALREADY_EXISTS":  # another worker's was first
                raise Refused(f"{name}: {error.args[0].str()}") from None
    for topic in place["topics"]:
        if known.get(topic["name"], topic["partitions"]) < topic["partitions"]:
            yield f"{topic['name']} has {known[topic['name']]} partitions, and {topic['partitions']} are wanted"


def found(client, brokers, end):
    """The topics that there are, with how many partitions each has, as soon as the broker answers."""
    from confluent_kafka import KafkaException

    while True:
        try:
            topics = client.list_topics(timeout=10).topics
            return {name: len(topic.partitions) for name, topic in topics.items()}
        except KafkaException as error:
            if time.monotonic() > end:
                raise Refused(f"{brokers}: {error.args[0].str()}") from None
            time.sleep(PAUSE)


def nats(place, broker, end):
    """Makes streams; a sentence on each that is there without one of its subjects."""
    yield from asyncio.run(streams(place, broker, end))


async def streams(place, broker, end):
    from nats.js.errors import NotFoundError

    client = await connected(place, broker, end)
    try:
        manager, wrong = client.jetstream(), []
        for stream in place["streams"]:
            try:
                info = await manager.stream_info(stream["name"])
            except NotFoundError:
                await manager.add_stream(name=stream["name"], subjects=stream["subjects"])
                print(f"made the stream {stream['name']}")
                continue
            if absent := [subject for subject in stream["subjects"] if subject not in info.config.subjects]:
                wrong.append(f"{stream['name']} has not the subject {', '.join(absent)}")
        return wrong
    finally:
        await client.close()


async def connected(place, broker, end):
    from worker.nats_client import connect

    own = {"servers": [f"nats://{broker}"]} if broker else place["client"]
    while True:
        try:
            return await connect(own, {} if broker else secrets(place["secrets"]))
        except Exception as error:  # whatever it is, there is no broker yet
            if time.monotonic() > end:
                raise Refused(f"{', '.join(own['servers'])}: {error or type(error).__name__}") from None
            await asyncio.sleep(PAUSE)


def main():
    given = arguments()
    end = time.monotonic() + given.wait
    kinds = {"kafka": kafka, "nats": nats}
    try:
        wrong = [said for place in SPEC for said in kinds[place["kind"]](place, given.broker, end)]
    except Refused as refusal:
        print(f"topics.py: {refusal}", file=sys.stderr)
        return 8
    for said in wrong:
        print(f"topics.py: {said}", file=sys.stderr)
    return 4 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
