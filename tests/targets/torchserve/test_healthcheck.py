"""The emitted health check, asking a server that says what the test wants."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from servespec.artifacts import Bundle


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append((self.path, self.headers["Authorization"]))
        status, body = server.says
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def management() -> Iterator[Any]:
    """A stand-in for the management API."""
    server: Any = HTTPServer(("127.0.0.1", 0), _Answer)
    server.asked, server.says = [], (200, [])
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def check(
    tmp_path: Path, bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str], management: Any
) -> Callable[..., tuple[int, str]]:
    """Runs the health check of a spec: exit code and words."""

    def run(spec: str = "", *, port: int | None = None) -> tuple[int, str]:
        program = tmp_path / "healthcheck.py"
        program.write_text(text(bundles(spec)["torchserve"], "healthcheck.py"))
        environment = {
            **os.environ,
            "TEMP": str(tmp_path),
            "TS_MANAGEMENT_ADDRESS": f"http://127.0.0.1:{port or management.server_port}",
            "http_proxy": "http://127.0.0.1:9",
        }
        done = subprocess.run([sys.executable, "-I", program], env=environment, capture_output=True, text=True)
        assert not done.stderr
        return done.returncode, done.stdout.strip()

    return run


@pytest.fixture
def keys(tmp_path: Path) -> None:
    """The file of keys, as the server writes it."""
    (tmp_path / "key_file.json").write_text(json.dumps({"management": {"key": "mk"}, "inference": {"key": "ik"}}))


def _workers(*states: str) -> list[Any]:
    return [{"workers": [{"status": state} for state in states]}]


@pytest.mark.parametrize(
    ("says", "code", "words"),
    [
        ((200, _workers("READY")), 0, "ready"),
        ((200, _workers("READY", "READY")), 0, "ready"),
        ((200, _workers("READY", "UNLOADED")), 1, "not ready: workers ['READY', 'UNLOADED']"),
        ((200, _workers()), 1, "not ready: workers []"),
        ((200, []), 1, "not ready: workers []"),
        ((404, {}), 1, "not ready: HTTPError"),
        ((200, {"unheard": "of"}), 1, "not ready: TypeError"),
    ],
)
@pytest.mark.usefixtures("keys")
def test_ready_is_every_worker_ready(
    check: Callable[..., tuple[int, str]], management: Any, says: tuple[int, Any], code: int, words: str
) -> None:
    """Only when there are workers and all are READY is the exit code 0; otherwise a reason is given."""
    management.says = says
    found, said = check()
    assert (found, said.startswith(words)) == (code, True)
    assert management.asked == [("/models/fraud-detector", "Bearer mk")]


def test_without_keys_it_is_not_ready(check: Callable[..., tuple[int, str]]) -> None:
    """Before the server has written its keys nothing is asked, and the exit code is 1."""
    code, words = check()
    assert (code, "key_file.json" in words) == (1, True)


@pytest.mark.usefixtures("keys")
def test_nobody_there(check: Callable[..., tuple[int, str]]) -> None:
    """A server that does not listen yet is not ready, and no traceback is shown."""
    code, words = check(port=9)
    assert (code, words.startswith("not ready: URLError")) == (1, True)


def test_without_authorization_no_key_is_needed(check: Callable[..., tuple[int, str]], management: Any) -> None:
    """Where the spec turns tokens off, the question bears none."""
    management.says = (200, _workers("READY"))
    assert check("security: { authorization: none, reason: behind a gateway }\n") == (0, "ready")
    assert management.asked == [("/models/fraud-detector", None)]
