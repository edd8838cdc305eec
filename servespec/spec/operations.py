"""The blocks `resources`, `probes`, `security` and `secrets`: how the service is run, in Kubernetes words."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Many


class Amounts(Node):
    """CPU and memory, as Kubernetes quantities."""

    cpu: str | None = Field(default=None, examples=["500m", "2"])
    """CPU cores: `"2"` or `500m`."""
    memory: str | None = Field(default=None, examples=["1Gi"])
    """Memory: `512Mi`, `1Gi`."""


class Accelerator(Node):
    """GPUs, in the words of Kubernetes."""

    resource: Literal["nvidia.com/gpu"] = "nvidia.com/gpu"
    """Their kind."""
    count: int = Field(default=1, ge=1, le=16)
    """How many each container gets."""


class Resources(Node):
    """What the service needs, and what it may take."""

    requests: Amounts = Amounts.model_construct()
    """What is set aside for it."""
    limits: Amounts = Amounts.model_construct()
    """What it can't exceed. No CPU limit by default: throttling hurts latency."""
    accelerator: Accelerator | None = None
    """GPUs that the server computes on; none unless written here. The driver is the machine's, all else the image's.
    What is compiled of it was never run on a GPU by servespec's own tests."""


class Probe(Node):
    """How often to ask, and how often a failure counts."""

    periodSeconds: int | None = Field(default=None, ge=1, examples=[10])
    """Seconds between two questions."""
    timeoutSeconds: int | None = Field(default=None, ge=1, examples=[3])
    """Seconds to wait for an answer."""
    failureThreshold: int | None = Field(default=None, ge=1, examples=[3])
    """Failures in a row until the service counts as failed."""


class Probes(Node):
    """When the service counts as started and ready. What is asked comes from the server's facts."""

    startup: Probe = Probe.model_construct()
    """While the model loads."""
    readiness: Probe = Probe.model_construct()
    """After that: whether it is to be asked."""
    liveness: Probe = Probe.model_construct()
    """After that: whether its process still works, or has to be started again. By default it is given up late, for a
    busy server must not be ended."""


class Security(Node):
    """Hardened by default; opting out needs a `reason`."""

    runAsUser: int = Field(default=10001, ge=1, le=2**31 - 1)
    """Numeric user of the container, never 0."""
    runAsGroup: int = Field(default=10001, ge=1, le=2**31 - 1)
    """Numeric group of the container."""
    readOnlyRootFilesystem: bool = True
    """Whether the container's own file system can't be written to."""
    authorization: Literal["token", "none"] = "token"
    """Whether clients must send the server's token. Only TorchServe knows tokens, and none is asked for in a cluster,
    where several processes would each have their own: what is exposed there needs something before it that asks."""
    reason: str | None = Field(default=None, examples=["behind the company's gateway, which authenticates"])
    """Why a safe default was given up; required then."""


class Secret(Node):
    """A secret that must exist where the service runs. Its values never stand in the spec."""

    name: str = Field(examples=["feature-store"])
    """Its name."""
    keys: Many[str] = Field(examples=[["token"]])
    """The keys that it must have."""
