"""The whole of a servespec.yaml: what holds for all specs of a repository."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from servespec.node import Node
from servespec.spec.common import Many, Said
from servespec.spec.image import Index


class Mirrors(Node):
    """Where things come from in a network that has its own copies; what is not mirrored is refused."""

    images: dict[str, Said] = Field(default={}, examples=[{"docker.io": "mirror.example.com/docker"}])
    """By registry: the registry, and the path in it, where its images are."""
    pip: Index | None = None
    """The package index that stands in for PyPI."""
    apt: dict[str, Said] = Field(default={}, examples=[{"ftp.debian.org": "https://mirror.example.com/debian"}])
    """By host of Debian or Ubuntu packages: the address of its copy. An image whose apt would ask another
    host is not built; a host that has no copy is named with its own address."""


class Forbidden(Node):
    """What no spec may use."""

    servers: Many[str] = Field(default=(), examples=[["torchserve"]])
    """Model servers."""
    targets: Many[str] = Field(default=(), examples=[["compose"]])
    """Targets, also those that others require."""


class Waiver(Node):
    """A spec for which one rule of the policy does not hold."""

    service: Said = Field(examples=["fraud-detector"])
    """The `name` of the spec."""
    rule: Said = Field(examples=["forbidden-by-policy"])
    """The code of the rule."""
    reason: Said = Field(examples=["moves to onnxruntime in spring"])
    """Why."""
    until: str | None = Field(default=None, examples=["2027-06-30"])
    """The last day of it, `YYYY-MM-DD`. After that day `validate` warns, and `audit` fails."""


class Policy(Node):
    """Rules that no spec can switch off."""

    required: Many[Said] = Field(default=(), examples=[["owner", "resources.limits.memory"]])
    """Fields that every spec must write, by their dotted paths."""
    forbidden: Forbidden = Forbidden.model_construct()
    """What no spec may use."""
    maxima: dict[str, str | int | float] = Field(
        default={}, examples=[{"resources.limits.memory": "8Gi", "runtime.workers": 8}]
    )
    """The most that a field may say, by its dotted path: a number or a quantity."""
    waivers: Many[Waiver] = ()
    """Specs for which a rule does not hold, each with its reason."""


class Platform(Node):
    """A cluster: what is on it, in which version."""

    kubernetes: Said = Field(examples=["1.34"])
    """The version of Kubernetes: the older of two while it is upgraded."""
    keda: Said | None = Field(default=None, examples=["2.20"])
    """The version of KEDA. Default: there is none."""
    seldon: Many[Said] = Field(default=(), examples=[["1.17", "2.6"]])
    """The versions of Seldon Core: its first and its second generation stand beside each other. Default: none."""
    kserve: Said | None = Field(default=None, examples=["0.20"])
    """The version of KServe. Default: there is none."""
    knative: Said | None = Field(default=None, examples=["1.22"])
    """The version of Knative Serving, under KServe. Default: there is none."""
    deploymentMode: Literal["Standard", "Knative"] = "Standard"
    """What KServe makes of a service whose spec names no mode."""
    enableGatewayApi: bool = False
    """Whether KServe makes routes of the Gateway API, as the field of that name in its `inferenceservice-config` says.
    No others share requests out among variants."""
    features: Many[Said] = Field(default=(), examples=[["kubernetes.podspec-nodeselector"]])
    """What is enabled or allowed in Knative's `config-features`, besides what is so by default."""


class RootFile(Node):
    """What holds for all specs of a repository, or of the folders below this file."""

    requires: Said | None = Field(default=None, examples=["servespec ~=0.1"])
    """The versions of servespec that may read the specs."""
    defaults: dict[str, JsonValue] = Field(default={}, examples=[{"owner": "risk-ml"}])
    """Fields of a spec that lie beneath every spec, as an overlay's lie over it."""
    mirrors: Mirrors = Mirrors.model_construct()
    """Where images and packages come from."""
    platforms: dict[str, Platform] = Field(default={}, examples=[{"production": {"kubernetes": "1.34"}}])
    """Clusters by name: what is compiled for one that a spec names is what that one takes."""
    policy: Policy = Policy.model_construct()
    """Rules that no spec can switch off."""
