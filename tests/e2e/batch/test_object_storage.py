"""The scorer on object storage: a server that speaks S3 on loopback."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.batch.conftest import DAY, Job
from tests.e2e.storage import CONNECTION, COPY, READ, SECRETS, Storage, serving

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def storage(batch_python: Path, free_ports: Callable[[int], list[int]]) -> Iterator[Storage]:
    """A server with an empty bucket `data`."""
    (port,) = free_ports(1)
    with serving(batch_python, port) as made:
        yield made


@pytest.fixture
def stored(job: Callable[..., Job], storage: Storage) -> Callable[..., Any]:
    """A scorer from the bucket and to it, and what it has published."""
    made = job()
    spec = made.folder / "serving.yaml"
    text = spec.read_text().replace('"in/', '"s3://data/in/').replace('"out/', '"s3://data/out/')
    spec.write_text(text)
    subprocess.run(["servespec", "build"], cwd=made.folder, check=True, capture_output=True, env=_with_venv())
    return lambda: (made, lambda: json.loads(storage.do(READ, f"s3://data/out/{DAY}")))


def _with_venv() -> dict[str, str]:
    import sys

    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def test_runs_have_prefixes_of_their_own(stored: Callable[..., Any], storage: Storage) -> None:
    """Readers follow the pointer: a run is whole before it is pointed to, the one before stays for those who read it,
    and older ones go."""
    made, read = stored()
    assert "there is no input: looked for s3://data/in/2026-01-05" in made.run(code=3, env=storage.env)
    local = made.write(500)
    storage.do(COPY, local, f"s3://data/in/{DAY}/a.parquet")
    made.run(env=storage.env)
    first = read()
    assert len(first["rows"]) == 500
    storage.do(COPY, made.write(600), f"s3://data/in/{DAY}/a.parquet")
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


def test_steps_that_are_done_again(stored: Callable[..., Any], storage: Storage) -> None:
    """Under the name of a run that was published, results are put together beside what readers see; of two runs at once
    none takes the other's files, and publishing again what is published changes nothing."""
    made, read = stored()
    for rows in (200, 300):
        storage.do(COPY, made.write(rows), f"s3://data/in/{DAY}/a.parquet")
        for run in ("abc", "beside"):
            before = _whole(read) if rows == 300 else 0
            made.run("score", f"--run={run}", env=storage.env)
            assert before == (_whole(read) if rows == 300 else 0)
        for run in ("abc", "beside"):
            made.run("gate", f"--run={run}", env=storage.env)
            made.run("publish", f"--run={run}", env=storage.env)
            assert (_whole(read), read()["current"]["run"].startswith(f"runs/{run}")) == (rows, True)
    seen = read()
    for step in ("gate", "publish"):
        assert "published before" in made.run(step, "--run=beside", env=storage.env)
    assert read() == seen


def _whole(read: Callable[[], Any]) -> int:
    """How many rows readers find: all that the manifest says."""
    found = read()
    assert len(found["rows"]) == found["manifest"]["rows"]
    return len(found["rows"])


def test_parts_at_once(stored: Callable[..., Any], storage: Storage) -> None:
    """Parts of one run that end together publish it once or twice alike: the run before stays for those who read it."""
    made, read = stored()
    storage.do(COPY, made.write(500), f"s3://data/in/{DAY}/a.parquet")
    for run in ("one", "two"):
        commands = [made.command("share", f"--run={run}", f"--part={part}/3") for part in range(3)]
        started = [subprocess.Popen(command, cwd=made.folder, env=dict(storage.env)) for command in commands]
        assert [process.wait(timeout=120) for process in started] == [0, 0, 0]
        found = read()
        assert (found["current"]["run"], len(found["rows"])) == (f"runs/{run}", 500)
    assert {name.split("/")[4] for name in found["names"] if "/runs/" in name} == {"one", "two"}


CHANGED = """
import os, sys
from pyarrow import fs
sys.path.insert(0, sys.argv[2])
from scorer.failure import Failure
from scorer.publishing import Bucket, Staging
system, top = fs.FileSystem.from_uri(sys.argv[1])
small, large = {"run": "runs/one"}, {"run": "runs/one--2", "manifest": "runs/one--2/_manifest.json"}

class Changing:
    '''A storage on which somebody does something once a file was found, and before it is read.'''
    def __init__(self, change):
        self.change = change
    def open_input_stream(self, path, **options):
        found = system.open_input_stream(path, **options)
        self.change()
        return found

there = Staging(system, f"{top}/there")
for before, after in ((small, large), (large, small), ({}, None)):
    there.put("file", before)
    change = there.clear if after is None else lambda: there.put("file", after)
    assert Staging(Changing(change), there.path).get("file") == after, (before, after)
with there.open("file") as stream:
    stream.write(b"{")
try:
    there.get("file")
except Failure as failure:
    assert (failure.code, str(failure)) == (8, f"{there.path}/file is not what a scorer writes there"), failure
else:
    raise AssertionError("a piece of a file was read")

class Sweeping:
    '''A storage on which somebody else removes a run first.'''
    def __getattr__(self, name):
        return getattr(system, name)
    def delete_dir(self, path):
        system.delete_dir(path)
        system.delete_dir(path)

class Place:
    system, path = Sweeping(), f"{top}/results"

for name in ("one", "two", "three"):
    run = Bucket(Place, name)
    run.clear()
    run.publish()
print(*sorted(os.path.basename(item.path) for item in system.get_file_info(fs.FileSelector(f"{top}/results/runs"))))
"""
"""What one part of a run finds when another is at the same files; prints which runs are left."""


def test_another_part_is_at_the_same_files(stored: Callable[..., Any], storage: Storage) -> None:
    """What is replaced or removed between the two requests of which reading a file consists is read as it is then; of two
    that remove the same run none fails."""
    made, _ = stored()
    assert storage.do(CHANGED, "s3://data/changed", made.script.parent).split() == ["three", "two"]


def test_a_first_run_at_work(stored: Callable[..., Any], storage: Storage) -> None:
    """A scorer that waits for the results of another goes on waiting while those are put together, and reads them once
    they are published. Who names a run reads that one."""
    made, _ = stored()
    day = "--interval-start=2026-02-01"  # of which nobody has published anything
    storage.do(COPY, made.write(500), "s3://data/in/2026-02-01/a.parquet")
    reader = made.script.parent.parent / "reader"
    shutil.copytree(made.script.parent, reader)
    after = Job(made.folder, reader / made.script.name, made.python, made.model)
    text = after.script.read_text()
    assert text.count('"s3://data/in/"') == text.count('"s3://data/out/"') == 1
    after.script.write_text(text.replace('"s3://data/in/"', '"s3://data/out/"', 1))
    made.run("score", "--run=first", day, env=storage.env)
    made.run("gate", "--run=first", day, env=storage.env)
    assert "there is no input" in after.run("validate", "--run=after", day, code=3, env=storage.env)
    made.run("publish", "--run=first", day, env=storage.env)
    assert "1 files to read" in after.run("validate", "--run=after", day, env=storage.env)


def test_a_closed_gate(stored: Callable[..., Any], storage: Storage) -> None:
    """Readers still follow the pointer to the run before."""
    made, read = stored()
    storage.do(COPY, made.write(500), f"s3://data/in/{DAY}/a.parquet")
    made.run(env=storage.env)
    before = read()["current"]
    storage.do(COPY, made.write(500, amount="null"), f"s3://data/in/{DAY}/a.parquet")
    assert "amount is missing" in made.run(code=5, env=storage.env)
    assert read()["current"] == before


def test_steps_need_a_name(stored: Callable[..., Any], storage: Storage) -> None:
    """A step by itself that nobody named would work on a run of its own."""
    made, _ = stored()
    assert "a step by itself needs --run" in made.run("score", code=2, env=storage.env)


def test_a_connection_leads_there(job: Callable[..., Job], build: Callable[[Path], Any], storage: Storage) -> None:
    """What a connection says is enough: nothing in the environment leads to the storage but what its secret holds; and
    what is missing of that is told by its name. As nobody, the scorer may write nothing."""
    made = job()
    spec = made.folder / "serving.yaml"
    text = spec.read_text().replace('"in/', '"s3://data/lake/in/').replace('"out/', '"s3://data/lake/out/')
    text = text.replace("format: parquet, columns", "connection: lake, format: parquet, columns")
    spec.write_text(text + CONNECTION.format(endpoint=storage.endpoint()))
    build(made.folder)
    storage.do(COPY, made.write(500), f"s3://data/lake/in/{DAY}/a.parquet")
    assert "OBJECT_STORE__KEY is not set" in made.run(code=8, env={"OBJECT_STORE__ID": "test"})
    made.run(env=SECRETS)
    found = json.loads(storage.do(READ, f"s3://data/lake/out/{DAY}"))
    assert (found["manifest"]["rows"], len(found["rows"])) == (500, 500)
    spec.write_text(re.sub("auth: .*", "auth: none", spec.read_text()))
    build(made.folder)
    assert "ACCESS_DENIED" in made.run(code=8, env=SECRETS)
