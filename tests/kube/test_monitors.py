"""Prometheus is told in one form, whatever runs the pods, and finds them and their port."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kube.compiled import LOCAL, NEWEST, STORED, VARIANTS, documents
from tests.kube.objects import problems, started

_PROMETHEUS = "prometheus: {namespace: monitoring, labels: {release: prometheus}}"
_SPECS = {"an image": LOCAL["mlserver"], "a storage": STORED["xgboost"], "variants": VARIANTS["in images"]}
_ROUTE = "network: {callers: [{namespace: edge}], expose: {host: fraud.example.com, gateway: {name: edge}}}\n"


@pytest.mark.parametrize("spec", _SPECS)
@pytest.mark.parametrize("target", ["kubernetes", "seldon", "kserve"])
def test_a_monitor_finds_its_pods(target: str, spec: str, crds: Path) -> None:
    """Every pod is found by just one monitor, at a port that it has, and by nobody who is not told of Prometheus."""
    if (target, spec) == ("kubernetes", "a storage"):
        pytest.skip("the same objects as for an image")
    blocks = f"{NEWEST}{_SPECS[spec]}{_ROUTE if target == 'kubernetes' else ''}targets: {{{target}: "
    assert [item for item in documents(f"{blocks}}}\n", target) if "Monitor" in item["kind"]] == []
    made = documents(f"{blocks}{{{_PROMETHEUS}}}}}\n", target)
    monitors = [item for item in made if item["kind"] == ("ServiceMonitor" if target == "kubernetes" else "PodMonitor")]
    assert [problem for item in monitors for problem in problems(item, crds)] == []
    pods = started([item for item in made if "Monitor" not in item["kind"]])
    assert len(pods) >= (2 if spec == "variants" else 1)
    for pod in pods:
        labels = pod["metadata"]["labels"]
        (found,) = (item for item in monitors if item["spec"]["selector"]["matchLabels"].items() <= labels.items())
        (endpoint,) = found["spec"].get("podMetricsEndpoints") or found["spec"]["endpoints"]
        (container,) = pod["spec"]["containers"]
        assert endpoint["port"] in [port["name"] for port in container["ports"]]
        assert found["metadata"]["labels"]["release"] == "prometheus"
