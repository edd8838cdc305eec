"""Specs of every server, compiled for a platform: what a cluster would get of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from servespec.artifacts import Content
from servespec.edge.gather import gather
from servespec.pipeline import Analysis, File, Texts, World, analyse
from servespec.pipeline.making import make
from servespec.targets.contract import Output

_PROJECT = Path(__file__).parents[1] / "cases" / "_project"
_HEAD = "apiVersion: servespec/v1\nname: fraud-detector\npattern: realtime\n"
_SIGNATURE = """\
signature:
  inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}
  outputs: {tensors: [{name: probabilities, datatype: FP32, shape: [-1, 2]}]}
"""
NEWEST = "platform: newest\n"
"""For a cluster that has everything: Kubernetes in its oldest version, all else in its newest."""
_CLUSTERS = """\
platforms:
  newest:
    {kubernetes: "1.25", keda: "2.20", seldon: ["1.17", "2.6"], kserve: "0.21", knative: "1.22", enableGatewayApi: true}
"""
_REPOSITORY = "image: {repository: registry.example.com/fraud-detector"

LOCAL: Mapping[str, str] = {
    "torchserve": f"model: {{format: pytorch, uri: ./model}}\n{_REPOSITORY}, requirements: requirements.txt}}\n",
    "onnxruntime": f"model: {{format: onnx, uri: ./onnx}}\n{_REPOSITORY}}}\n",
    "mlserver": f"model: {{format: sklearn, uri: ./sklearn}}\n{_REPOSITORY}}}\n",
    "mlflow": f"model: {{format: mlflow, uri: ./mlflow}}\n{_REPOSITORY}}}\n",
    "tf-serving": f"model: {{format: tensorflow, uri: ./saved-real}}\n{_REPOSITORY}}}\n",
    "triton": f"model: {{format: onnx, uri: ./onnx}}\nruntime: {{server: triton}}\n{_SIGNATURE}{_REPOSITORY}}}\n",
}
"""A spec of each server whose model is beside it, and so in its image."""
STORED: Mapping[str, str] = {
    "sklearn": 'model: {format: sklearn, uri: "s3://m/m.joblib", framework: {name: scikit-learn, version: "1.5.2"}}\n',
    "xgboost": 'model: {format: xgboost, uri: "gs://models/fraud"}\n',
    "lightgbm": 'model: {format: lightgbm, uri: "pvc://models/fraud.txt"}\n',
    "tensorflow": 'model: {format: tensorflow, uri: "gs://models/fraud"}\n',
    "onnx": f'model: {{format: onnx, uri: "s3://models/fraud"}}\nruntime: {{server: triton}}\n{_SIGNATURE}',
}
"""A spec of each format whose model is in a storage, and so in a server that others ship."""
VARIANTS: Mapping[str, str] = {
    "in images": LOCAL["mlserver"]
    + """\
variants:
  - {name: current, weight: 80, replicas: 3}
  - {name: next, weight: 20, model: {version: "1.5"}, resources: {limits: {memory: 1Gi}}}
  - {name: later, shadow: true, model: {version: "2.0"}}
""",
    "in a storage": """\
model: {format: xgboost, uri: "s3://models/current.json"}
variants:
  - {name: current, weight: 80, replicas: 2}
  - {name: next, weight: 20, model: {uri: "s3://models/next.json"}}
  - {name: later, shadow: true, model: {uri: "s3://models/later.json"}}
""",
}
"""A spec of an A/B with a shadow, with models in their images and in a storage."""


def read(blocks: str, *, clusters: str = _CLUSTERS) -> Analysis:
    """What is known of a spec with these blocks, which may name one of the clusters."""
    texts = Texts(File("serving.yaml", f"{_HEAD}{blocks}".encode()), {}, File("servespec.yaml", clusters.encode()))
    (only,) = analyse(texts, World(lambda wanted: gather(_PROJECT, wanted), "2026-11-23")).each
    return only


def documents(blocks: str, target: str, *, clusters: str = _CLUSTERS) -> list[dict[str, Any]]:
    """The objects that a target makes of a sound spec with these blocks, as a YAML reader has them."""
    read_back = map(yaml.safe_load, files(blocks, target, clusters=clusters).values())
    return [item for item in read_back if item["kind"] != "ServiceAccount"]


def files(blocks: str, target: str, *, clusters: str = _CLUSTERS) -> dict[str, str]:
    """The text of what a target makes of a sound spec with these blocks, by its name."""
    analysis = read(blocks, clusters=clusters)
    assert analysis.ok, [item.headline for item in analysis.report.diagnostics]
    made = make(analysis.sound, Output(str(_PROJECT), str(_PROJECT / "deploy" / "fraud-detector")))
    (bundle,) = (item for item in made.bundles if item.target == target)
    return {item.path: item.content.text for item in bundle.artifacts if isinstance(item.content, Content)}
