"""Both Airflows that an emitted DAG is for, each with a database of its own, and a project whose payments it scores."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.injection.payloads import PAYLOADS
from tests.projects import picture

_ROOT = Path(__file__).parents[3]
_MODEL = _ROOT / "examples" / "02-onnxruntime-fraud-detector" / "model"
_PROGRAMS = Path(__file__).parents[1] / "programs"
VERSIONS = ("airflow2", "airflow3")
DAY = "2026-03-27"
"""The day whose payments a run of `RUN_DATE` scores: the last whole interval, in Berlin."""
RUN_DATE = "2026-03-29"


HOSTILE = {"A": "{{ 7 * 7 }}{% raw %}{# no #}", "B": 'it\'s "{{ ds }}" \\ \n }} é', "C": "/opt/run.sh"}
"""Texts that look like templates to Airflow, or like a file of one."""
EVERY = HOSTILE | {
    f"P{number}": text
    for number, text in enumerate(PAYLOADS)
    if "\0" not in text and not any("\ud800" <= character <= "\udfff" or character > "\uffff" for character in text)
}
"""All that is tried elsewhere too, but for what no variable can hold, and what JSON writes in two halves."""


def scores(project: Path) -> dict[str, bytes]:
    """The published files, but for the one that says how long it took."""
    found = picture(project / "data" / "scores" / DAY)
    found.pop("_run.json")
    return found


@dataclass(frozen=True)
class Airflow:
    """One version, in its own virtual environment."""

    name: str
    python: Path
    home: Path
    commands: subprocess.Popen[str]
    """Runs its commands, each in a process of its own with all of Airflow loaded."""

    def call(
        self, *arguments: str | Path, dags: Path, more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """What a program comes to, with the DAGs of a folder and more variables."""
        environment = {**_environment(self.home), "AIRFLOW__CORE__DAGS_FOLDER": str(dags), **(more or {})}
        return subprocess.run(
            [self.python, *arguments], env=environment, cwd=self.home, capture_output=True, text=True, timeout=300
        )

    def run(self, *argv: str, dags: Path, more: Mapping[str, str] | None = None) -> tuple[int, str]:
        """The exit code of a command, and what it says, with the DAGs of a folder and more variables."""
        env = {"AIRFLOW__CORE__DAGS_FOLDER": str(dags), **(more or {})}
        assert self.commands.stdin is not None
        assert self.commands.stdout is not None
        self.commands.stdin.write(f"{json.dumps({'argv': argv, 'env': env, 'dags': str(dags), 'seconds': 300})}\n")
        self.commands.stdin.flush()
        answer = json.loads(self.commands.stdout.readline())
        return answer["code"], Path(answer["said"]).read_text(errors="replace")

    def test(self, project: Path, more: Mapping[str, str] | None = None, *, dag: str = "fraud-scoring") -> str:
        """What `airflow dags test` says of one run for `RUN_DATE`."""
        _, said = self.run("dags", "test", dag, RUN_DATE, dags=project / "deploy", more=more)
        return said


def _environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        # Airflow 2 warns of its own metrics otherwise.
        "AIRFLOW__METRICS__TIMER_UNIT_CONSISTENCY": "True",
        "DOCKER_HOST": os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"),
    }


@pytest.fixture(scope="session", params=VERSIONS)
def airflow(
    request: pytest.FixtureRequest, environment: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Airflow]:
    """Each version, its database made."""
    python, home = environment(request.param), tmp_path_factory.mktemp(request.param)
    command = [python, _PROGRAMS / "airflow_commands.py"]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, env=_environment(home), cwd=home, **pipes) as commands:
        made = Airflow(request.param, python, home, commands)
        code, said = made.run("db", "migrate", dags=home)
        assert code == 0, said[-2000:]
        yield made


@pytest.fixture(scope="session")
def scorer_python(environment: Callable[[str], Path]) -> Path:
    """An interpreter with all that the emitted scorer needs."""
    return environment("batch")


@pytest.fixture(scope="session")
def payments(scorer_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of payments."""
    folder = tmp_path_factory.mktemp("payments")
    subprocess.run([scorer_python, _PROGRAMS / "payments.py", folder], check=True, timeout=120)
    return folder


@pytest.fixture
def scoring(tmp_path: Path, build: Callable[[Path], Any], scorer_python: Path, payments: Path) -> Callable[..., Path]:
    """Makes a project with two files of payments and builds it; `batch` changes its block."""

    def make(
        name: str = "project", *, options: Mapping[str, str] | None = None, connections: str = "{}", **batch: Any
    ) -> Path:
        folder = tmp_path / name
        shutil.copytree(_MODEL, folder / "model", dirs_exist_ok=True)
        spec = {
            "apiVersion": "servespec/v1",
            "name": "fraud-scoring",
            "pattern": "batch",
            "model": {"format": "onnx", "uri": "./model/fraud_detector.onnx"},
            "signature": {"inputs": {"tensors": [{"name": "input", "datatype": "FP32", "shape": [-1, 4]}]}},
            "batch": {
                "schedule": {"cron": "0 2 * * *", "timezone": "Europe/Berlin", "start": "2026-03-01T00:00:00+01:00"},
                "input": {
                    "uri": "data/payments/{interval.start:%Y-%m-%d}/",
                    "columns": ["amount", "category", "hour", "day"],
                },
                "output": {"uri": "data/scores/{interval.start:%Y-%m-%d}/"},
                "keep": ["payment_id"],
                "append": {"probability": "fraud_probability", "scoredAt": "scored_at"},
                "retries": {"count": 0},
                **batch,
            },
            "image": {"repository": "registry.example.com/ml/fraud-scoring"},
            "targets": {"airflow": {"python": str(scorer_python), **(options or {})}},
        }
        (folder / "serving.yaml").write_text(json.dumps(spec | yaml.safe_load(connections), indent=1))
        build(folder)
        shutil.copytree(payments, folder / "data" / "payments" / DAY, dirs_exist_ok=True)
        return folder

    return make


@pytest.fixture(scope="session")
def differences(scorer_python: Path) -> Callable[[Path], dict[str, Any]]:
    """How the scores of a project differ from what ONNX Runtime itself says of each payment."""

    def compare(project: Path) -> dict[str, Any]:
        command = [scorer_python, _PROGRAMS / "scores.py", project, DAY]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return compare
