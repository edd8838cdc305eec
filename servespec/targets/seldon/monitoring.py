"""Where Prometheus finds the metrics of a pod that Seldon Core 1 has changed."""

from __future__ import annotations

from servespec.emit.quoted import Data, traced
from servespec.runtimes.seldon import IMPLEMENTATIONS, METRICS_PATH, PREPACKAGED_PORT, READS_PATH
from servespec.targets.kube.ports import metrics_port
from servespec.targets.kube.predictors import Predictor


def endpoint(predictor: Predictor) -> dict[str, Data]:
    """The port by its name, and the path."""
    runs = predictor.member.image.container
    metrics = runs.watched.metrics
    assert metrics is not None
    moved = runs.server in READS_PATH.value
    path = traced(METRICS_PATH.value, "fact:seldon.METRICS_PATH") if moved else traced(metrics.path, runs.why)
    if predictor.stored is None or predictor.deployment.model.format not in IMPLEMENTATIONS.value:
        return {"port": metrics_port(runs), "path": path}
    # The pod is found by a port that it has, and asked at the one where the server tells them.
    relabeled: dict[str, Data] = {
        "sourceLabels": ["__address__"],
        "regex": r"(.+):\d+",
        "targetLabel": "__address__",
        "replacement": traced(f"$1:{metrics.port}", runs.why),
    }
    return {
        "port": traced(PREPACKAGED_PORT.value, "fact:seldon.PREPACKAGED_PORT"),
        "path": path,
        "relabelings": [relabeled],
    }
