"""Options of the seldon target."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Said
from servespec.targets.kube.options import Prometheus


class SeldonOptions(Node):
    """Which Seldon Core, and how it runs the model."""

    apiVersion: Literal["machinelearning.seldon.io/v1", "mlops.seldon.io/v1alpha1"] | None = Field(
        default=None, examples=["machinelearning.seldon.io/v1"]
    )
    """Version 1, a SeldonDeployment; or version 2, a Model on a Server. Default: the platform's, or version 1."""
    namespace: Said | None = Field(default=None, examples=["ml"])
    """The namespace of every object. Default: the one that `kubectl` is set to."""
    protocol: Literal["v2", "tensorflow", "seldon"] | None = Field(default=None, examples=["v2"])
    """What version 1 speaks with the model. Default: `v2`, the Open Inference Protocol; for `tf-serving`, which does
    not speak it, `tensorflow`. No server that can be compiled speaks `seldon`."""
    orchestrator: bool = False
    """Whether requests go through Seldon's own container in the pod of version 1, which counts them and may log what
    is in them. It takes half a CPU, and is not allowed where Pod Security is `restricted`."""
    prometheus: Prometheus | None = None
    """Who collects the metrics, and is asked for the load. Default: nobody."""
    kustomize: bool = False
    """Whether there is a `kustomization.yaml` too, for what applies folders."""
    server: Said | None = Field(default=None, examples=["mlserver"])
    """A Server of version 2 that is there already, to run the model on. Default: one of its own."""
