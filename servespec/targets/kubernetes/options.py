"""Options of the kubernetes target."""

from __future__ import annotations

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Said
from servespec.targets.kube.options import Prometheus


class KubernetesOptions(Node):
    """Where the objects go, and what else there is in the cluster."""

    namespace: Said | None = Field(default=None, examples=["ml"])
    """The namespace of every object. Default: the one that `kubectl` is set to."""
    prometheus: Prometheus | None = None
    """Who collects the metrics. Default: nobody, and their port is closed to others."""
    kustomize: bool = False
    """Whether there is a `kustomization.yaml` too, for what applies folders."""
