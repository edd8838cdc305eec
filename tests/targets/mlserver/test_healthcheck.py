"""The emitted health check, asking a server that says what the test wants."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append(self.path)
        self.send_response(server.says)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    """A stand-in for MLServer."""
    server: Any = HTTPServer(("127.0.0.1", 0), _Answer)
    server.asked, server.says = [], 200
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("says", "code", "words"), [(200, 0, "ready"), (400, 1, "HTTP Error 400"), (404, 1, "404")])
def test_what_the_server_says(
    tmp_path: Path, emitted: Callable[..., Any], server: Any, says: int, code: int, words: str
) -> None:
    """The model itself is asked for, by its name, and no proxy; the exit code is 0 only when it is ready."""
    server.says = says
    made = emitted("model: { format: sklearn, uri: ./m.joblib, name: fraud_2 }\n")
    program = tmp_path / "healthcheck.py"
    program.write_text(made.text("healthcheck.py"))
    environment = {**os.environ, "MLSERVER_HTTP_PORT": str(server.server_port), "http_proxy": "http://127.0.0.1:9"}
    done = subprocess.run([sys.executable, "-I", program], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, "")
    assert words in done.stdout
    assert server.asked == ["/v2/models/fraud_2/ready"]
