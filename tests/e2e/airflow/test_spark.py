"""`runOn: spark` on both Airflows: the operator submits the job to Spark on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.airflow.conftest import DAY, HOSTILE, Airflow, scores

pytestmark = pytest.mark.e2e


def test_the_job_scores_as_a_process_does(airflow: Airflow, scoring: Callable[..., Path], scorer_python: Path) -> None:
    """The submitted job publishes the files that tasks on the worker do, to the byte, and a closed gate keeps them."""
    process = scoring("process", parallelism=3)
    airflow.test(process)
    spark = {
        "PATH": f"{scorer_python.parent}:{os.environ['PATH']}",
        "PYSPARK_PYTHON": str(scorer_python),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "AIRFLOW_CONN_SPARK_DEFAULT": '{"conn_type": "spark", "host": "local[2]"}',
    }
    project = scoring("spark", parallelism=3, runOn="spark", env=HOSTILE)
    said = airflow.test(project, spark)
    assert (project / "data" / "scores" / DAY / "_SUCCESS").exists(), said[-4000:]
    published = scores(project)
    assert _data(published) == _data(scores(process))
    scoring("spark", parallelism=3, runOn="spark", gates={"minRows": 5000})
    said = airflow.test(project, spark)
    assert "1,000 rows of results, at least 5,000 are wanted" in said
    assert "state=failed" in said
    assert scores(project) == published


def _data(found: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in found.items() if name.endswith(".parquet")}
