"""`runOn: kubernetes` on both Airflows: the operator runs the whole DAG against a stand-in for a cluster's API, which runs
the scorer as a process. What it was sent is what a cluster would get, and is held against Kubernetes' own schemas."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from servespec.emit.yaml import kubernetes_escape
from tests.e2e.airflow.conftest import DAY, HOSTILE, Airflow, scores
from tests.e2e.airflow.stand_in import Cluster, Pod
from tests.kube.objects import problems

pytestmark = pytest.mark.e2e

Start = Callable[[Path], Cluster]


@pytest.fixture
def cluster(scorer_python: Path) -> Iterator[Start]:
    """A stand-in whose pods score the data of a project, where a cluster would mount the volume."""
    made: list[Cluster] = []

    def make(project: Path) -> Cluster:
        script = project / "deploy" / "fraud-scoring" / "batch" / "score.py"
        image = [scorer_python, script, f"--data={project}", f"--model={project}/model/fraud_detector.onnx"]

        def start(pod: Pod) -> subprocess.Popen[str]:
            (container,) = pod["spec"]["containers"]
            given = {item["name"]: item["value"].replace("$$", "$") for item in container["env"]}
            env = {**os.environ, **given}
            argv = [*map(str, image), *container["args"]]
            return subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        made.append(Cluster(start))
        return made[-1]

    yield make
    for item in made:
        item.close()


def _asked(project: Path) -> Any:
    """The pod in the literal of the DAG."""
    text = (project / "deploy" / "fraud-scoring" / "airflow" / "dag.py").read_text()
    values = (node.value for node in ast.parse(text).body if isinstance(node, ast.Assign))
    return ast.literal_eval(next(value for value in values if isinstance(value, ast.Dict)))["pod"]


def _filled(value: Any) -> Any:
    """An object without what is empty, which an API takes as not there."""
    if isinstance(value, list):
        return [_filled(item) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items() if item not in ({}, [], None)}
    return value


def test_each_step_is_a_pod(airflow: Airflow, scoring: Callable[..., Path], cluster: Start, crds: Path) -> None:
    """A run publishes what a run on the worker itself does, and each pod is the one of the literal with its step: valid,
    hardened, with every text as the spec has it."""
    process = scoring("process", parallelism=2)
    airflow.test(process)
    given = {"runOn": "kubernetes", "volumeClaim": "payments", "parallelism": 2, "env": HOSTILE}
    project = scoring("pods", options={"namespace": "ml"}, **given)
    there = cluster(project)
    said = airflow.test(project, {"AIRFLOW_CONN_KUBERNETES_DEFAULT": there.connection})
    assert (project / "data" / "scores" / DAY / "_SUCCESS").exists(), said[-4000:]
    assert _data(project) == _data(process)
    steps = [pod["spec"]["containers"][0]["args"] for pod in there.sent]
    assert sorted(step[0] for step in steps) == ["gate", "publish", "score", "score", "validate"]
    assert {step[-1] for step in steps if step[0] == "score"} == {"--part=0/2", "--part=1/2"}
    asked = _asked(project)
    for pod in there.sent:
        del pod["metadata"]["uid"], pod["metadata"]["creationTimestamp"]
        assert problems(pod, crds) == []
        sent = _filled(pod)
        (container,) = sent["spec"]["containers"]
        assert container.pop("args") in steps
        assert container.pop("terminationMessagePolicy") == "File"
        assert {item["name"]: item["value"] for item in container["env"]} == {
            name: kubernetes_escape(text) for name, text in HOSTILE.items()
        }
        assert sent["spec"].pop("hostNetwork") is False
        assert sent["spec"] == asked["spec"]
        assert sent["metadata"]["namespace"] == "ml"
        assert asked["metadata"]["labels"].items() <= sent["metadata"]["labels"].items()


def _data(project: Path) -> dict[str, bytes]:
    return {name: content for name, content in scores(project).items() if name.endswith(".parquet")}


@pytest.mark.parametrize("deferrable", [False, True])
def test_a_closed_gate_fails_the_run(
    airflow: Airflow, scoring: Callable[..., Path], cluster: Start, deferrable: bool
) -> None:
    """The pod's exit code fails its task, at once, for it would fail again; its log is Airflow's, and nothing is
    published: also when a triggerer watches the pod, and no worker."""
    given = {"wait": {"deferrable": deferrable}, "retries": {"count": 2, "delay": "1h"}, "volumeClaim": "payments"}
    project = scoring(runOn="kubernetes", gates={"minRows": 5000}, **given)
    there = cluster(project)
    said = airflow.test(project, {"AIRFLOW_CONN_KUBERNETES_DEFAULT": there.connection})
    assert "1,000 rows of results, at least 5,000 are wanted" in said
    assert "state=failed" in said
    assert [pod["spec"]["containers"][0]["args"][0] for pod in there.sent] == ["validate", "score", "gate"]
    assert not (project / "data" / "scores" / DAY).exists()
