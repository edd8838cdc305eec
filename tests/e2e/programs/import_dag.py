"""Imports DAG files as modules, and prints as JSON the tasks of each and which libraries of a scorer that loaded."""

import importlib.util
import json
import sys

tasks = []
for file in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("dag", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tasks.append(sorted(module.dag.task_ids))
heavy = {"pyarrow", "onnxruntime", "pandas", "numpy", "sklearn", "mlflow", "torch"}
print(json.dumps({"tasks": tasks, "loaded": sorted(heavy & sys.modules.keys())}))
