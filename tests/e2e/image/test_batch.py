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
