"""A model behind HTTPS: who vouches for the other side, who is shown what, and what leads elsewhere."""

from __future__ import annotations

import base64
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.fetch.conftest import Fetcher

pytestmark = pytest.mark.e2e

_PROGRAM = Path(__file__).parents[1] / "programs" / "certificate.py"
_MODEL = b"not really a model" * 1000
Make = Callable[..., Fetcher]


@dataclass
class Site:
    """A server with a certificate of its own, and what it was shown."""

    url: str
    certificate: str
    other: str = ""
    """The address of another one."""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    busy: int = 0
    """How many requests it turns away before it answers."""

    torn: int = 0
    """How many of its answers in chunks end early."""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append((handler.path, handler.headers.get("Authorization")))
        if self.busy:
            self.busy -= 1
            handler.send_error(503)
            return
        match handler.path:
            case "/m.onnx":
                handler.send_response(200)
                handler.send_header("Content-Length", str(len(_MODEL)))
                handler.end_headers()
                handler.wfile.write(_MODEL)
            case "/cut.onnx":
                handler.send_response(200)
                handler.send_header("Content-Length", str(len(_MODEL)))
                handler.end_headers()
                handler.wfile.write(_MODEL[:100])
            case "/torn.onnx":
                handler.send_response(200)
                handler.send_header("Transfer-Encoding", "chunked")
                handler.end_headers()
                self.torn -= 1
                whole = b"%x\r\n%b\r\n0\r\n\r\n" % (len(_MODEL), _MODEL)
                handler.wfile.write(whole[:100] if self.torn >= 0 else whole)
            case "/there.onnx" | "/plain.onnx" as path:
                handler.send_response(302)
                handler.send_header("Location", self.other if path == "/there.onnx" else "http://127.0.0.1:9/m.onnx")
                handler.end_headers()
            case _:
                handler.send_error(404)


def _site(folder: Path, name: str, python: Path) -> tuple[Site, ThreadingHTTPServer]:
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run([python, _PROGRAM, certificate, key, name], check=True)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    site = Site(f"https://127.0.0.1:{server.server_port}", certificate.read_text())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return site, server


@pytest.fixture
def sites(tmp_path: Path, fetch_python: Path) -> Iterator[tuple[Site, Site]]:
    """Two of them; one leads to the other."""
    (first, one), (second, two) = (_site(tmp_path, name, fetch_python) for name in ("first", "second"))
    first.other = f"{second.url}/m.onnx"
    yield first, second
    one.shutdown()
    two.shutdown()


def _made(fetcher: Make, site: Site, path: str, *, auth: str = "none", ca: str | None = None, **shell: str) -> Fetcher:
    connection = f'{{ name: s, type: https, endpoint: "{site.url}", auth: {auth}, tls: {{ ca: {{ secret: ca }} }} }}'
    model = f'{{ format: onnx, uri: "{site.url}{path}", credentials: {{ storage: s }} }}'
    return fetcher(model, f"[{connection}]", CA__CA_CRT=site.certificate if ca is None else ca, **shell)


def test_a_file(fetcher: Make, sites: tuple[Site, Site]) -> None:
    """It comes under its own name, from a server that the given certificate vouches for."""
    made = _made(fetcher, sites[0], "/m.onnx")
    made.run()
    assert made.files() == {"m.onnx": _MODEL}
    assert sites[0].asked == [("/m.onnx", None)]


def test_somebody_else(fetcher: Make, sites: tuple[Site, Site]) -> None:
    """A server that nobody vouches for is not asked for anything."""
    made = _made(fetcher, sites[0], "/m.onnx", ca=sites[1].certificate)
    assert "CERTIFICATE_VERIFY_FAILED" in made.run(code=5)
    assert (made.files(), sites[0].asked) == ({}, [])


@pytest.mark.parametrize(
    ("auth", "shell", "shown"),
    [
        ("{ secret: s }", {"S__TOKEN": "let-me-in"}, "Bearer let-me-in"),
        (
            "{ secret: s, keys: { username: u, password: p } }",
            {"S__U": "reader", "S__P": "päss:word"},
            f"Basic {base64.b64encode('reader:päss:word'.encode()).decode()}",
        ),
    ],
)
def test_who_asks(fetcher: Make, sites: tuple[Site, Site], auth: str, shell: dict[str, str], shown: str) -> None:
    """It is shown to the server that the connection names, and not to the one where that leads."""
    first, second = sites
    both = first.certificate + second.certificate
    made = _made(fetcher, first, "/there.onnx", auth=auth, ca=both, **shell)
    made.run()
    assert made.files() == {"there.onnx": _MODEL}
    assert first.asked == [("/there.onnx", shown)]
    assert second.asked == [("/m.onnx", None)]


def test_what_is_not_to_be_had(fetcher: Make, sites: tuple[Site, Site]) -> None:
    """What is not there, what leads into the clear, and what ends early is refused; a busy server is asked again."""
    site = sites[0]
    assert "404" in _made(fetcher, site, "/none.onnx").run(code=3)
    assert "not HTTPS" in _made(fetcher, site, "/plain.onnx").run(code=5)
    cut = _made(fetcher, site, "/cut.onnx")
    assert "100 of 18000 bytes came" in cut.run(code=5)
    assert cut.files() == {}
    site.busy = 1
    made = _made(fetcher, site, "/m.onnx")
    made.run()
    assert made.files() == {"m.onnx": _MODEL}


def test_a_chunk_that_is_cut_short(fetcher: Make, sites: tuple[Site, Site]) -> None:
    """A length that nobody says before is no reason not to try again, and to say in the end what is wrong."""
    site = sites[0]
    made = _made(fetcher, site, "/torn.onnx")
    site.torn = 1
    made.run()
    assert made.files() == {"torn.onnx": _MODEL}
    site.torn = 9
    assert "its answer ended early" in _made(fetcher, site, "/torn.onnx").run(code=5)
    assert len(site.asked) == 2 + 4
