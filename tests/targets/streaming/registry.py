"""A stand-in for a schema registry: what of Confluent's a worker asks for, with schemas that a test gives it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Registry(BaseHTTPRequestHandler):
    """Schemas by their numbers, and what it was asked."""

    url: str
    schemas: dict[int, Any]
    asked: list[str]
    status = 200

    def do_GET(self) -> None:
        self.asked.append(f"{self.path} {self.headers.get('Authorization')}")
        schema = self.schemas.get(int(self.path.rpartition("/")[2]))
        text = schema if isinstance(schema, str) else json.dumps(schema)
        self._answer({"schema": text} if schema else {}, self.status if schema else 404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(self.path)
        if self.status != 200:
            self._answer({}, self.status)
            return
        number = max(self.schemas) + 1
        self.schemas[number] = json.loads(body["schema"])
        self._answer({"id": number}, 200)

    def _answer(self, value: object, status: int) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(schemas: Mapping[int, Any]) -> Iterator[type[Registry]]:
    """A registry that knows these schemas by their numbers; a text is one of another language than Avro."""
    made: type[Registry] = type("Known", (Registry,), {"schemas": dict(schemas), "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
