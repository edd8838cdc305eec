"""Buckets of S3, and of what speaks like it, by the variables that every client of it reads.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html, and for who asks
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html (read 2026-11).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from collections.abc import Iterator
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from servespec.edge.web import Unanswered, get
from servespec.records import dataclass

_NOTHING = hashlib.sha256(b"").hexdigest()
_NAMES = "{http://s3.amazonaws.com/doc/2006-03-01/}"
_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Way:
    """How a storage is reached, where that is said: else by the environment's variables."""

    endpoint: str | None = None
    region: str | None = None
    anonymous: bool = False
    """Whether nothing is to be shown there."""


@dataclass(frozen=True)
class Bucket:
    """A bucket."""

    name: str
    way: Way = Way()

    def url(self, key: str) -> str:
        """The address of an object."""
        given = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        if endpoint := self.way.endpoint or given:
            return f"{endpoint.rstrip('/')}/{self.name}/{quote(key)}"
        return f"https://{self.name}.s3.{self._region}.amazonaws.com/{quote(key)}"

    @property
    def _region(self) -> str:
        given = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return self.way.region or given or "us-east-1"

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with a prefix, in their order."""
        more: str | None = ""
        while more is not None:
            root = self._page(prefix, more)
            yield from (key.text or "" for key in root.iter(f"{_NAMES}Key"))
            more = root.findtext(f"{_NAMES}NextContinuationToken")

    def _page(self, prefix: str, more: str) -> ElementTree.Element:
        asked = {"list-type": "2", "prefix": prefix, **({"continuation-token": more} if more else {})}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted(asked.items()))
        url = f"{self.url('')}?{query}"
        reply = get(url, self.signed(url))
        if reply.status != 200:
            raise Unanswered(f"the storage answers {reply.status} to the question for s3://{self.name}/{prefix}")
        try:
            return ElementTree.fromstring(reply.body)
        except ElementTree.ParseError:
            raise Unanswered(f"what answers for s3://{self.name} does not speak as S3 does") from None

    def signed(self, url: str) -> dict[str, str]:
        """The headers of a GET by which the storage knows who asks; none where the environment has no keys."""
        identity, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
        if self.way.anonymous or not identity or not secret:
            return {}
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        told = {"x-amz-content-sha256": _NOTHING, "x-amz-date": moment}
        if token := os.environ.get("AWS_SESSION_TOKEN"):
            told["x-amz-security-token"] = token
        scope = f"{moment[:8]}/{self._region}/s3/aws4_request"
        names, request = _canonical(url, told)
        text = "\n".join((_ALGORITHM, moment, scope, hashlib.sha256(request.encode()).hexdigest()))
        signature = _keyed(f"AWS4{secret}".encode(), *scope.split("/"), text).hex()
        allowed = f"{_ALGORITHM} Credential={identity}/{scope}, SignedHeaders={names}, Signature={signature}"
        return {**told, "Authorization": allowed}


def _canonical(url: str, told: dict[str, str]) -> tuple[str, str]:
    """The names of the headers that are signed, and the request in the one form that both sides sign."""
    parts = urlsplit(url)
    headers = {"host": parts.netloc, **told}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    return names, "\n".join(("GET", parts.path or "/", parts.query, lines, names, _NOTHING))


def _keyed(key: bytes, *steps: str) -> bytes:
    for step in steps:
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return key
