"""Steps of a scorer that are done again, as a scheduler does them: new input is published, what is published stays whole,
and what is done already is not done twice."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.batch.conftest import DAY, Job

pytestmark = pytest.mark.e2e

_KILLED = Path(__file__).parents[1] / "programs" / "killed.py"
_STEPS = ("validate", "score", "gate", "publish")
_REJECTED = '  gates: { badRows: { fraction: 0.1, output: "bad/{interval.start:%Y-%m-%d}" } }'


def _published(made: Job) -> dict[str, bytes]:
    """What readers see, but for what is another time every time."""
    return {path.name: path.read_bytes() for path in (made.folder / "out" / DAY).iterdir() if path.name != "_run.json"}


@pytest.mark.parametrize("first", [0, 1, 3])
def test_steps_of_one_name(job: Callable[..., Job], first: int) -> None:
    """Whichever step a run is done again from: with scoring among them new input is published, under the same name; without
    it, or with the same input, nothing changes for readers."""
    made = job()
    made.write(200)
    for step in _STEPS:
        made.run(step, "--run=abc")
    before = _published(made)
    for step in _STEPS[first:]:
        made.run(step, "--run=abc")
    assert _published(made) == before
    made.write(300)
    said = "".join(made.run(step, "--run=abc") for step in _STEPS[first:])
    scored = first <= _STEPS.index("score")
    assert made.read()["manifest"]["rows"] == (300 if scored else 200)
    assert ("published before" in said) is not scored
    assert os.listdir(made.folder / "out") == [DAY]


def test_what_was_scored_anew_is_not_taken_for_published(job: Callable[..., Job]) -> None:
    """Scored again and not held to the gates, results of a run that was published before are not said to be."""
    made = job()
    made.write(200)
    for step in _STEPS:
        made.run(step, "--run=abc")
    made.write(300)
    made.run("score", "--run=abc")
    assert "has passed the gates" in made.run("publish", "--run=abc", code=5)
    made.run("gate", "--run=abc")
    made.run("publish", "--run=abc")
    assert made.read()["manifest"]["rows"] == 300


def test_runs_at_once(job: Callable[..., Job]) -> None:
    """Steps of two runs that take turns publish each what it has scored."""
    made = job()
    for run, count in (("a", 200), ("b", 300)):
        made.write(count)
        made.run("score", f"--run={run}")
    for run, count in (("a", 200), ("b", 300)):
        made.run("gate", f"--run={run}")
        made.run("publish", f"--run={run}")
        assert made.read()["manifest"]["rows"] == count
    assert os.listdir(made.folder / "out") == [DAY]


@pytest.mark.parametrize("who", ["publish", "0", "1"])
@pytest.mark.parametrize("places", ["folder", "bucket"])
def test_killed_at_each_line(job: Callable[..., Job], tmp_path: Path, places: str, who: str) -> None:
    """Wherever it is killed while it publishes: readers have all of one run's rows, and publishing again ends it. Of parts
    that share the work, any that is tried again does."""
    made = job(more=_REJECTED)
    data = tmp_path / "data"
    command = [made.python, _KILLED, made.script.parent, made.folder / made.model, data, places, who]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    assert found["wrong"] == []
    assert (found["code"], found["left"]) == (0, [DAY])
    assert found["tries"] > 20


def test_a_part_that_is_tried_again(job: Callable[..., Job]) -> None:
    """What is there of it stays, for others may be at publishing it; of other input it is scored again."""
    made = job()
    for name in ("a.parquet", "b.parquet"):
        made.write(200, name)
    staging = made.folder / "out" / f".{DAY}.staging" / "one"

    def scored(part: int) -> dict[str, tuple[int, int]]:
        made.run("share", "--run=one", f"--part={part}/3")
        found = [(path.name, path.stat()) for path in staging.iterdir() if "part-" in path.name]
        return {name: (info.st_ino, info.st_mtime_ns) for name, info in found}

    first = scored(0)
    assert len(first) == 2
    assert scored(0) == first
    made.write(300)
    assert scored(0) != first
    scored(1)
    made.run("share", "--run=one", "--part=2/3")
    found = made.read()
    assert found["manifest"]["rows"] == 500
    assert not [name for name in found["names"] if name.startswith(("_part", "_passed"))]


_BESIDE = """
import os, sys
from types import SimpleNamespace
from pyarrow import fs
sys.path.insert(0, sys.argv[1])
from scorer.publishing import Folder, Staging
system, seen, stat = fs.LocalFileSystem(), [], os.stat

class Looking:
    '''A file system on which another part looks for a file as soon as one is begun.'''
    def open_output_stream(self, path, **options):
        stream = system.open_output_stream(path, **options)
        seen.append(Staging(system, folder.path).get("file"))
        return stream
    def __getattr__(self, name):
        return getattr(system, name)

def ended(path, **options):
    '''Another run takes its lock away before this one looks at it.'''
    os.stat = stat
    os.unlink(path)
    return stat(path, **options)

folder = Folder(SimpleNamespace(path=f"{sys.argv[2]}/out", system=Looking()), "one")
folder.clear()
folder.put("file", {"there": True})
assert (seen, folder.get("file"), os.listdir(folder.path)) == ([None], {"there": True}, ["file"]), seen
os.stat = ended
folder.lock(shared=False)
assert os.path.samestat(os.stat(f"{sys.argv[2]}/.out.lock"), os.fstat(folder._lock))
"""


def test_parts_beside_each_other_in_a_folder(job: Callable[..., Job], tmp_path: Path) -> None:
    """What one part tells, another reads whole or not at all; a lock that is taken away meanwhile is taken again."""
    made = job()
    command = [made.python, "-c", _BESIDE, made.script.parent, tmp_path / "beside"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr


def test_a_name_that_is_no_folders(job: Callable[..., Job]) -> None:
    """A run's name can't lead out of where it is put together."""
    made = job()
    for name in ("../../model", ".unnamed"):
        assert "the name becomes that of a folder" in made.run("score", f"--run={name}", code=2)


def test_results_that_another_scorer_reads(job: Callable[..., Job], tmp_path: Path) -> None:
    """On object storage it reads the run that readers are pointed to, and neither the one before nor one at work: nothing
    while the first one is. A run that is named is read in any case."""
    made = job()
    read = made.ask("published_twice", made.script.parent, tmp_path / "bucket")
    first, second, third = ([f"/scores/runs/{name}/part-00000.jsonl"] for name in ("first", "second", "third"))
    assert read == [[], first, second, third]


def test_a_file_that_is_called_like_a_pointer(job: Callable[..., Job]) -> None:
    """In a folder of this machine it is no data, as all whose names start so, and nobody reads it."""
    made = job()
    made.write(300)
    (made.folder / "in" / DAY / "_current.json").write_text("[]")
    made.run()
    assert made.read()["manifest"]["rows"] == 300
