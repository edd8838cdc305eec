"""How fast a scorer is, and how much memory it takes, beside the textbook's script and one written by hand."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from figures import Figure
from process import Command, Ratio, compare, sample

_ROOT = Path(__file__).parents[1]
_PYTHON = str(_ROOT / ".e2e" / "batch" / "bin" / "python")
_PROGRAMS = Path(__file__).parent / "programs"
_MODEL = _ROOT / "examples" / "13-batch-onnx" / "model" / "fraud_detector.onnx"
_ROWS = (1_000_000, 3_000_000, 10_000_000)
_FOREST_ROWS = 3_000_000
_SPEC = """\
apiVersion: servespec/v1
name: {name}
pattern: batch
model: {{ format: {format}, uri: ./{model} }}
signature: {{ inputs: {{ tensors: [{{ name: input, datatype: FP32, shape: [-1, 4] }}] }} }}
batch:
  schedule: {{ cron: "@daily" }}
  input: {{ uri: in/{rows}/, columns: [amount, category, hour, day] }}
  output: {{ uri: "out/{name}/{{interval.start:%Y-%m-%d}}/" }}
  append: {{ prediction: fraud, probability: p, scoredAt: at, modelVersion: v }}
"""


@dataclass(frozen=True)
class Job:
    """A model and so many rows, scored in several ways."""

    folder: Path
    model: str
    format: str
    rows: int

    def scorer(self) -> Command:
        """The compiled scorer."""
        name = f"{self.format}-{self.rows}"
        spec = _SPEC.format(name=name, format=self.format, model=self.model, rows=self.rows)
        (self.folder / "serving.yaml").write_text(spec, encoding="utf-8")
        build = [sys.executable, "-m", "servespec", "build", "serving.yaml"]
        subprocess.run(build, cwd=self.folder, check=True, capture_output=True)
        script = f"deploy/{name}/batch/score.py"
        argv = (_PYTHON, script, f"--model={self.model}", "--interval-start=2026-01-05")
        return Command(argv, str(self.folder))

    def program(self, name: str) -> Command:
        """A script that does the same."""
        argv = (_PYTHON, str(_PROGRAMS / name), self.model, f"in/{self.rows}/part.parquet", f"{name}.parquet")
        return Command(argv, str(self.folder))

    def against(self, name: str, *, runs: int) -> Ratio:
        """The scorer's time as a multiple of a script's."""
        return compare(self.scorer(), self.program(name), runs=runs)


def figures(folder: Path, *, runs: int) -> Iterator[Figure]:
    """All figures, one after the other."""
    shutil.copy(_MODEL, folder / "model.onnx")
    subprocess.run([_PYTHON, _PROGRAMS / "payments.py", folder, *map(str, _ROWS)], check=True)
    jobs = {rows: Job(folder, "model.onnx", "onnx", rows) for rows in _ROWS}
    for rows, job in jobs.items():
        peak = sample(job.scorer()).peak
        yield Figure(f"peak memory, {rows:,} rows", "< 1024 MiB", f"{peak:.0f} MiB", peak < 1024)
    largest = jobs[max(_ROWS)]
    yield _ratio(
        "time, as a multiple of pyarrow and ONNX Runtime by hand", 1.3, largest.against("by_arrow.py", runs=runs)
    )
    yield _ratio("time, as a multiple of the textbook's script", 1.0, largest.against("by_pandas.py", runs=runs))
    forest = Job(folder, "forest.joblib", "sklearn", _FOREST_ROWS)
    yield _ratio(
        "the same for a random forest of scikit-learn's own defaults", 0.5, forest.against("by_pandas.py", runs=runs)
    )


def _ratio(what: str, goal: float, found: Ratio) -> Figure:
    times = f"{found.subject.wall:.1f} s, {found.reference.wall:.1f} s and {found.reference.peak:.0f} MiB"
    detail = f"{times}; processor time {found.cpu:.2f} ×"
    return Figure(what, f"≤ {goal} ×", f"{found.wall:.2f} ×", found.wall <= goal, detail)
