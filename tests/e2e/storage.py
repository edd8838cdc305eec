"""A server that speaks S3, with a bucket, and what a program does with it that the bucket's own clients run."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READ = """
import json, sys
import pyarrow.parquet as pq
from pyarrow import fs
system, top = fs.FileSystem.from_uri(sys.argv[1])
def load(path):
    with system.open_input_stream(path) as stream:
        return json.loads(stream.read())
current = load(f"{top}/_current.json")
manifest = load(f"{top}/{current['manifest']}")
tables = [pq.read_table(f"{top}/{current['run']}/{file['name']}", filesystem=system) for file in manifest["files"]]
rows = [row for table in tables for row in table.to_pylist()]
names = sorted(item.path for item in system.get_file_info(fs.FileSelector(top, recursive=True)) if item.is_file)
print(json.dumps({"current": current, "manifest": manifest, "rows": rows, "names": names}, default=str))
"""
"""Prints what readers of an output find who follow its pointer."""
COPY = """
import sys
from pyarrow import fs
system, path = fs.FileSystem.from_uri(sys.argv[2])
with open(sys.argv[1], "rb") as file, system.open_output_stream(path) as stream:
    stream.write(file.read())
"""
"""Copies a file into the bucket."""
CONNECTION = """\
connections:
  - name: lake
    type: s3
    endpoint: {endpoint}
    region: us-east-1
    auth: {{ secret: object-store, keys: {{ accessKeyId: id, secretAccessKey: key }} }}
"""
SECRETS = {"OBJECT_STORE__ID": "test", "OBJECT_STORE__KEY": "test"}
"""What the connection's secret holds, by the variables in which it is handed over."""


@dataclass(frozen=True)
class Storage:
    """A bucket."""

    port: int
    python: Path

    @property
    def env(self) -> Mapping[str, str]:
        """The environment of whoever knows the storage without a connection."""
        return {
            **os.environ,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.endpoint(),
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def endpoint(self, host: str = "127.0.0.1") -> str:
        """Where it is, for somebody on this machine or in a container."""
        return f"http://{host}:{self.port}"

    def do(self, program: str, *arguments: object) -> str:
        """What a program prints that is told of the storage by its environment."""
        command = [str(self.python), "-c", program, *map(str, arguments)]
        ran = subprocess.run(command, env=dict(self.env), capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@contextmanager
def serving(python: Path, port: int, *, host: str = "127.0.0.1") -> Iterator[Storage]:
    """A server with an empty bucket `data`, by the environment of a scorer."""
    command = [str(python.with_name("moto_server")), "-H", host, "-p", str(port)]
    made = Storage(port, python)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _make_bucket(made.endpoint())
            yield made
        finally:
            server.terminate()


def _make_bucket(endpoint: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(urllib.request.Request(f"{endpoint}/data", method="PUT"), timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"nobody answers at {endpoint}")
