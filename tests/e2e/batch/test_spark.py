"""`runOn: spark`: the job in local mode, by the command line of the summary."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.batch.conftest import DAY, Job

pytestmark = pytest.mark.e2e

_EXAMPLE = Path(__file__).parents[3] / "examples" / "15-batch-spark"


@dataclass(frozen=True)
class Spark:
    """Spark on this machine, with two tasks at a time."""

    python: Path

    def submit(self, made: Job, *more: str) -> subprocess.CompletedProcess[str]:
        """The job, submitted with the archive of its modules and the model."""
        folder = made.script.parent
        argv = [
            str(self.python.with_name("spark-submit")),
            "--master=local[2]",
            f"--py-files={folder / 'scorer.zip'}",
            f"--files={made.folder / made.model}",
            str(folder / "score_spark.py"),
            f"--model={made.model}",
            f"--data={made.folder}",
            f"--interval-start={DAY}",
            *more,
        ]
        env = {**os.environ, "PYSPARK_PYTHON": str(self.python), "SPARK_LOCAL_IP": "127.0.0.1"}
        return subprocess.run(argv, cwd=made.folder, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture
def spark(batch_python: Path) -> Spark:
    """Spark with what the scorer needs."""
    return Spark(batch_python)


def test_results_are_those_of_the_local_scorer(job: Callable[..., Job], spark: Spark) -> None:
    """Part by part the files are the same, to the byte; a part that fails fails the job with its own exit code, and
    what was published stays. A job that is started again by its name when all was done does nothing."""
    made = job(more="  runOn: spark\n  parallelism: 3")
    made.write(5000)
    made.run()
    local = made.read()
    done = spark.submit(made, "--run=abc")
    assert done.returncode == 0, done.stderr[-4000:]
    assert made.read() == local
    again = spark.submit(made, "--run=abc")
    assert (again.returncode, "published before" in again.stdout) == (0, True), again.stderr[-4000:]
    assert made.read() == local
    made.write(5000, amount="null")
    closed = spark.submit(made)
    assert (closed.returncode, "amount is missing" in closed.stdout) == (5, True)
    assert made.read() == local


def test_the_example(build: Callable[[Path], Any], batch_python: Path, tmp_path: Path) -> None:
    """The line of the summary scores a month of payments, in as many files as there are tasks."""
    folder = tmp_path / "project"
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("deploy", "data"))
    project = build(folder)
    subprocess.run([batch_python, "make_data.py", "2026-01"], cwd=folder, check=True)
    (line,) = (line for line in project.next if line.startswith("spark-submit "))
    env = {**os.environ, "PATH": f"{batch_python.parent}:{os.environ['PATH']}", "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    manifest = json.loads((folder / "data/scores/2026-01/_manifest.json").read_text())
    assert [file["rows"] for file in manifest["files"]] == [10_000] * 4
