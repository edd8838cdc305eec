"""A DAG of one task that does nothing: empty_dag.py local|docker|kubernetes|spark [ASSET]"""

import datetime as dt
import sys

try:
    from airflow.sdk import DAG, Asset, task
except ImportError:
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import task
    from airflow.models.dag import DAG

with DAG("empty", schedule="@daily", start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), catchup=False):
    match sys.argv[1]:
        case "docker":
            from airflow.providers.docker.operators.docker import DockerOperator

            DockerOperator(task_id="nothing", image="nothing")
        case "kubernetes":
            from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator

            KubernetesPodOperator(task_id="nothing", image="nothing")
        case "spark":
            from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

            SparkSubmitOperator(task_id="nothing", application="nothing")
        case _:

            @task(outlets=[Asset(name) for name in sys.argv[2:]])
            def nothing():
                pass

            nothing()
