"""Options of the kserve target."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Said
from servespec.targets.kube.options import Prometheus


class KServeOptions(Node):
    """How KServe runs the model, and where."""

    namespace: Said | None = Field(default=None, examples=["ml"])
    """The namespace of every object. Default: the one that `kubectl` is set to."""
    prometheus: Prometheus | None = None
    """Who collects the metrics, and is asked for the load. Default: nobody."""
    kustomize: bool = False
    """Whether there is a `kustomization.yaml` too, for what applies folders."""
    mode: Literal["Standard", "Knative"] | None = Field(default=None, examples=["Standard"])
    """Whether KServe makes plain Deployments, or services of Knative: those scale to zero and by requests, and take
    less of a pod's settings. It can't be changed later. Default: the platform's `deploymentMode`, or `Standard`."""
