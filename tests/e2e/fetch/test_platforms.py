"""What a platform is told of a connection is what its own fetcher takes: rclone, as both Seldons run it, and KServe's
initialiser get the model from a real server with what stands in the contract of secrets."""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.fetch.conftest import Storage

pytestmark = pytest.mark.e2e

_SPEC = """\
apiVersion: servespec/v1
name: fetched
pattern: realtime
model:
  {{ format: sklearn, uri: "s3://models/{key}", framework: {{ name: scikit-learn, version: "1.5.2" }}, credentials: {{ storage: s }} }}
connections: [{{ name: s, type: s3, endpoint: "{url}", region: eu-central-1, auth: {auth} }}]
targets: {{ kserve: , seldon: {{ {options} }} }}
suppress: [{{ rule: commercial-licence, reason: only compiled here }}]
"""
_MODEL = b"not really a model"
_AUTHS = ["{ secret: store }", "{ secret: store, keys: { accessKeyId: user, secretAccessKey: pass } }", "none"]


@pytest.fixture
def folder(tmp_path: Path, storage: Storage) -> Path:
    """An empty project, and a model in the storage."""
    storage.put("platforms/model.joblib", _MODEL, **{"x-amz-acl": "public-read"})
    return tmp_path


@pytest.fixture(params=_AUTHS, ids=["usual", "named", "nobody"])
def auth(request: pytest.FixtureRequest) -> str:
    """How the connection is shown who asks."""
    return str(request.param)


def _manifest(project: Any, path: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(project.emitted(path).read_text())
    return found


def _secret(project: Any, target: str, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """The keys and annotations of a secret: one that was emitted, or one that a person makes as the contract says."""
    emitted = project.emitted(f"{target}/secret-s.yaml")
    if emitted.exists():
        data = yaml.safe_load(emitted.read_text())
        assert data["metadata"]["name"] == name
        return data["stringData"], data["metadata"].get("annotations", {})
    listed = json.loads(project.emitted(f"{target}/needs/secrets.json").read_text())["secrets"]
    (secret,) = (item for item in listed if item["name"] == name)
    known = {name: re.sub(r"<[^<>]*>", "test", text) for name, text in secret.get("values", {}).items()}
    keys = {key: known.get(key, "test") for key in secret["keys"]}
    return keys, {name: text for name, text in known.items() if name not in keys}


def _rclone(environment: Callable[[str], Path], folder: Path, env: Mapping[str, str], *flags: str) -> bytes:
    program = environment("storages").with_name("rclone")
    kept = {"PATH": os.environ["PATH"], "HOME": str(folder), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    # As its initialiser writes an address: the scheme is the remote.
    command = [program, "copy", "s3:models/platforms", str(folder / "out"), *flags]
    ran = subprocess.run(command, env={**kept, **env}, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return (folder / "out" / "model.joblib").read_bytes()


def test_seldon(
    folder: Path, storage: Storage, build: Callable[[Path], Any], environment: Callable[[str], Path], auth: str
) -> None:
    """Version 1 gives rclone the secret's keys as variables."""
    spec = _SPEC.format(url=storage.url, key="platforms/model.joblib", auth=auth, options="namespace: ml")
    (folder / "serving.yaml").write_text(spec)
    project = build(folder)
    (predictor,) = _manifest(project, "seldon/seldon-deployment.yaml")["spec"]["predictors"]
    keys, _ = _secret(project, "seldon", predictor["graph"]["envSecretRefName"])
    assert _rclone(environment, folder, keys, "--config=") == _MODEL


def test_seldon_2(
    folder: Path, storage: Storage, build: Callable[[Path], Any], environment: Callable[[str], Path], auth: str
) -> None:
    """Version 2 makes a remote of the one key of the secret."""
    options = "namespace: ml, apiVersion: mlops.seldon.io/v1alpha1"
    spec = _SPEC.format(url=storage.url, key="platforms", auth=auth, options=options)
    (folder / "serving.yaml").write_text(spec)
    project = build(folder)
    keys, _ = _secret(project, "seldon", _manifest(project, "seldon/model.yaml")["spec"]["secretName"])
    (text,) = keys.values()
    remote = json.loads(text)
    config = configparser.ConfigParser()
    config[remote["name"]] = {"type": remote["type"], **remote["parameters"]}
    with (folder / "rclone.conf").open("w") as file:
        config.write(file)
    assert _rclone(environment, folder, {}, f"--config={folder / 'rclone.conf'}") == _MODEL


def test_kserve(
    folder: Path, storage: Storage, build: Callable[[Path], Any], environment: Callable[[str], Path], auth: str
) -> None:
    """KServe makes variables of the keys that it knows, and of annotations (pkg/credentials/s3/s3_secret.go)."""
    spec = _SPEC.format(url=storage.url, key="platforms/model.joblib", auth=auth, options="namespace: ml")
    (folder / "serving.yaml").write_text(spec)
    project = build(folder)
    service = _manifest(project, "kserve/inference-service.yaml")
    named = service["metadata"]["annotations"]["serving.kserve.io/storageSecretName"]
    keys, notes = _secret(project, "kserve", named)
    place, https = (notes[f"serving.kserve.io/s3-{name}"] for name in ("endpoint", "usehttps"))
    env = {
        **{name: keys[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")},
        **{name: keys[name] for name in ("awsAnonymousCredential",) if name in keys},
        "S3_ENDPOINT": place,
        "S3_USE_HTTPS": https,
        "AWS_ENDPOINT_URL": f"{'https' if https == '1' else 'http'}://{place}",
        "AWS_DEFAULT_REGION": notes["serving.kserve.io/s3-region"],
    }
    program = "import sys; from kserve_storage import Storage; Storage.download(sys.argv[1], sys.argv[2])"
    uri = service["spec"]["predictor"]["model"]["storageUri"]
    command = [environment("storages"), "-c", program, uri, str(folder / "out")]
    kept = {"PATH": os.environ["PATH"], "HOME": str(folder), "NO_PROXY": "127.0.0.1"}
    ran = subprocess.run(command, env={**kept, **env}, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert (folder / "out" / "model.joblib").read_bytes() == _MODEL
