"""What is wrong only because of the target's options."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.cluster import Autoscaling
from servespec.deployment.scalings import scalings
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import serves
from servespec.diagnostics.types import Diagnostic
from servespec.targets.kube.names import wrong_names
from servespec.targets.kube.scaling_messages import MEASURED, missing_keda, no_scale_to_zero, scaling
from servespec.targets.kubernetes.options import KubernetesOptions


def check(deployment: Deployment, options: KubernetesOptions) -> Iterator[Diagnostic]:
    """What the options have wrong, and what they lack for the deployment."""
    yield from wrong_names("kubernetes", options.namespace, options.prometheus)
    address = options.prometheus.address if options.prometheus else None
    if serves(deployment):
        yield from scaling(deployment, "kubernetes", title="Kubernetes", address=address)
    if deployment.streaming and (load := deployment.streaming.scaling.autoscaling):
        yield from _of_workers(deployment, load)


def _of_workers(deployment: Deployment, load: Autoscaling) -> Iterator[Diagnostic]:
    """What is wrong with the number of workers: KEDA counts the events that wait, also when nobody takes them."""
    *_, (block, _) = scalings(deployment)
    if load.min == 0 and load.metric in MEASURED:
        yield no_scale_to_zero("kubernetes", title="What goes by CPU or memory", block=block)
    if load.metric not in MEASURED and deployment.platform.lacks(deployment.platform.keda):
        yield missing_keda(load.metric, platform=str(deployment.platform.name), block=block)
