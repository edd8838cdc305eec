"""Stands in for a server's Python: run as the emitted entry point or health check would be, with their arguments.

What it does is said by the variable FAKE, which a spec sets in `runtime.env`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_KEY = "the-key"
_MODE = os.environ.get("FAKE", "")
_SCRATCH = Path(os.environ["TEMP"])
_ADDRESS = os.environ["TS_INFERENCE_ADDRESS"]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._send(200, {})

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if _MODE == "dies-when-asked":
            print("out of memory", flush=True)
            os._exit(3)
        if _MODE == "chatty":
            print("a line\n" * 20_000, flush=True)
        if _MODE != "open" and self.headers["Authorization"] != f"Bearer {_KEY}":
            self._send(400, {"error": "no key"})
        else:
            self._send(200, {"sums": [sum(row) for row in request["instances"]], "here": str(Path.cwd())})

    def _send(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def _serve() -> None:
    print(f"starting in {Path.cwd()} with {os.environ.get('GIVEN')}", flush=True)
    if _MODE == "dies":
        print("no such model", flush=True)
        sys.exit(7)
    if _MODE == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    (_SCRATCH / "key_file.json").write_text(json.dumps({"inference": {"key": _KEY}}))
    host, _, port = _ADDRESS.removeprefix("http://").partition(":")
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer((host, int(port)), _Handler).serve_forever()


def _health() -> None:
    if _MODE == "never-ready":
        print("not ready: workers []")
        sys.exit(1)
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(_ADDRESS, timeout=5).close()
    except OSError as error:
        print(f"not ready: {error}")
        sys.exit(1)
    print("ready")


if __name__ == "__main__":
    _health() if sys.argv[-1].endswith("healthcheck.py") else _serve()
