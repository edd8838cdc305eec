"""A broker that speaks Kafka's protocol, a proxy that cuts connections, and what is read from and written to topics."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS = 6
Address = tuple[str, int]


def ids(messages: list[Any], name: str = "id") -> Counter[Any]:
    """How often each event has come."""
    return Counter(json.loads(message.value())[name] for message in messages)


def place(message: Any) -> tuple[str, ...]:
    """Where the event of a record is from: what consumers drop duplicates by."""
    headers = dict(message.headers())
    return tuple(headers[f"servespec-source-{name}"].decode() for name in ("topic", "partition", "offset"))


def duplicates(messages: list[Any]) -> int:
    """How many come twice, by what consumers know them by."""
    return len(messages) - len({place(message) for message in messages})


@dataclass(frozen=True)
class Broker:
    """A running broker: `address` is where clients find it."""

    process: subprocess.Popen[bytes]
    address: str
    shown: Mapping[str, str] = field(default_factory=dict)
    """What a client shows and wants to be shown, as librdkafka's properties."""

    def topics(self, *names: str) -> None:
        """Topics of six partitions, or of whatever number stands behind a colon."""
        wanted = [
            NewTopic(name.partition(":")[0], num_partitions=int(name.partition(":")[2] or PARTITIONS)) for name in names
        ]
        client = AdminClient({**self.shown, "bootstrap.servers": self.address})
        for made in client.create_topics(wanted).values():
            made.result(10)

    def write(self, topic: str, values: Iterable[object], **more: Any) -> None:
        """Each value as JSON, or as it is where that is bytes."""
        producer = Producer({**self.shown, "bootstrap.servers": self.address, "linger.ms": 20})
        for number, value in enumerate(values):
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            producer.produce(topic, data, key=str(number), **more)
            producer.poll(0)
        assert not producer.flush(60)

    def read(self, topic: str, count: int, *, seconds: float = 60, quiet: float = 0) -> list[Any]:
        """At least so many messages of a topic, and all more that come until none has come for `quiet` seconds; fewer
        when there are no more after `seconds`.

        When several write at once, Tansu may show a batch after the one behind it; who has come by in between misses it
        (0.6, seen with two workers on a busy machine). So a gap is read again."""
        own = {"bootstrap.servers": self.address, "group.id": "reader", "fetch.wait.max.ms": 20}
        consumer = Consumer({**self.shown, **own})
        known = consumer.list_topics(topic, timeout=10).topics[topic]
        consumer.assign([TopicPartition(topic, partition, 0) for partition in known.partitions])
        found: list[Any] = []
        following = dict.fromkeys(known.partitions, 0)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            behind = set()
            for message in consumer.consume(1000, 0.1):
                if message.error():
                    continue
                partition, last = message.partition(), time.monotonic()
                if message.offset() == following[partition]:
                    found.append(message)
                    following[partition] += 1
                else:
                    behind.add(partition)
            for partition in behind:
                consumer.seek(TopicPartition(topic, partition, following[partition]))
            if len(found) >= count and time.monotonic() - last >= quiet:
                break
        consumer.close()
        return found


@contextlib.contextmanager
def started(tansu: Path, port: int, advertised: int | None = None, *more: str) -> Iterator[Broker]:
    """A broker with all of its log in memory; clients are told to come to the port that is advertised."""
    seen = advertised or port
    urls = [f"--listener-url=tcp://127.0.0.1:{port}", f"--advertised-listener-url=tcp://127.0.0.1:{seen}"]
    command = [str(tansu), "broker", *urls, "--storage-engine=memory://tansu/", *more]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.02)
            yield Broker(process, f"127.0.0.1:{seen}")
        finally:
            process.kill()


class Proxy:
    """Passes connections on to a port, cuts them, and refuses them for a while; with `tls` it speaks that with who comes."""

    def __init__(self, port: int, to: int, *, tls: ssl.SSLContext | None = None) -> None:
        self._to, self.open, self._tls = ("127.0.0.1", to), True, tls
        self._server = socket.create_server(("127.0.0.1", port))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Ends all connections that there are."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.open = False
        self.cut()

    def _accept(self) -> None:
        while True:
            client, _ = self._server.accept()
            try:
                pair = (client, socket.create_connection(self._to, 5)) if self.open else None
            except OSError:
                pair = None
            if pair is None:
                client.close()
                continue
            self._pairs.append(pair)
            threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, contextlib.suppress(OSError):
            if self._tls:
                client = self._tls.wrap_socket(client, server_side=True)
            while True:
                decrypted = isinstance(client, ssl.SSLSocket) and client.pending()
                for ready in [client] if decrypted else select.select([client, server], [], [])[0]:
                    if not (data := ready.recv(1 << 16)):
                        return
                    (server if ready is client else client).sendall(data)
