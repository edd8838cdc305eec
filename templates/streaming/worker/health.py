"""What is asked over HTTP: /started, /live, /ready and /metrics."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scorer.failure import Failure
from worker.failure import USAGE

_PLAIN = "text/plain; charset=utf-8"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"


def serve(host, port, *, pulse, metrics):
    """Answers from now on, in a thread of its own."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self):  # noqa: N802 - the name is the library's
            match self.path.partition("?")[0]:
                case "/started":
                    self._answer(*((200, "it has begun") if pulse.started else (503, pulse.waits)))
                case "/live":
                    self._answer(*((200, "it moves") if pulse.live else (503, "the loop does not move")))
                case "/ready":
                    self._answer(*((503, pulse.waits) if pulse.waits else (200, "ready")))
                case "/metrics":
                    metrics.ready.put({(): int(not pulse.waits)})
                    self._answer(200, metrics.text(), _METRICS)
                case _:
                    self._answer(404, "there are /started, /live, /ready and /metrics")

        do_HEAD = do_GET  # noqa: N815

        def _answer(self, status, text, type=_PLAIN):
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    try:
        server = ThreadingHTTPServer((host, port), Handler)
    except (OSError, OverflowError) as error:  # it is another program's, not for this user, or no port at all
        told = f"health and metrics can't be at {host}:{port}: {error}; --port takes another, or 0 for none"
        raise Failure(USAGE, told) from None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server
