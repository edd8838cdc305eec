"""How many pods of a predictor there are, and how many of them may be missing, in the words of a SeldonDeployment."""

from __future__ import annotations

import hashlib

from servespec.deployment.cluster import Autoscaling
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.seldon import LONGEST_NAME
from servespec.targets.kube.load import keda_bounds, pods_called, query, resource_metric
from servespec.targets.kube.predictors import Predictor
from servespec.targets.kube.scaling_messages import MEASURED
from servespec.targets.seldon.checking import node_name
from servespec.targets.seldon.options import SeldonOptions

_WHY = "scaling.autoscaling"


def copies(predictor: Predictor, options: SeldonOptions) -> dict[str, Data]:
    """So many, or as many as the load asks for: Seldon makes an autoscaler of Kubernetes or of KEDA, and sets no number
    where there is one."""
    scaling = predictor.deployment.scaling
    if scaling.autoscaling is None:
        return {"replicas": traced(scaling.replicas, *predictor.replicas_why)}
    if scaling.autoscaling.metric in MEASURED:
        return {"hpaSpec": _by_resource(scaling.autoscaling)}
    address = options.prometheus.address if options.prometheus else None
    assert address is not None, "a check refuses a load that nobody measures"
    return {"kedaSpec": _by_requests(predictor, scaling.autoscaling, address=address)}


def _by_resource(scaling: Autoscaling) -> Data:
    return {
        "minReplicas": traced(scaling.min, f"{_WHY}.min"),
        "maxReplicas": traced(scaling.max, f"{_WHY}.max"),
        # `metrics` beside it is the form of a version that Kubernetes no longer has.
        "metricsv2": [resource_metric(scaling)],
    }


def _by_requests(predictor: Predictor, scaling: Autoscaling, *, address: str) -> Data:
    metrics = predictor.member.image.container.watched.metrics
    assert metrics is not None, "a check refuses a server that tells no metrics"
    runs = predictor.deployment
    pods = _workload(f"{runs.name}-{predictor.name}-0-{node_name(runs)}")
    return {
        **keda_bounds(scaling, why=_WHY),
        "triggers": [
            {
                "type": "prometheus",
                "metadata": {
                    "serverAddress": traced(address, "targets.seldon.prometheus.address"),
                    "query": query(pods_called(pods), scaling, metrics, namespace=predictor.member.namespace),
                    # KEDA wants text for every one of these.
                    "threshold": traced(str(scaling.target), f"{_WHY}.target"),
                },
            }
        ],
    }


def _workload(name: str) -> str:
    """How Seldon calls what it makes of a predictor, by which its pods are found: a name that is too long is hashed."""
    if len(name) <= LONGEST_NAME.value:
        return name
    return f"seldon-{hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()}"


def budget(deployment: Deployment) -> dict[str, Data]:
    """How many may be missing when a cluster moves them; nothing for a lone one, which could never be moved."""
    if not deployment.scaling.several:
        return {}
    return {"pdbSpec": {"maxUnavailable": traced(deployment.disruption.allowed, "disruption.maxUnavailable")}}
