"""Prints as JSON what Airflow keeps in its database of a DAG file, and the variables with which a task of it starts."""

import importlib.util
import json
import sys

try:
    from airflow.serialization.serialized_objects import DagSerialization
except ImportError:  # Airflow 2
    from airflow.serialization.serialized_objects import SerializedDAG as DagSerialization


def started(operator):
    """The variables that Airflow's own operator has when it starts."""
    own = type(operator).__mro__[1]
    own.execute = lambda self, context: self.environment if hasattr(self, "environment") else self.env_vars
    return operator.execute({})


spec = importlib.util.spec_from_file_location("dag", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
kept = json.dumps(DagSerialization.to_dict(module.dag), default=str)
print(json.dumps({"kept": kept, "started": started(module.dag.get_task(sys.argv[2]))}))
