"""The emitted entry point: it keeps a server alive, that does not do so itself, while clients are connected to it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from servespec.artifacts import Bundle
from tests.patience import ended

_SERVER = """
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
while True:
    client = server.accept()[0]
    data = client.recv(100)
    print("asked", flush=True)
    client.recv(100)
    client.close()
"""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def entry(tmp_path: Path, bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]) -> Path:
    """The script, as it is emitted."""
    files = {"saved/1/saved_model.pb": "x"}
    made = bundles("model: {format: tensorflow, uri: ./saved}\nimage: {}\n", files=files)["tf-serving"]
    path = tmp_path / "entrypoint.sh"
    path.write_text(text(made, "entrypoint.sh"))
    return path


@contextmanager
def _running(entry: Path, *, seconds: int, port: int) -> Iterator[subprocess.Popen[str]]:
    argv = ["/bin/bash", entry, str(seconds), str(port), "1", sys.executable, "-c", _SERVER, str(port)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_an_idle_server_ends_at_once(entry: Path) -> None:
    """Without clients nothing is waited for, and an end that was asked for is no failure."""
    with _running(entry, seconds=30, port=_free_port()) as process:
        process.send_signal(signal.SIGTERM)
        assert ended(process, 5) == 0


def test_a_request_in_flight_is_waited_for(entry: Path) -> None:
    """While a client is connected the server lives on; when it has gone, the server ends."""
    port = _free_port()
    with _running(entry, seconds=30, port=port) as process:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"a request")
            assert process.stdout is not None
            assert process.stdout.readline() == "asked\n"
            process.send_signal(signal.SIGTERM)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.6)
        assert process.wait(10) == 0


def test_no_client_is_waited_for_longer_than_the_limit(entry: Path) -> None:
    """A client that never leaves does not keep the server from ending."""
    port = _free_port()
    with _running(entry, seconds=1, port=port) as process, socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"a request")
        assert process.stdout is not None
        assert process.stdout.readline() == "asked\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_server_that_fails_fails_the_container(entry: Path) -> None:
    """The exit code of a server that ends by itself is passed on."""
    done = subprocess.run(["/bin/bash", entry, "1", "1", "2", sys.executable, "-c", "raise SystemExit(7)"])
    assert done.returncode == 7
