"""A lock of a model in S3, against a server that checks signatures as S3 does."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.e2e

_SPEC = """\
apiVersion: servespec/v1
name: fraud-detector
pattern: realtime
model: { format: tensorflow, uri: "s3://models/fraud" }
targets: { kserve: }
"""
# Names that want quoting, and an object without bytes.
_FILES = {"1/saved_model.pb": b"graph", "1/variables/a b+c.data": b"odd", "1/assets/ü": b""}
# Of the first requests, which set everything up, nobody asks who makes them.
_SETUP = """
import json, sys
import boto3
port, files = int(sys.argv[1]), json.load(sys.stdin)
at = {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": "us-east-1",
      "aws_access_key_id": "any", "aws_secret_access_key": "any"}
s3, iam = boto3.client("s3", **at), boto3.client("iam", **at)
s3.create_bucket(Bucket="models")
for name, text in files.items():
    s3.put_object(Bucket="models", Key=f"fraud/{name}", Body=text.encode())
s3.put_object(Bucket="models", Key="fraud-other/1/saved_model.pb", Body=b"another model")
iam.create_user(UserName="reader")
allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=json.dumps(allow))
key = iam.create_access_key(UserName="reader")["AccessKey"]
print(json.dumps([key["AccessKeyId"], key["SecretAccessKey"]]))
"""


@dataclass(frozen=True)
class Storage:
    """A storage with a bucket, for those who have the keys."""

    environment: Mapping[str, str]

    def servespec(self, folder: Path, *words: str, **other: str) -> subprocess.CompletedProcess[str]:
        """One call of the command line."""
        env = {**os.environ, **self.environment, **other}
        command = [sys.executable, "-m", "servespec", *words]
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture
def storage(environment: Callable[[str], Path], free_ports: Callable[[int], list[int]]) -> Iterator[Storage]:
    """A server that speaks S3 and lets nobody in without a signature of the right key."""
    python, (port,) = environment("batch"), free_ports(1)
    command = [str(python.with_name("moto_server")), "-H", "127.0.0.1", "-p", str(port)]
    guarded = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(len(_FILES) + 5)}
    with subprocess.Popen(command, env=guarded, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            files = json.dumps({name: data.decode() for name, data in _FILES.items()})
            made = subprocess.run([python, "-c", _SETUP, str(port)], input=files, capture_output=True, text=True)
            assert made.returncode == 0, made.stderr
            identity, secret = json.loads(made.stdout)
            yield Storage(
                {
                    "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                    "AWS_REGION": "us-east-1",
                    "AWS_ACCESS_KEY_ID": identity,
                    "AWS_SECRET_ACCESS_KEY": secret,
                }
            )
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the storage does not answer")


def test_a_model_in_s3(storage: Storage, tmp_path: Path) -> None:
    """Every object below the address is locked by the digest of its bytes, and none of a neighbour whose name begins
    alike; who shows another key is told so, and nothing is written."""
    (tmp_path / "serving.yaml").write_text(_SPEC)
    images = tmp_path / "images.yaml"
    images.write_text(f'"docker.io/tensorflow/serving:2.20.0": "sha256:{"0" * 64}"\n')
    refused = storage.servespec(tmp_path, "lock", f"--images={images}", AWS_SECRET_ACCESS_KEY="another")
    assert refused.returncode == 5
    assert "answers 403" in refused.stderr
    assert not (tmp_path / "serving.lock").exists()
    done = storage.servespec(tmp_path, "lock", f"--images={images}")
    assert done.returncode == 0, done.stderr
    (locked,) = yaml.safe_load((tmp_path / "serving.lock").read_text())["models"].values()
    assert {name: item["digest"] for name, item in locked["files"].items()} == {
        name: f"sha256:{hashlib.sha256(data).hexdigest()}" for name, data in _FILES.items()
    }
    assert storage.servespec(tmp_path, "validate", "--locked").returncode == 0
