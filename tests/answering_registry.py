"""Stands in for registries of images and of models: what they answer is a table, and what they were asked is kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True)
class Said:
    """One answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: object, status: int = 200) -> Said:
        """An answer in JSON."""
        return cls(status, json.dumps(value).encode())


@dataclass
class Answering:
    """A server on loopback: `says` maps a path with its query, decoded, to the answer, and to a form that with a blank
    and the form; each may be guarded by what the request must bear as its `Authorization`."""

    port: int
    says: dict[str, Said] = field(default_factory=dict)
    guards: dict[str, tuple[str, Said]] = field(default_factory=dict)
    """By path: the header that is let in, and what all others are told."""
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path, and `Authorization` of each request."""

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    def answer(self, path: str, allowed: str) -> Said:
        """What it says to a request."""
        wanted, refusal = self.guards.get(path, (allowed, Said()))
        return self.says.get(path, Said(404, b"{}")) if allowed == wanted else refusal


@contextmanager
def answering() -> Iterator[Answering]:
    """Such a server, as long as it is used."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.state = Answering(server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.state  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        state: Any = self.server.state  # type: ignore[attr-defined]
        form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        path, allowed = unquote(f"{self.path} {form}".rstrip()), self.headers.get("Authorization", "")
        state.asked.append((self.command, path, allowed))
        said: Said = state.answer(path, allowed)
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in said.headers:
            self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said.body)

    do_HEAD = do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass
