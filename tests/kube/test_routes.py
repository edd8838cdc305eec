"""Routes to variants: their weights, copies for a shadow, and the port that each service has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.kube.objects import problems
from tests.projects import HEAD, analyse, made, write

_SPEC = (
    HEAD
    + """\
model: {format: onnx, uri: ./one.onnx, version: "1"}
signature:
  inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}
  outputs: {tensors: [{name: probability, datatype: FP32, shape: [-1, 1]}]}
network: {callers: [{namespace: edge}], expose: {host: fraud.example.com, grpcHost: grpc.example.com, gateway: {name: edge}}}
targets: {kubernetes: }
variants:
  - {name: current, weight: 80}
  - {name: next, weight: 20, runtime: {protocols: {rest: 9000}}}
  - {name: trial, shadow: true, runtime: {server: triton}}
"""
)


@pytest.mark.parametrize(
    ("kind", "host", "port", "numbers"),
    [
        ("httproute", "fraud.example.com", "http", (8080, 9000, 8000)),
        ("grpcroute", "grpc.example.com", "grpc", (8081, 8081, 8001)),
    ],
)
def test_a_route_asks_each_service_at_its_port(
    tmp_path: Path, crds: Path, kind: str, host: str, port: str, numbers: tuple[int, ...]
) -> None:
    """Servers have different ports, and so have their services; a route shares by weight and copies to the shadow, and
    that of gRPC has a name of its own: of two kinds for one name a Gateway takes only one."""
    files = made(analyse(write(tmp_path, _SPEC, {"one.onnx": b"x"})))
    read = YAML(typ="safe").load
    ports: dict[str, Any] = {}
    for name in ("current", "next", "trial"):
        service = read(files[f"kubernetes/service-{name}.yaml"])
        ports[name] = {item["name"]: item["port"] for item in service["spec"]["ports"]}[port]
    assert tuple(ports.values()) == numbers
    route = read(files[f"kubernetes/{kind}.yaml"])
    assert problems(route, crds) == []
    assert (route["spec"]["hostnames"], route["spec"]["parentRefs"]) == ([host], [{"name": "edge"}])
    (rule,) = route["spec"]["rules"]
    assert [(item["name"], item["port"], item["weight"]) for item in rule["backendRefs"]] == [
        ("fraud-detector-current", ports["current"], 80),
        ("fraud-detector-next", ports["next"], 20),
    ]
    (copies,) = rule["filters"]
    assert copies["requestMirror"]["backendRef"] == {"name": "fraud-detector-trial", "port": ports["trial"]}


@pytest.mark.parametrize(
    ("expose", "degree"),
    [
        ("gateway: {name: edge}", None),
        ("gateway: {name: edge}, grpcHost: grpc.example.com", "approximated"),
        ("tls: fraud-tls, ingressClass: nginx", None),
        ("tls: fraud-tls, ingressClass: traefik", "dropped"),
    ],
)
def test_a_timeout_that_nothing_can_say_is_a_loss(tmp_path: Path, expose: str, degree: str | None) -> None:
    """A route for REST has one, and ingress-nginx; what else leads there has none, and that is told."""
    blocks = f"""\
model: {{format: onnx, uri: ./one.onnx}}
image: {{repository: registry.example.com/fraud}}
network: {{timeout: 20s, callers: [{{namespace: edge}}], expose: {{host: fraud.example.com, {expose}}}}}
targets: {{kubernetes: }}
"""
    analysis = analyse(write(tmp_path, HEAD + blocks, {"one.onnx": b"x"}))
    losses = (item for item in analysis.losses if item.target == "kubernetes")
    lost = [item.degree for item in losses if item.route == ("network", "timeout")]
    assert lost == ([degree] if degree else [])
