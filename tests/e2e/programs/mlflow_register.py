"""Registers the model in a folder, and gives its newest version an alias: mlflow_register.py FOLDER NAME ALIAS."""

import sys

import mlflow

folder, name, alias = sys.argv[1:]
with mlflow.start_run() as run:
    mlflow.log_artifacts(folder, "model")
client = mlflow.MlflowClient()
if not client.search_registered_models(f"name='{name}'"):
    client.create_registered_model(name)
version = client.create_model_version(name, f"runs:/{run.info.run_id}/model", run.info.run_id)
client.set_registered_model_alias(name, alias, version.version)
