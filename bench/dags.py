"""How long Airflow takes to read an emitted DAG, beside a DAG of one task of the same kind that does nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from figures import Figure
from process import Command, compare

_ROOT = Path(__file__).parents[1]
_PROGRAMS = Path(__file__).parent / "programs"
_MODEL = _ROOT / "examples" / "13-batch-onnx" / "model" / "fraud_detector.onnx"
_GOAL = 1.2
_VERSIONS = {"airflow2": "2.10.5", "airflow3": "3.3.2"}
_RUN_ON = ("local", "docker", "kubernetes", "spark")
_SPEC = """\
apiVersion: servespec/v1
name: scoring-on-{run_on}
pattern: batch
model: {{ format: onnx, uri: ./model.onnx }}
image: {{ repository: registry.example.com/scoring }}
batch:
  schedule: {{ cron: "@daily" }}
  input: {{ uri: "{where}payments/{{interval.start:%Y-%m-%d}}/", columns: [amount, category, hour, day] }}
  output: {{ uri: "{where}scores/{{interval.start:%Y-%m-%d}}/" }}
  runOn: {run_on}
{more}"""
_STORED = "s3://"
"""Airflow 2 loads what all of its providers say before it takes such an address for an asset, whoever names it: the DAG
that does nothing names it too, then."""


def figures(folder: Path, *, runs: int) -> Iterator[Figure]:
    """All figures, one after the other."""
    for run_on in _RUN_ON:
        yield from _read_in_each(folder, run_on, where="", runs=runs)
    yield from _read_in_each(folder, "local", where=_STORED, runs=runs)


def _read_in_each(folder: Path, run_on: str, *, where: str, runs: int) -> Iterator[Figure]:
    """How long each version takes, for results in files or in a storage."""
    made = _built(folder / f"{run_on}{len(where)}", run_on, where=where)
    asset = (f"{where}scores/",) if where else ()
    for name, version in _VERSIONS.items():
        home = folder / name
        home.mkdir(exist_ok=True)
        empty = _read(name, _PROGRAMS / "empty_dag.py", home, run_on, *asset)
        found = compare(_read(name, made, home), empty, runs=runs)
        times = f"{found.subject.wall:.2f} s to {found.reference.wall:.2f} s; processor time {found.cpu:.2f} ×"
        what = f"`runOn: {run_on}` in Airflow {version}{', an asset in S3 in both' if where else ''}"
        yield Figure(what, f"< {_GOAL} ×", f"{found.wall:.2f} ×", found.wall < _GOAL, times)


def _built(folder: Path, run_on: str, *, where: str) -> Path:
    """The emitted DAG."""
    folder.mkdir()
    shutil.copy(_MODEL, folder / "model.onnx")
    more = "  volumeClaim: payments\n" if run_on == "kubernetes" else ""
    spec = _SPEC.format(run_on=run_on, where=where, more=more)
    (folder / "serving.yaml").write_text(spec, encoding="utf-8")
    build = [sys.executable, "-m", "servespec", "build", "serving.yaml"]
    subprocess.run(build, cwd=folder, check=True, capture_output=True)
    return folder / "deploy" / f"scoring-on-{run_on}" / "airflow" / "dag.py"


def _read(name: str, dag: Path, home: Path, *arguments: str) -> Command:
    """A fresh process that reads the file, with nothing loaded before."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AIRFLOW_HOME": str(home)}
    return Command((str(_ROOT / ".e2e" / name / "bin" / "python"), str(dag), *arguments), str(home), environment)
