"""What is known of what others add to a cluster: by which version of its API each is asked."""

from __future__ import annotations

from servespec.runtimes.types import Fact

GATEWAY = Fact(
    "gateway.networking.k8s.io/v1",
    "read: kubernetes-sigs/gateway-api v1.6.1, config/crd/standard: HTTPRoute and GRPCRoute",
    "2026-11",
)
KEDA = Fact(
    "keda.sh/v1alpha1",
    "read: kedacore/keda v2.20.2, config/crd/bases: ScaledObject and TriggerAuthentication have no other",
    "2026-11",
)
PROMETHEUS = Fact(
    "monitoring.coreos.com/v1",
    "read: prometheus-operator/prometheus-operator v0.93.0, example/prometheus-operator-crd: both monitors",
    "2026-11",
)
INGRESS_NGINX = Fact(
    "nginx.ingress.kubernetes.io/proxy",
    "read: kubernetes.github.io/ingress-nginx, Annotations: Custom timeouts, Custom max body size",
    "2026-11",
)
"""How the names of its annotations begin that say what its proxy waits for and lets through."""
