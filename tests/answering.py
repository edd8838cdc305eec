"""A little server that answers as a test wants."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler, bytes], None]


@dataclass
class Asked:
    """One request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Fake:
    """The server: what it was asked, and what it says next."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    """Taken one after the other; the last one stays."""
    over: threading.Event = field(default_factory=threading.Event)
    """Set at the end of the test: who makes a client wait, waits for this."""

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def say(self, *replies: Reply | object, status: int = 200) -> None:
        """From now on it answers these: values as JSON, or whatever a function does."""
        self.replies[:] = [reply if callable(reply) else _json(reply, status) for reply in replies]


def _json(value: object, status: int) -> Reply:
    return lambda handler, _: send(handler, json.dumps(value).encode(), status=status)


def send(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, length: int | None = None) -> None:
    """An answer of these bytes."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def answering() -> Iterator[Fake]:
    """A server that lives as long as the block."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            here.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            reply = here.replies.pop(0) if len(here.replies) > 1 else here.replies[0]
            try:
                reply(self, body)
            except ConnectionError:
                self.close_connection = True

        do_GET = do_POST = _any

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        here = Fake(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield here
        finally:
            here.over.set()
            server.shutdown()
            thread.join()


def silent_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
