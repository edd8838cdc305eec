"""Asking over HTTP: one connection for each request, no proxy, no redirect, and an end to every wait."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from servespec.records import dataclass

_CHUNK = 1 << 16
_MOST = 64 << 20  # bytes of an answer; more than any server here sends


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how many seconds it took from the first byte sent to the last one read."""

    status: int
    body: bytes
    seconds: float


class NoAnswer(Exception):
    """Nothing that can be called an answer came back; the message says why."""


class Absent(NoAnswer):
    """Nobody could be reached."""


class TooLate(NoAnswer):
    """It was not complete in time."""


def ask(url: str, *, timeout: float, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """The answer to a GET, or to a POST of `body`. Raises `NoAnswer`."""
    parts = urlsplit(url)
    start = time.monotonic()
    connection = _connection(parts, timeout)
    try:
        _connect(connection, parts)
        connection.request("GET" if body is None else "POST", parts.path or "/", body, dict(headers or {}))
        response = connection.getresponse()
        data = _read(connection, response, start + timeout)
        return Answer(response.status, data, time.monotonic() - start)
    except TimeoutError:
        raise TooLate(f"no answer within {timeout:g} s") from None
    except (http.client.RemoteDisconnected, ConnectionError):
        raise NoAnswer("the connection was closed without an answer") from None
    except http.client.HTTPException as error:
        raise NoAnswer(f"what answers does not speak HTTP: {type(error).__name__}") from None
    except OSError as error:
        raise NoAnswer(f"{error.strerror or error}") from None
    finally:
        connection.close()


def _connection(parts: SplitResult, timeout: float) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=timeout)


def _connect(connection: http.client.HTTPConnection, parts: SplitResult) -> None:
    try:
        connection.connect()
    except TimeoutError:
        raise
    except ssl.SSLError as error:
        raise NoAnswer(f"no TLS with {parts.netloc}: {error.reason or error}") from None
    except OSError as error:
        raise Absent(f"nothing answers at {parts.netloc}: {error.strerror or error}") from None


def _read(connection: http.client.HTTPConnection, response: http.client.HTTPResponse, end: float) -> bytes:
    """The body. A server that sends a byte now and then does not get more time than one that sends none."""
    data = bytearray()
    while chunk := response.read1(_CHUNK):
        data += chunk
        if len(data) > _MOST:
            raise NoAnswer(f"an answer of more than {_MOST >> 20} MiB")
        if (left := end - time.monotonic()) <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
    if response.length:
        raise NoAnswer("the answer was cut off")
    return bytes(data)
