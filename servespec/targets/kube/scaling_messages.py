"""What is wrong with `scaling` on a platform that makes the Deployments itself."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Route

MEASURED = ("cpu", "memory")
"""Metrics that Kubernetes measures itself; of all others Prometheus is asked."""
_SCALING: Route = ("scaling", "autoscaling")
_ON_KNATIVE = "let KServe run it with `mode: Knative`, by `rps` or `concurrency`"
_OPTION = 'prometheus: {address: "http://…"}'


def scaling(
    deployment: Deployment, target: str, *, title: str, address: str | None, option: str = _OPTION
) -> Iterator[Diagnostic]:
    """What of `scaling` a target can't do: `address` is that of Prometheus, where the load is to be had, and `option`
    how a target is told of it."""
    given = deployment.scaling.autoscaling
    if given is None:
        return
    if given.min == 0:
        yield no_scale_to_zero(target, title=title)
    server = SERVERS[deployment.runtime.server]
    if given.metric not in MEASURED and server.request_metrics is None:
        yield uncounted_load(server.title)
    elif given.metric not in MEASURED and address is None:
        yield unmeasured_load(target, metric=given.metric, option=option)
    if given.metric not in MEASURED and deployment.platform.lacks(deployment.platform.keda):
        yield missing_keda(given.metric, platform=str(deployment.platform.name))


def no_scale_to_zero(target: str, *, title: str, block: Route = ("scaling",), instead: str = _ON_KNATIVE) -> Diagnostic:
    """No copy is to run while nobody asks, and nothing on this platform would start one again.

    Knative keeps the first request until a copy is up, where it scales by requests. An autoscaler of Kubernetes counts
    the load of what runs: of nothing it is nothing, and there would never be a copy again. With CPU or memory as the
    metric, Knative too uses that autoscaler.

    Bad:
    ```yaml
    scaling: {autoscaling: {min: 0, max: 3}}
    targets: {seldon: }
    ```
    Good:
    ```yaml
    scaling: {autoscaling: {min: 1, max: 3}}
    targets: {seldon: }
    ```
    """
    return error(
        "no-scale-to-zero",
        f"{title} can't scale to zero",
        Label((*block, "autoscaling", "min"), "nothing would start the first copy"),
        Label(("targets", target), "here", Part.KEY),
        help=f"write `min: 1`, or {instead}",
    )


def uncounted_load(server: str) -> Diagnostic:
    """The number of requests is to scale the service, and its server does not count them.

    Bad:
    ```yaml
    model: {format: mlflow, uri: ./mlflow}
    scaling: {autoscaling: {max: 3, metric: rps, target: 50}}
    targets: {seldon: {prometheus: {address: "http://prometheus.monitoring:9090"}}}
    ```
    Good:
    ```yaml
    model: {format: mlflow, uri: ./mlflow}
    scaling: {autoscaling: {max: 3, metric: cpu}}
    targets: {seldon: }
    ```
    """
    return error(
        "uncounted-load",
        f"{server} does not count its requests",
        Label((*_SCALING, "metric"), "counted by the server"),
        Label(("runtime", "server"), "not by this one", otherwise=Label(("model", "format"), "its server does not")),
        help="scale by `cpu`, or choose another server",
    )


def unmeasured_load(target: str, *, metric: str, option: str = _OPTION) -> Diagnostic:
    """The number of requests is to scale the service, and nothing says who counts them.

    Kubernetes measures CPU and memory itself. Requests are counted by the server, and collected by Prometheus, whose
    address an autoscaler has to know.

    Bad:
    ```yaml
    scaling: {autoscaling: {max: 3, metric: rps, target: 50}}
    targets: {seldon: }
    ```
    Good:
    ```yaml
    scaling: {autoscaling: {max: 3, metric: rps, target: 50}}
    targets: {seldon: {prometheus: {address: "http://prometheus.monitoring:9090"}}}
    ```
    """
    return error(
        "unmeasured-load",
        f"`{target}` can't find out the {metric}",
        Label((*_SCALING, "metric"), "counted by the server, and collected by Prometheus"),
        Label(("targets", target), "is not told where Prometheus is", Part.KEY),
        help=f"write `{option}` there, or scale by `cpu`",
    )


def missing_keda(metric: str, *, platform: str, block: Route = ("scaling",)) -> Diagnostic:
    """An autoscaler by requests is for a cluster without KEDA.

    Kubernetes itself scales by CPU and memory only. The root file says of this cluster what is on it, and KEDA is not.

    Bad:
    ```yaml
    platform: production   # with `platforms: {production: {kubernetes: "1.34"}}` in servespec.yaml
    scaling: {autoscaling: {max: 10, metric: rps, target: 50}}
    ```
    Good:
    ```yaml
    platform: production   # with `platforms: {production: {kubernetes: "1.34", keda: "2.20"}}` in servespec.yaml
    scaling: {autoscaling: {max: 10, metric: rps, target: 50}}
    ```
    """
    return error(
        "missing-keda",
        f"nothing on the cluster scales by `{metric}`",
        Label((*block, "autoscaling", "metric"), "needs KEDA"),
        Label(("platform",), f"has none, as `platforms.{platform}` of the root file says"),
        help='write `metric: cpu`; where KEDA is installed, say so there: `keda: "2.20"`',
    )
