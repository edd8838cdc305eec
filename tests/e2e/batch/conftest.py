"""A scorer that was compiled, its input, and what it published."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[3]
_PROGRAM = _ROOT / "tests" / "e2e" / "programs" / "batch_files.py"
ONNX_FILES = _ROOT / "examples" / "02-onnxruntime-fraud-detector" / "model"
_SPEC = """\
apiVersion: servespec/v1
name: fraud
pattern: batch
model: {model}
{signature}
targets: {{ batch: }}
batch:
  schedule: {{ cron: "{cron}", timezone: Europe/Berlin }}
  input: {{ uri: "in/{{interval.start:%Y-%m-%d}}", format: {input}, columns: [amount, category, hour, day] }}
  output: {{ uri: "out/{{interval.start:%Y-%m-%d}}", format: {output} }}
  append: {append}
  chunkRows: 300
{more}
"""
ONNX = "{ format: onnx, uri: ./model/fraud_detector.onnx }"
APPEND = "{ prediction: fraud, probability: p, scoredAt: at, modelVersion: v }"
TENSOR = "tensors: [{ name: input, datatype: FP32, shape: [-1, 4] }]"
COLUMNS = "columns: { amount: FP64, category: INT64, hour: INT64, day: INT64 }"
DAY = "2026-01-05"


@dataclass(frozen=True)
class Job:
    """A scorer with the folder of its data."""

    folder: Path
    script: Path
    python: Path
    model: str

    def base(self, *arguments: str) -> list[str]:
        """The command line of an image, with arguments that are always given."""
        return [str(self.python), str(self.script), f"--model={self.folder / self.model}", *arguments]

    def command(self, *arguments: str) -> list[str]:
        """The command line of a run, or of a step when that is named first."""
        steps = [item for item in arguments[:1] if not item.startswith("-")]
        rest = arguments[len(steps) :]
        told = any(item.startswith(("--interval-start", "--at")) for item in rest)
        day = [] if told else [f"--interval-start={DAY}"]
        return [str(self.python), str(self.script), *steps, f"--model={self.model}", *day, *rest]

    def run(self, *arguments: str, code: int = 0, env: Mapping[str, str] | None = None) -> str:
        """What a run says, after it ended with that exit code."""
        ran = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, **(env or {})},
        )
        assert ran.returncode == code, (ran.returncode, ran.stdout, ran.stderr)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran.stdout + ran.stderr

    def ask(self, function: str, *given: Any) -> Any:
        """What a function of the program beside says: it writes input, reads output, or asks a library."""
        words = [json.dumps(str(item) if isinstance(item, Path) else item) for item in given]
        ran = subprocess.run([self.python, _PROGRAM, function, *words], capture_output=True, text=True, timeout=120)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def write(self, count: int, name: str = "a.parquet", *, seed: int = 1, **spoil: Any) -> Path:
        """A file of payments of the day."""
        path = self.folder / "in" / DAY / name
        self.ask("write", path, count, seed, spoil)
        return path

    def read(self, day: str = DAY, *, of: str = "out") -> Any:
        """What readers see of a day."""
        return self.ask("read", self.folder / of / day)


@pytest.fixture(scope="session")
def batch_python(environment: Callable[[str], Path]) -> Path:
    """An interpreter with what a scorer needs."""
    return environment("batch")


@pytest.fixture
def job(tmp_path: Path, batch_python: Path, build: Callable[[Path], Any]) -> Callable[..., Job]:
    """Compiles a scorer; keywords change its spec."""

    def make(
        *, model: str = ONNX, inputs: str = TENSOR, cron: str = "@daily", more: str = "", files: Path = ONNX_FILES,
        input: str = "parquet", output: str = "parquet", python: Path = batch_python, loads: str = "",
        append: str = APPEND,
    ) -> Job:  # fmt: skip
        shutil.copytree(files, tmp_path / "model", dirs_exist_ok=True)
        (tmp_path / "requirements.txt").write_text("torch==2.13.0\nnumpy==2.4.6\n")
        signature = f"signature: {{ inputs: {{ {inputs} }} }}" if inputs else ""
        spec = _SPEC.format(
            model=model, signature=signature, cron=cron, more=more, input=input, output=output, append=append
        )
        (tmp_path / "serving.yaml").write_text(spec)
        project = build(tmp_path)
        return Job(tmp_path, project.emitted("batch/score.py"), python, loads or project.spec["model"]["uri"])

    return make
