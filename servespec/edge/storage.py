"""Files in a storage: what an address of one holds, read from the first byte to the last for its SHA-256."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import urlsplit

from servespec.edge.s3 import Bucket, Way
from servespec.edge.web import Stored, Unanswered, get, hashed

SCHEMES = ("https", "http", "s3")
"""The schemes of addresses whose files can be read here."""
_USUAL = Way()


def files_at(address: str, way: Way = _USUAL) -> dict[str, Stored]:
    """The files at an address by their paths below it; one that is a file itself by its own name."""
    parts = urlsplit(address)
    if parts.scheme == "s3":
        return dict(_listed(Bucket(parts.netloc, way), parts.path.strip("/")))
    if parts.scheme in SCHEMES:
        return {posixpath.basename(parts.path): hashed(address)}
    raise Unanswered(f"{parts.scheme}:// can't be read here; a single file is locked by its `model.digest`")


def read_at(folder: str, path: str, way: Way = _USUAL) -> bytes:
    """A small file in a folder of S3."""
    parts = urlsplit(folder)
    bucket = Bucket(parts.netloc, way)
    url = bucket.url(posixpath.join(parts.path.strip("/"), path))
    reply = get(url, bucket.signed(url))
    if reply.status != 200:
        raise Unanswered(f"{folder} answers {reply.status} to the question for {path}")
    return reply.body


def _listed(bucket: Bucket, key: str) -> Iterator[tuple[str, Stored]]:
    found = [name for name in bucket.keys(key) if name == key or name.startswith(f"{key}/" if key else "")]
    if not found:
        raise Unanswered(f"s3://{bucket.name}/{key} holds nothing")
    for name in found:
        url = bucket.url(name)
        path = posixpath.basename(name) if name == key else name.removeprefix(f"{key}/")
        if not name.endswith("/"):  # what consoles make of a folder
            yield path, hashed(url, bucket.signed(url))
