"""The clouds' own names on loopback: a proxy that leads to servers of this machine, and a stand-in for those who give
tokens at Google and at Microsoft."""

from __future__ import annotations

import select
import socket
import socketserver
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ACCOUNT = "risk"
"""That of Azure."""
GOOGLE, AZURE = "storage.googleapis.com", f"{ACCOUNT}.blob.core.windows.net"
LOGINS = ("oauth2.googleapis.com", "login.microsoftonline.com")
NAMES = (GOOGLE, AZURE, *LOGINS)
PRINCIPAL = {"tenantId": "6a4f3c1e-0000-4000-8000-000000000000", "clientId": "models", "clientSecret": "let-me-in"}
"""Who is known at Microsoft."""
_PROGRAM = Path(__file__).parents[1] / "programs" / "cloud_tokens.py"


@dataclass(frozen=True)
class Tokens:
    """The stand-in, and who is known to it."""

    port: int
    account: str
    """A service account of Google, as JSON."""
    other: str
    """One that says to be the same, with another key."""


@contextmanager
def tokens(python: Path, folder: Path, certificate: Path) -> Iterator[Tokens]:
    """Who gives tokens."""
    command = [python, _PROGRAM, folder, certificate, PRINCIPAL["clientSecret"]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            yield Tokens(port, (folder / "account.json").read_text(), (folder / "other.json").read_text())
        finally:
            server.terminate()


@contextmanager
def leading(ports: Mapping[str, int]) -> Iterator[str]:
    """The address of a proxy that knows these names, and no others."""

    class Tunnel(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _, place, _ = self.rfile.readline().decode().split(" ", 2)
            while self.rfile.readline().strip():
                pass
            port = ports.get(place.removesuffix(":443"))
            if port is None:
                self.wfile.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", port)) as there:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                _carry(self.connection, there)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Tunnel) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def _carry(one: socket.socket, other: socket.socket) -> None:
    """Whatever either says, to the other, until one has said all."""
    ways = {one: other, other: one}
    while True:
        for side in select.select(list(ways), [], [], 60)[0]:
            if not (data := side.recv(65536)):
                return
            ways[side].sendall(data)
