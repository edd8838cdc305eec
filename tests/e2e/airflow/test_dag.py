"""The emitted DAG on both Airflows: it imports, it runs, it can be run again, and a closed gate keeps what was there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.airflow.conftest import DAY, EVERY, Airflow, scores
from tests.e2e.storage import CONNECTION, COPY, READ, SECRETS, serving
from tests.targets.airflow.names import NAMELESS

pytestmark = pytest.mark.e2e

_PAGER = """\
from pathlib import Path


def page(context):
    Path(__file__).with_name("paged").write_text(context["ti"].task_id)
"""
_EXAMPLE = Path(__file__).parents[3] / "examples" / "13-batch-onnx"
_PROGRAMS = Path(__file__).parents[1] / "programs"


@pytest.mark.parametrize("run_on", ["local", "docker", "kubernetes", "spark"])
def test_it_imports_without_a_warning(airflow: Airflow, scoring: Callable[..., Path], run_on: str) -> None:
    """Every warning is an error here, and nothing that the scorer needs is loaded."""
    dag = {"pool": "scoring", "tags": ["daily"], "notify": "pager:page"}
    claim = {"volumeClaim": "payments"} if run_on == "kubernetes" else {}
    project = scoring(runOn=run_on, parallelism=3, dag=dag, **claim)
    file = project / "deploy" / "fraud-scoring" / "airflow" / "dag.py"
    done = airflow.call("-W", "error", _PROGRAMS / "import_dag.py", file, dags=project / "deploy")
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    # On Spark one task does it all, and what is done again is another run.
    steps = ["run"] if run_on == "spark" else ["gate", "name", "publish", "score", "validate"]
    assert found["tasks"] == [steps]
    assert found["loaded"] == []


def test_a_run_can_be_run_again(
    airflow: Airflow, scoring: Callable[..., Path], differences: Callable[[Path], dict[str, Any]]
) -> None:
    """Two runs of a date publish the same bytes, with the model's own predictions, dated by the interval."""
    project = scoring(parallelism=2)
    said = airflow.test(project)
    assert (project / "data" / "scores" / DAY / "_SUCCESS").exists(), said[-3000:]
    first = scores(project)
    again = airflow.test(project)
    assert "published 1,000 rows" in again
    assert scores(project) == first
    found = differences(project)
    assert (found["asked"], found["published"]) == (1000, 1000)
    assert found["worst"] <= 1e-6
    assert found["scored_at"] == "2026-03-28 01:00:00+00:00"


def test_the_example(airflow: Airflow, scorer_python: Path, build: Callable[[Path], Any], tmp_path: Path) -> None:
    """The DAG of example 13 scores a day that the example's own script made, twice with the same bytes, and sets the one
    payment apart that can't be scored."""
    project = tmp_path / "project"
    shutil.copytree(_EXAMPLE, project, ignore=shutil.ignore_patterns("deploy", "data"))
    with (project / "serving.yaml").open("a") as spec:
        spec.write(f"\ntargets: {{ airflow: {{ python: {scorer_python} }} }}\n")
    build(project)
    subprocess.run([scorer_python, "make_data.py", DAY], cwd=project, check=True)
    said = airflow.test(project, dag="payment-scoring")
    assert "published 9,999 rows, 1 bad ones apart" in said, said[-3000:]
    first = scores(project)
    airflow.test(project, dag="payment-scoring")
    assert scores(project) == first
    assert json.loads(first["_manifest.json"])["interval"] == {
        "start": f"{DAY}T02:00:00+01:00",
        "end": "2026-03-28T02:00:00+01:00",
    }


def test_a_closed_gate_keeps_what_was_there(airflow: Airflow, scoring: Callable[..., Path]) -> None:
    """A run whose results do not pass fails, says why, and calls whom the spec names; readers still have the results of
    the run before."""
    project = scoring()
    airflow.test(project)
    before = scores(project)
    scoring(gates={"minRows": 5000}, dag={"notify": "pager:page"})
    (project / "pager.py").write_text(_PAGER)
    said = airflow.test(project, {"PYTHONPATH": str(project)})
    assert (project / "paged").read_text() == "gate"
    assert "1,000 rows of results, at least 5,000 are wanted" in said
    assert "published" not in said
    assert "state=failed" in said
    assert scores(project) == before


def test_missing_input_is_waited_for_and_told(airflow: Airflow, scoring: Callable[..., Path]) -> None:
    """Without input the run fails after its wait, and the log says where it looked."""
    project = scoring()
    for file in (project / "data" / "payments" / DAY).iterdir():
        file.unlink()
    said = airflow.test(project)
    assert f"data/payments/{DAY}" in said
    assert "state=failed" in said
    assert not (project / "data" / "scores").exists() or not list((project / "data" / "scores").glob("2026*"))


def test_intervals_are_those_of_the_scorer(airflow: Airflow, scoring: Callable[..., Path]) -> None:
    """Around both changes of clocks Airflow's intervals begin and end where the scorer's own do."""
    project = scoring()
    scorer = project / "deploy" / "fraud-scoring" / "batch"
    done = airflow.call(_PROGRAMS / "intervals.py", scorer, dags=project / "deploy")
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert len(found["airflow"]) > 60
    assert found["airflow"] == found["scorer"]


def test_any_text_renders_to_itself(airflow: Airflow, scoring: Callable[..., Path]) -> None:
    """What looks like a template in a value of the spec is text to Airflow, and so is the name of a file."""
    project = scoring(runOn="docker", env=EVERY)
    file = project / "deploy" / "fraud-scoring" / "airflow" / "dag.py"
    done = airflow.call(_PROGRAMS / "render_dag.py", file, dags=project / "deploy")
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1])["environment"] == EVERY


@pytest.mark.parametrize(("run_on", "task"), [("docker", "validate"), ("spark", "run")])
def test_a_secret_is_in_no_database(airflow: Airflow, scoring: Callable[..., Path], run_on: str, task: str) -> None:
    """A task that starts has the value from its worker's environment; what Airflow keeps of the DAG has its name alone."""
    env = {"TOKEN": {"secret": "store", "key": "token"}}
    project = scoring(runOn=run_on, parallelism=3, env=env, connections="secrets: [{name: store, keys: [token]}]")
    file, canary = project / "deploy" / "fraud-scoring" / "airflow" / "dag.py", "canary-4711-of-a-secret"
    more = {"STORE__TOKEN": canary}
    done = airflow.call(_PROGRAMS / "serialized_dag.py", file, task, dags=project / "deploy", more=more)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["started"]["TOKEN"] == canary
    assert "fraud-scoring" in found["kept"]
    assert canary not in found["kept"]


def test_outputs_without_a_name_of_their_own(airflow: Airflow, scoring: Callable[..., Path]) -> None:
    """Airflow takes the asset of each: the DAG is read."""
    files = []
    for number, uri in enumerate(NAMELESS):
        project = scoring(f"project{number}", output={"uri": uri})
        files.append(project / "deploy" / "fraud-scoring" / "airflow" / "dag.py")
    done = airflow.call(_PROGRAMS / "import_dag.py", *files, dags=files[0].parent)
    assert done.returncode == 0, done.stderr[-3000:]
    assert len(json.loads(done.stdout.splitlines()[-1])["tasks"]) == len(NAMELESS)


def test_a_container_scores_as_a_process_does(airflow: Airflow, scoring: Callable[..., Path]) -> None:
    """`runOn: docker` runs each step in the image of the emitted Dockerfile, and the results are the same bytes. What
    would fail again is not tried again."""
    if subprocess.run(["/usr/bin/docker", "info"], capture_output=True).returncode != 0:
        pytest.skip("no Docker engine answers: run `make e2e-ready`")
    process = scoring("process")
    airflow.test(process)
    project = scoring("container", runOn="docker", retries={"count": 2, "delay": "1h"})
    for folder in ("data", "data/payments", f"data/payments/{DAY}", "data/scores"):
        (project / folder).mkdir(exist_ok=True)
        (project / folder).chmod(0o777)  # the container's user is not the one of this test
    image = re.search(r'"image": "(.+)"', (project / "deploy" / "fraud-scoring" / "airflow" / "dag.py").read_text())
    assert image is not None
    command = ["/usr/bin/docker", "build", "--file=deploy/fraud-scoring/docker/Dockerfile", f"--tag={image[1]}", "."]
    built = subprocess.run(
        command, cwd=project, env={**os.environ, "DOCKER_BUILDKIT": "1"}, capture_output=True, text=True, timeout=600
    )
    assert built.returncode == 0, built.stderr[-3000:]
    said = airflow.test(project)
    assert (project / "data" / "scores" / DAY / "_SUCCESS").exists(), said[-4000:]
    assert _data(project) == _data(process)
    shutil.rmtree(project / "data" / "payments" / DAY)
    said = airflow.test(project)
    assert "there is no input: looked for /data/data/payments" in said
    assert "state=failed" in said


def test_a_connection_leads_from_storage_to_storage(
    airflow: Airflow, scoring: Callable[..., Path], scorer_python: Path, payments: Path, free_ports: Callable[..., Any]
) -> None:
    """A run on the worker knows of the storage what the spec says of its connection, and what a variable of the worker
    has of its secret; nothing else leads there."""
    columns = ["amount", "category", "hour", "day"]
    with serving(scorer_python, *free_ports(1)) as storage:
        for file in payments.iterdir():
            storage.do(COPY, file, f"s3://data/payments/{DAY}/{file.name}")
        project = scoring(
            input={"uri": "s3://data/payments/{interval.start:%Y-%m-%d}/", "connection": "lake", "columns": columns},
            output={"uri": "s3://data/scores/{interval.start:%Y-%m-%d}/"},
            connections=CONNECTION.format(endpoint=storage.endpoint()),
        )
        said = airflow.test(project, SECRETS)
        assert "published 1,000 rows" in said, said[-3000:]
        found = json.loads(storage.do(READ, f"s3://data/scores/{DAY}"))
    assert len(found["rows"]) == 1000
    assert {row["scored_at"] for row in found["rows"]} == {"2026-03-28 01:00:00+00:00"}


def _data(project: Path) -> dict[str, bytes]:
    return {name: content for name, content in scores(project).items() if name.endswith(".parquet")}
