"""What is wrong only because of the target's options."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.cluster import Autoscaling
from servespec.deployment.names import is_label, is_label_key, is_label_value
from servespec.deployment.types import Deployment
from servespec.deployment.workers import scalings
from servespec.deployment.workloads import serves
from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.diagnostics.wording import shown
from servespec.targets.kube.names import invalid_namespace
from servespec.targets.kube.scaling_messages import MEASURED, missing_keda, no_scale_to_zero, scaling
from servespec.targets.kubernetes.options import KubernetesOptions

_ROUTE = ("targets", "kubernetes")
_PROMETHEUS = 'prometheus: {namespace: monitoring, address: "http://…"}'


def check(deployment: Deployment, options: KubernetesOptions) -> Iterator[Diagnostic]:
    """What the options have wrong, and what they lack for the deployment."""
    prometheus = options.prometheus
    names = (
        (("namespace",), options.namespace),
        (("prometheus", "namespace"), prometheus.namespace if prometheus else None),
    )
    for route, name in names:
        if name is not None and not is_label(name):
            yield invalid_namespace((*_ROUTE, *route), name)
    for key, value in (prometheus.labels if prometheus else {}).items():
        if not (is_label_key(key) and is_label_value(value)):
            yield invalid_prometheus_label(key)
    address = prometheus.address if prometheus else None
    if serves(deployment):
        yield from scaling(deployment, "kubernetes", title="Kubernetes", address=address, option=_PROMETHEUS)
    if deployment.streaming and (load := deployment.streaming.scaling.autoscaling):
        yield from _of_workers(deployment, load)


def _of_workers(deployment: Deployment, load: Autoscaling) -> Iterator[Diagnostic]:
    """What is wrong with the number of workers: KEDA counts the events that wait, also when nobody takes them."""
    *_, (block, _) = scalings(deployment)
    if load.min == 0 and load.metric in MEASURED:
        yield no_scale_to_zero("kubernetes", title="What goes by CPU or memory", block=block)
    if load.metric not in MEASURED and deployment.platform.lacks(deployment.platform.keda):
        yield missing_keda(load.metric, platform=str(deployment.platform.name), block=block)


def invalid_prometheus_label(key: str) -> Diagnostic:
    """A label by which Prometheus finds what to collect is none.

    Key and value are letters, digits, `-`, `_` and `.`; the key may have a domain and `/` before it.

    Bad:
    ```yaml
    targets: {kubernetes: {prometheus: {namespace: monitoring, labels: {"scraped by": prometheus}}}}
    ```
    Good:
    ```yaml
    targets: {kubernetes: {prometheus: {namespace: monitoring, labels: {release: prometheus}}}}
    ```
    """
    return error(
        "invalid-prometheus-label",
        f"{shown(key)} is no label",
        Label((*_ROUTE, "prometheus", "labels", key), "at most 63 letters, digits, `-`, `_` and `.`", Part.KEY),
        help="write a label such as `release: prometheus`",
    )
