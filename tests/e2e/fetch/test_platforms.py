"""What a platform is told of a connection is what its own fetcher takes: rclone, as both Seldons run it, and KServe's
initialiser get the model from a real server with what stands in the contract of secrets. KServe knows no address of
Google and Azure but their own, which lead here to the servers of this machine."""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from tests.e2e.fetch import clouds
from tests.e2e.fetch.conftest import compiled
from tests.e2e.fetch.storages import Storage

pytestmark = pytest.mark.e2e

_SPEC = """\
apiVersion: servespec/v1
name: fetched
pattern: realtime
model:
  {{ format: sklearn, uri: "{uri}", framework: {{ name: scikit-learn, version: "1.5.2" }}, credentials: {{ storage: s }} }}
connections: {connections}
targets: {targets}
suppress: [{{ rule: commercial-licence, reason: only compiled here }}]
"""
_MODEL = b"not really a model"
_NAMED = "{ secret: store, keys: { accessKeyId: user, secretAccessKey: pass } }"
_CASES = [
    *((kind, *case) for kind in ("s3", "gs", "azure") for case in (("models", "{ secret: store }"), ("open", "none"))),
    ("s3", "models", _NAMED),
]
"""Storage, bucket, and how the connection is shown who asks."""
_each = pytest.mark.parametrize(("storage", "bucket", "auth"), _CASES, indirect=["storage"])
Emitted = Mapping[str, str]


def _built(folder: Path, storage: Storage, *, uri: str, connection: str, targets: str) -> Emitted:
    """What is made of a spec, once its model is in the storage."""
    path = uri.partition("://")[2]
    storage.put(path if path.endswith(".joblib") else f"{path}/model.joblib", _MODEL)
    return compiled(folder, _SPEC.format(uri=uri, connections=connection, targets=targets))


def _secret(emitted: Emitted, target: str, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """The keys and annotations of a secret: one that was emitted, or one that a person makes as the contract says, who
    has still to put in what stands in `<…>`."""
    if made := emitted.get(f"{target}/secret-s.yaml"):
        data = yaml.safe_load(made)
        assert data["metadata"]["name"] == name
        return data["stringData"], data["metadata"].get("annotations", {})
    listed = json.loads(emitted[f"{target}/needs/secrets.json"])["secrets"]
    (secret,) = (item for item in listed if item["name"] == name)
    known = secret.get("values", {})
    keys = {key: known.get(key, f"<{key} of {name}>") for key in secret["keys"]}
    return keys, {name: text for name, text in known.items() if name not in keys}


def _put_in(text: str, secret: Mapping[str, str]) -> str:
    """A text with what a secret has in the place of what stands for it."""
    return re.sub(r"<([^<>]*) of store>", lambda found: secret.get(found[1], "test"), text)


@pytest.fixture
def led(storage: Storage, certificate: Path) -> Iterator[dict[str, str]]:
    """The variables by which the names of the clouds lead to the storage, which they vouch for."""
    port, ca = urlsplit(storage.url).port, str(certificate)
    assert port is not None
    with clouds.leading(dict.fromkeys((clouds.GOOGLE, clouds.AZURE), port)) as proxy:
        trusted = {"SSL_CERT_FILE": ca, "REQUESTS_CA_BUNDLE": ca}
        yield {"PATH": os.environ["PATH"], "HTTPS_PROXY": proxy, "NO_PROXY": "127.0.0.1", **trusted}


def _rclone(rclone: Path, folder: Path, env: Mapping[str, str], place: str, *, config: Path | None = None) -> bytes:
    """The model after it was copied as an initialiser does it, to which the scheme is the remote."""
    command = [rclone, "copy", place, str(folder / "out"), f"--config={config or ''}"]
    ran = subprocess.run(command, env={"HOME": str(folder), **env}, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return (folder / "out" / "model.joblib").read_bytes()


@pytest.fixture
def rclone(environment: Callable[[str], Path]) -> Path:
    """The program."""
    return environment("storages").with_name("rclone")


@_each
def test_seldon(tmp_path: Path, storage: Storage, rclone: Path, led: dict[str, str], bucket: str, auth: str) -> None:
    """Version 1 gives rclone the secret's keys as variables."""
    uri = f"{storage.scheme}://{bucket}/first/model.joblib"
    targets = "{ seldon: { namespace: ml } }"
    emitted = _built(tmp_path, storage, uri=uri, connection=storage.connection(auth), targets=targets)
    (predictor,) = yaml.safe_load(emitted["seldon/seldon-deployment.yaml"])["spec"]["predictors"]
    keys, _ = _secret(emitted, "seldon", predictor["graph"]["envSecretRefName"])
    env = {name: _put_in(text, storage.secret) for name, text in keys.items()}
    place = f"{storage.scheme}:{bucket}/first"
    assert _rclone(rclone, tmp_path, {**led, **env}, place) == _MODEL


@_each
def test_seldon_2(tmp_path: Path, storage: Storage, rclone: Path, led: dict[str, str], bucket: str, auth: str) -> None:
    """Version 2 makes a remote of the one key of the secret."""
    uri = f"{storage.scheme}://{bucket}/second"
    targets = "{ seldon: { namespace: ml, apiVersion: mlops.seldon.io/v1alpha1 } }"
    emitted = _built(tmp_path, storage, uri=uri, connection=storage.connection(auth), targets=targets)
    keys, _ = _secret(emitted, "seldon", yaml.safe_load(emitted["seldon/model.yaml"])["spec"]["secretName"])
    (text,) = keys.values()
    remote = json.loads(text)
    options = {name: _put_in(said, storage.secret) for name, said in remote["parameters"].items()}
    config = configparser.RawConfigParser()
    config[remote["name"]] = {"type": remote["type"], **options}
    path = tmp_path / "rclone.conf"
    with path.open("w") as file:
        config.write(file)
    assert _rclone(rclone, tmp_path, led, f"{storage.scheme}:{bucket}/second", config=path) == _MODEL


def _told(storage: Storage, keys: Mapping[str, str], notes: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The variables that KServe makes of the keys that it knows, and of annotations: pkg/credentials of v0.20.0."""
    if storage.kind == "s3":
        place, https = (notes[f"serving.kserve.io/s3-{name}"] for name in ("endpoint", "usehttps"))
        shown = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "awsAnonymousCredential")
        return {
            **{name: keys[name] for name in shown if name in keys},
            "S3_ENDPOINT": place,
            "S3_USE_HTTPS": https,
            "AWS_ENDPOINT_URL": f"{'https' if https == '1' else 'http'}://{place}",
            "AWS_DEFAULT_REGION": notes["serving.kserve.io/s3-region"],
        }
    if storage.kind == "azure":
        return dict(keys)
    for name, text in keys.items():  # a volume of the secret
        (folder / name).write_text(text)
        return {"GOOGLE_APPLICATION_CREDENTIALS": str(folder / name)}
    return {}


@_each
def test_kserve(
    tmp_path: Path,
    storage: Storage,
    environment: Callable[[str], Path],
    led: dict[str, str],
    bucket: str,
    auth: str,
) -> None:
    """KServe's own initialiser gets it with what its controller makes of the secret, and of the address."""
    uri, connection = f"{storage.scheme}://{bucket}/third/model.joblib", storage.connection(auth)
    if storage.kind != "s3":
        connection = f"[{{ name: s, type: {storage.kind}, auth: {auth}{storage.more} }}]"
    targets = "{ kserve: { namespace: ml } }"
    emitted = _built(tmp_path, storage, uri=uri, connection=connection, targets=targets)
    service = yaml.safe_load(emitted["kserve/inference-service.yaml"])
    named = service["metadata"].get("annotations", {}).get("serving.kserve.io/storageSecretName")
    keys, notes = _secret(emitted, "kserve", named) if named else ({}, {})
    env = _told(storage, {key: _put_in(text, storage.secret) for key, text in keys.items()}, notes, tmp_path)
    program = "import sys; from kserve_storage import Storage; Storage.download(sys.argv[1], sys.argv[2])"
    address = service["spec"]["predictor"]["model"]["storageUri"]
    command = [environment("storages"), "-c", program, address, str(tmp_path / "out")]
    here = {"HOME": str(tmp_path), "NO_GCE_CHECK": "true"}
    ran = subprocess.run(command, env={**here, **led, **env}, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out" / "model.joblib").read_bytes() == _MODEL
