"""Asking servers out in the world: through the machine's proxies, after redirects, and with bytes of any number.

`edge.http` asks a server on this machine; this is for registries and storages. What proves who asks goes to no host but
the one that it is for.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from typing import Any
from urllib.parse import urlencode, urlsplit

from servespec.records import dataclass

_TIMEOUT = 30.0  # of each wait, not of a whole download
_CHUNK = 1 << 20
_MOST = 16 << 20
_AGENT = "servespec"


class Unanswered(Exception):
    """There is no answer that can be used; the message is a sentence without its end."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file somewhere else, of which the bytes were read once."""

    digest: str
    """`sha256:` and the digits."""
    size: int


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes

    def json(self) -> Any:
        """Its body as JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Unanswered("what answers does not speak JSON") from None


def get(url: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Reply:
    """The answer to a request without a body."""
    return _read(url, _open(url, headers or {}, method))


def _read(url: str, opened: Any) -> Reply:
    with closing(opened) as answer:
        body = answer.read(_MOST + 1)
        if len(body) > _MOST:
            raise Unanswered(f"{_place(url)} sends more than {_MOST >> 20} MiB")
        return Reply(answer.status, {name.lower(): value for name, value in answer.headers.items()}, body)


def post(url: str, form: Mapping[str, str]) -> Reply:
    """The answer to a form."""
    return _read(url, _open(url, {}, "POST", form))


def hashed(url: str, headers: Mapping[str, str] | None = None) -> Stored:
    """What is at an address, read to its end; no more than a piece of it is ever held."""
    with closing(_open(url, headers or {}, "GET")) as answer:
        if answer.status != 200:
            raise Unanswered(f"{_place(url)} answers {answer.status}")
        digest, size = hashlib.sha256(), 0
        try:
            while chunk := answer.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        except (OSError, http.client.HTTPException) as failure:
            raise Unanswered(f"{_place(url)} stopped in the middle: {_reason(failure)}") from None
        if answer.length:
            raise Unanswered(f"{_place(url)} stopped in the middle")
        return Stored(f"sha256:{digest.hexdigest()}", size)


def _open(url: str, headers: Mapping[str, str], method: str, form: Mapping[str, str] | None = None) -> Any:
    data = urlencode(form).encode() if form else None
    request = urllib.request.Request(url, data, method=method, headers={"User-Agent": _AGENT})
    for name, value in headers.items():
        request.add_unredirected_header(name, value)
    try:
        return _OPENER.open(request, timeout=_TIMEOUT)
    except urllib.error.HTTPError as answer:
        return answer
    except (http.client.InvalidURL, ValueError):
        # Their words repeat the address, with a password that may be in it.
        raise Unanswered(f"{_place(url)} is no address that can be asked") from None
    except (OSError, http.client.HTTPException) as failure:
        raise Unanswered(f"{_place(url)} does not answer: {_reason(failure)}") from None


def _opener() -> urllib.request.OpenerDirector:
    """One that opens what is on a network, and no file."""
    opener = urllib.request.OpenerDirector()
    for kind in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.UnknownHandler,
    ):
        opener.add_handler(kind())
    return opener


_OPENER = _opener()


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _reason(failure: Exception) -> str:
    inner = getattr(failure, "reason", failure)
    return str(getattr(inner, "strerror", None) or inner or type(inner).__name__)
