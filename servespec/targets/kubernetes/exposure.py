"""The name under which the service is reachable from outside the cluster."""

from __future__ import annotations

from collections.abc import Sequence

from servespec.deployment.cluster import Expose, Gateway
from servespec.deployment.durations import Duration
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.nginx import BODY_SIZE
from servespec.runtimes.operators import GATEWAY, INGRESS_NGINX
from servespec.targets.kube.members import Member, metadata
from servespec.targets.kube.ports import HTTP

_WHY = "network.expose"


def ingress(deployment: Deployment, member: Member, expose: Expose, *, backend: Member) -> dict[str, Data]:
    """An Ingress. How long an answer may take, and how large a request may be, it can't say; ingress-nginx reads that
    off annotations."""
    host, head = traced(expose.host, f"{_WHY}.host"), metadata(deployment, member)
    spec: dict[str, Data] = {}
    if expose.ingress_class:
        spec["ingressClassName"] = traced(expose.ingress_class, f"{_WHY}.ingressClass")
    if expose.ingress_class == "nginx":
        head["annotations"] = {**_annotations(head), **_nginx(deployment.network.timeout)}
    if expose.tls:
        spec["tls"] = [{"hosts": [host], "secretName": traced(expose.tls, f"{_WHY}.tls")}]
    service: Data = {"service": {"name": backend.name, "port": {"name": HTTP}}}
    path: Data = {"path": traced(expose.path, f"{_WHY}.path"), "pathType": "Prefix", "backend": service}
    spec["rules"] = [{"host": host, "http": {"paths": [path]}}]
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": head, "spec": spec}


def _annotations(head: dict[str, Data]) -> dict[str, Data]:
    given = head.get("annotations", {})
    assert isinstance(given, dict)
    return given


def _nginx(timeout: Duration) -> dict[str, Data]:
    seconds = traced(str(timeout.seconds), "network.timeout", "runtime.timeouts.request")
    prefix = INGRESS_NGINX.value
    size = traced(BODY_SIZE.value, "fact:nginx.BODY_SIZE")
    return {f"{prefix}-read-timeout": seconds, f"{prefix}-send-timeout": seconds, f"{prefix}-body-size": size}


def route(
    deployment: Deployment, member: Member, expose: Expose, gateway: Gateway, backends: Sequence[Member]
) -> dict[str, Data]:
    """An HTTPRoute of a Gateway to the service, or to its variants by their weights, with copies for a shadow."""
    return {
        "apiVersion": GATEWAY.value,
        "kind": "HTTPRoute",
        "metadata": metadata(deployment, member),
        "spec": {
            "parentRefs": [traced(_parent(gateway), f"{_WHY}.gateway")],
            "hostnames": [traced(expose.host, f"{_WHY}.host")],
            "rules": [
                {
                    "matches": [{"path": {"type": "PathPrefix", "value": traced(expose.path, f"{_WHY}.path")}}],
                    # https://gateway-api.sigs.k8s.io/geps/gep-2257: no number has more than five digits.
                    "timeouts": {
                        "request": traced(
                            deployment.network.timeout.apart, "network.timeout", "runtime.timeouts.request"
                        )
                    },
                    **_behind(deployment, backends, "rest"),
                }
            ],
        },
    }


def grpc_route(
    deployment: Deployment, member: Member, host: str, gateway: Gateway, backends: Sequence[Member]
) -> dict[str, Data]:
    """A GRPCRoute: all that the HTTPRoute says but the path and the timeout, of which it knows nothing."""
    return {
        "apiVersion": GATEWAY.value,
        "kind": "GRPCRoute",
        "metadata": metadata(deployment, member),
        "spec": {
            "parentRefs": [traced(_parent(gateway), f"{_WHY}.gateway")],
            "hostnames": [traced(host, f"{_WHY}.grpcHost")],
            "rules": [_behind(deployment, backends, "grpc")],
        },
    }


def _behind(deployment: Deployment, backends: Sequence[Member], protocol: str) -> dict[str, Data]:
    """Where requests go, and copies of them."""
    mirrors: list[Data] = []
    services: list[Data] = []
    for index, member in enumerate(backends):
        # Each server may have another one.
        (port,) = (item.number for item in member.image.container.ports if item.protocol == protocol)
        service: dict[str, Data] = {"name": member.name, "port": traced(port, f"runtime.protocols.{protocol}")}
        if member.variant is None:
            services.append(service)
        elif deployment.variants[index].shadow:
            mirror: Data = {"type": "RequestMirror", "requestMirror": {"backendRef": service}}
            mirrors.append(traced(mirror, f"variants[{index}].shadow"))
        else:
            services.append(
                {**service, "weight": traced(deployment.variants[index].weight, f"variants[{index}].weight")}
            )
    return {"filters": mirrors, "backendRefs": services} if mirrors else {"backendRefs": services}


def _parent(gateway: Gateway) -> Data:
    written = {"name": gateway.name, "namespace": gateway.namespace, "sectionName": gateway.listener}
    return {name: value for name, value in written.items() if value is not None}
