"""A NATS server with its log on disk, and what is read from and written to its streams."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import nats
from nats.js import JetStreamContext

STREAMS = {"PAYMENTS": "payments.>", "SCORES": "scores.>", "DEAD": "payments-dead"}


class Server:
    """A server that may be killed and started again: its log is kept."""

    def __init__(self, program: str, folder: Path, port: int) -> None:
        self._command = [program, "-js", "-sd", str(folder), "-a", "127.0.0.1", "-p", str(port)]
        self.address, self._port = f"127.0.0.1:{port}", port
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
                return
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.02)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def ask(self, what: Callable[[JetStreamContext], Awaitable[Any]]) -> Any:
        """What comes of something that is asked of the server."""

        async def asked() -> Any:
            client = await nats.connect(f"nats://{self.address}")
            try:
                return await what(client.jetstream(timeout=20))
            finally:
                await client.close()

        return asyncio.run(asked())

    def streams(self) -> None:
        """Those of a worker."""

        async def make(stream: JetStreamContext) -> None:
            for name, subject in STREAMS.items():
                await stream.add_stream(name=name, subjects=[subject])

        self.ask(make)

    def write(self, events: Iterable[object]) -> None:
        """Each event as JSON, or as it is where that is bytes, under a subject of three."""

        async def put(stream: JetStreamContext) -> None:
            answers = [
                await stream.publish_async(
                    f"payments.{number % 3}", event if isinstance(event, bytes) else json.dumps(event).encode()
                )
                for number, event in enumerate(events)
            ]
            await asyncio.gather(*answers)

        self.ask(put)

    def count(self, stream: str) -> int:
        async def told(context: JetStreamContext) -> int:
            return (await context.stream_info(stream)).state.messages

        return int(self.ask(told))

    def read(self, stream: str, count: int, *, seconds: float = 60) -> list[Any]:
        """All messages of a stream, once there are so many and no more have come for a second."""
        end, before = time.monotonic() + seconds, -1
        while time.monotonic() < end and not (before == (now := self.count(stream)) and now >= count):
            before = now
            time.sleep(1)

        async def take(context: JetStreamContext) -> list[Any]:
            subscription = await context.subscribe(STREAMS[stream], stream=stream, ordered_consumer=True)
            return [await subscription.next_msg(10) for _ in range(before)]

        taken: list[Any] = self.ask(take)
        return taken
