"""The image of a scorer: built by the emitted Dockerfile, run for one interval on data that is mounted."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.storage import CONNECTION, COPY, READ, SECRETS, serving

pytestmark = pytest.mark.e2e

_EXAMPLE = Path(__file__).parents[3] / "examples" / "13-batch-onnx"
_SERVESPEC = f"{shlex.quote(sys.executable)} -m servespec"


def test_one_interval_in_the_engine(
    engine: Path, environment: Callable[[str], Path], build: Callable[[Path], Any], tmp_path: Path
) -> None:
    """With a read-only root, as nobody in particular, the results are the user's and the same twice; a closed gate is
    told by the exit code."""
    folder = tmp_path / "project"
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("deploy", "data"))
    project = build(folder)
    subprocess.run([environment("batch"), "make_data.py", "2026-01-05"], cwd=folder, check=True)
    env = {"PATH": f"{engine}:{os.environ['PATH']}", "HOME": os.environ["HOME"]}
    results = folder / "data/scores/2026-01-05"

    def run() -> subprocess.CompletedProcess[str]:
        command = f"{_SERVESPEC} run --docker --interval-start 2026-01-05"
        return subprocess.run(["sh", "-c", command], cwd=folder, env=env, capture_output=True, text=True, timeout=900)

    done = run()
    assert done.returncode == 0, done.stderr[-4000:]
    assert "published 9,999 rows, 1 bad ones apart" in done.stderr
    first = json.loads((results / "_manifest.json").read_text())
    assert results.stat().st_uid == os.getuid()
    assert run().returncode == 0
    assert json.loads((results / "_manifest.json").read_text()) == first
    shutil.rmtree(folder / "data/payments/2026-01-05")
    subprocess.run([environment("batch"), "make_data.py", "2026-01-05", "50"], cwd=folder, check=True)
    closed = run()
    assert (closed.returncode, "at least 100 are wanted" in closed.stderr) == (1, True)
    assert json.loads((results / "_manifest.json").read_text()) == first
    assert project.emitted("docker/Dockerfile").exists()


def test_from_storage_to_storage(
    engine: Path, gateway: str, environment: Callable[[str], Path], build: Callable[[Path], Any], tmp_path: Path,
    free_ports: Callable[[int], list[int]],
) -> None:  # fmt: skip
    """By a connection of the spec a scorer in the engine reads a bucket and writes to it; what its secret holds is in no
    layer of the image."""
    folder, python = tmp_path / "project", environment("batch")
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("deploy", "data"))
    subprocess.run([python, "make_data.py", "2026-01-05", "500"], cwd=folder, check=True)
    (port,) = free_ports(1)
    with serving(python, port, host="0.0.0.0") as storage:
        for file in (folder / "data/payments/2026-01-05").iterdir():
            storage.do(COPY, file, f"s3://data/payments/2026-01-05/{file.name}")
        spec = folder / "serving.yaml"
        text = spec.read_text().replace("uri: data/payments", "connection: lake\n    uri: s3://data/payments")
        text = text.replace('uri: "data/', 'uri: "s3://data/').replace('output: "data/', 'output: "s3://data/')
        spec.write_text(text + CONNECTION.format(endpoint=storage.endpoint(gateway)))
        build(folder)
        env = {"PATH": f"{engine}:{os.environ['PATH']}", "HOME": os.environ["HOME"], **SECRETS}
        command = f"{_SERVESPEC} run --docker --interval-start 2026-01-05"
        done = subprocess.run(["sh", "-c", command], cwd=folder, env=env, capture_output=True, text=True, timeout=900)
        assert done.returncode == 0, done.stderr[-4000:]
        found = json.loads(storage.do(READ, "s3://data/scores/2026-01-05"))
    assert found["manifest"]["rows"] == len(found["rows"]) == 499
