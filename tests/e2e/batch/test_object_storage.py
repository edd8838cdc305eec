"""The scorer on object storage: a server that speaks S3 on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.batch.conftest import DAY, Job

pytestmark = pytest.mark.e2e

_READ = """
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
_COPY = """
import sys
from pyarrow import fs
system, path = fs.FileSystem.from_uri(sys.argv[2])
with open(sys.argv[1], "rb") as file, system.open_output_stream(path) as stream:
    stream.write(file.read())
"""


@dataclass(frozen=True)
class Storage:
    """A bucket."""

    env: Mapping[str, str]
    python: Path

    def do(self, program: str, *arguments: object) -> str:
        """What a program prints that is told of the storage by its environment."""
        command = [str(self.python), "-c", program, *map(str, arguments)]
        ran = subprocess.run(command, env=dict(self.env), capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture(scope="module")
def storage(batch_python: Path, free_ports: Callable[[int], list[int]]) -> Iterator[Storage]:
    """A server with an empty bucket `data`."""
    (port,) = free_ports(1)
    command = [str(batch_python.with_name("moto_server")), "-H", "127.0.0.1", "-p", str(port)]
    env = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(150):
                try:
                    urllib.request.urlopen(
                        urllib.request.Request(f"{env['AWS_ENDPOINT_URL']}/data", method="PUT"), timeout=2
                    )
                    break
                except OSError:
                    time.sleep(0.2)
            yield Storage(env, batch_python)
        finally:
            server.terminate()


@pytest.fixture
def stored(job: Callable[..., Job], storage: Storage) -> Callable[..., Any]:
    """A scorer from the bucket and to it, and what it has published."""
    made = job()
    spec = made.folder / "serving.yaml"
    text = spec.read_text().replace('"in/', '"s3://data/in/').replace('"out/', '"s3://data/out/')
    spec.write_text(text)
    subprocess.run(["servespec", "build"], cwd=made.folder, check=True, capture_output=True, env=_with_venv())
    return lambda: (made, lambda: json.loads(storage.do(_READ, f"s3://data/out/{DAY}")))


def _with_venv() -> dict[str, str]:
    import sys

    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def test_runs_have_prefixes_of_their_own(stored: Callable[..., Any], storage: Storage) -> None:
    """Readers follow the pointer: a run is whole before it is pointed to, the one before stays for those who read it,
    and older ones go."""
    made, read = stored()
    assert "there is no input: looked for s3://data/in/2026-01-05" in made.run(code=3, env=storage.env)
    local = made.write(500)
    storage.do(_COPY, local, f"s3://data/in/{DAY}/a.parquet")
    made.run(env=storage.env)
    first = read()
    assert len(first["rows"]) == 500
    storage.do(_COPY, made.write(600), f"s3://data/in/{DAY}/a.parquet")
    made.run("score", "--run=steps", env=storage.env)
    made.run("gate", "--run=steps", env=storage.env)
    assert read()["current"] == first["current"]
    made.run("publish", "--run=steps", env=storage.env)
    second = read()
    assert (len(second["rows"]), second["current"]["run"]) == (600, "runs/steps")
    runs = {name.split("/")[4] for name in second["names"] if "/runs/" in name}
    assert runs == {"steps", first["current"]["run"].removeprefix("runs/")}
    made.run(env=storage.env)
    third = read()
    assert {name.split("/")[4] for name in third["names"] if "/runs/" in name} == {
        "steps",
        third["current"]["run"].removeprefix("runs/"),
    }
    assert [file["sha256"] for file in third["manifest"]["files"]] == [
        file["sha256"] for file in second["manifest"]["files"]
    ]


def test_parts_at_once(stored: Callable[..., Any], storage: Storage) -> None:
    """Parts of one run that end together publish it once or twice alike: the run before stays for those who read it."""
    made, read = stored()
    storage.do(_COPY, made.write(500), f"s3://data/in/{DAY}/a.parquet")
    for run in ("one", "two"):
        commands = [made.command("share", f"--run={run}", f"--part={part}/3") for part in range(3)]
        started = [subprocess.Popen(command, cwd=made.folder, env=dict(storage.env)) for command in commands]
        assert [process.wait(timeout=120) for process in started] == [0, 0, 0]
        found = read()
        assert (found["current"]["run"], len(found["rows"])) == (f"runs/{run}", 500)
    assert {name.split("/")[4] for name in found["names"] if "/runs/" in name} == {"one", "two"}


def test_a_closed_gate(stored: Callable[..., Any], storage: Storage) -> None:
    """Readers still follow the pointer to the run before."""
    made, read = stored()
    storage.do(_COPY, made.write(500), f"s3://data/in/{DAY}/a.parquet")
    made.run(env=storage.env)
    before = read()["current"]
    storage.do(_COPY, made.write(500, amount="null"), f"s3://data/in/{DAY}/a.parquet")
    assert "amount is missing" in made.run(code=5, env=storage.env)
    assert read()["current"] == before


def test_steps_need_a_name(stored: Callable[..., Any], storage: Storage) -> None:
    """A step by itself that nobody named would work on a run of its own."""
    made, _ = stored()
    assert "a step by itself needs --run" in made.run("score", code=2, env=storage.env)
