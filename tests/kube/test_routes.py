"""Routes to variants: their weights, copies for a shadow, and the port that each service has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.projects import HEAD, analyse, made, write

_SPEC = (
    HEAD
    + """\
model: {format: onnx, uri: ./one.onnx, version: "1"}
signature:
  inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}
  outputs: {tensors: [{name: probability, datatype: FP32, shape: [-1, 1]}]}
network: {callers: [{namespace: edge}], expose: {host: fraud.example.com, gateway: {name: edge}}}
targets: {kubernetes: }
variants:
  - {name: current, weight: 80}
  - {name: next, weight: 20, runtime: {protocols: {rest: 9000}}}
  - {name: trial, shadow: true, runtime: {server: triton}}
"""
)


def test_a_route_asks_each_service_at_its_port(tmp_path: Path) -> None:
    """Servers have different ports, and so have their services; the route shares by weight and copies to the shadow."""
    files = made(analyse(write(tmp_path, _SPEC, {"one.onnx": b"x"})))
    read = YAML(typ="safe").load
    ports: dict[str, Any] = {}
    for name in ("current", "next", "trial"):
        service = read(files[f"kubernetes/service-{name}.yaml"])
        ports[service["metadata"]["name"]] = service["spec"]["ports"][0]["port"]
    assert ports == {"fraud-detector-current": 8080, "fraud-detector-next": 9000, "fraud-detector-trial": 8000}
    (rule,) = read(files["kubernetes/httproute.yaml"])["spec"]["rules"]
    assert [(item["name"], item["port"], item["weight"]) for item in rule["backendRefs"]] == [
        ("fraud-detector-current", 8080, 80),
        ("fraud-detector-next", 9000, 20),
    ]
    (copies,) = rule["filters"]
    assert copies["requestMirror"]["backendRef"] == {"name": "fraud-detector-trial", "port": 8000}
