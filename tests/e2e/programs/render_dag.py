"""Prints as JSON the variables of a DAG's first container, rendered as Airflow renders them before it is started."""

import importlib.util
import json
import sys

spec = importlib.util.spec_from_file_location("dag", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
operator = module.dag.get_task("validate")
rendered = operator.render_template(operator.environment, {}, module.dag.get_template_env())
print(json.dumps({"environment": rendered}))
