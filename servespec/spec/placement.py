"""The blocks `identity` and `placement`: as whom the service runs in a cluster, and where."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Many, Said


class Identity(Node):
    """As whom the service runs. Its pods never get a token for the cluster itself."""

    serviceAccount: Said | None = Field(default=None, examples=["fraud-detector"])
    """The service account's name. One that is named, without `annotations`, exists already. Default: one is made that
    is called like the service."""
    annotations: dict[str, str] = Field(
        default={}, examples=[{"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/fraud-detector"}]
    )
    """Annotations of the service account, which is then made: a cloud reads off them which role it stands for."""
    imagePullSecrets: Many[Said] = Field(default=(), examples=[["registry-pull"]])
    """Secrets with which the image is pulled."""


class Toleration(Node):
    """A taint of nodes that the service may run on all the same."""

    key: Said | None = Field(default=None, examples=["dedicated"])
    """The taint's key; without one, every taint."""
    operator: Literal["Equal", "Exists"] = "Equal"
    """Whether the value must be equal, or may be any."""
    value: str | None = Field(default=None, examples=["inference"])
    """The taint's value."""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    """The taint's effect; without one, every effect."""
    tolerationSeconds: int | None = Field(default=None, ge=0, examples=[300])
    """With `NoExecute`: how long it may stay."""


class Placement(Node):
    """Where the service runs."""

    nodeSelector: dict[str, str] = Field(default={}, examples=[{"node.kubernetes.io/instance-type": "c7i.xlarge"}])
    """Labels that a node must have."""
    tolerations: Many[Toleration] = ()
    """Taints that it may run on. The one of `resources.accelerator` is tolerated by itself."""
    priorityClass: Said | None = Field(default=None, examples=["production"])
    """The priority class of its pods."""
    runtimeClass: Said | None = Field(default=None, examples=["nvidia"])
    """The runtime class of its pods."""
    sharedMemory: str | None = Field(default=None, examples=["1Gi"])
    """Size of `/dev/shm`, which processes that share tensors need; it counts as memory. Default: 64 MiB."""
    spread: Literal["preferred", "required", "none"] = "preferred"
    """Whether copies are put on different nodes and into different zones: where that can be had, or else not at all."""
