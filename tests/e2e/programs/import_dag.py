"""Imports a DAG file as a module, and prints as JSON its tasks and which libraries of a scorer that loaded."""

import importlib.util
import json
import sys

spec = importlib.util.spec_from_file_location("dag", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
heavy = {"pyarrow", "onnxruntime", "pandas", "numpy", "sklearn", "mlflow", "torch"}
print(json.dumps({"tasks": sorted(module.dag.task_ids), "loaded": sorted(heavy & sys.modules.keys())}))
