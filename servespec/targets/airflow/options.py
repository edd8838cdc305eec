"""Options of the airflow target."""

from __future__ import annotations

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Said


class AirflowOptions(Node):
    """Where things are on the workers of Airflow."""

    python: Said | None = Field(default=None, examples=["/opt/scoring/bin/python"])
    """For `runOn: local`: the Python of an environment with `batch/requirements.txt`. Default: the worker's own."""
    project: Said | None = Field(default=None, examples=["/opt/airflow/dags/fraud-detector"])
    """The project folder there, from which relative paths are read. Default: found from where the DAG file lies."""
    connection: Said | None = Field(default=None, examples=["scoring_cluster"])
    """For `runOn: kubernetes` and `spark`: the connection of Airflow's that says where that is. Default:
    `kubernetes_default` and `spark_default`."""
    namespace: Said | None = Field(default=None, examples=["ml"])
    """For `runOn: kubernetes`: the namespace of the pods. Default: that of the connection."""
