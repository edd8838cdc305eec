"""The blocks `scaling` and `disruption`: how many copies of the service run, and how many may be missing."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Said

Metric: TypeAlias = Literal["cpu", "memory", "rps", "concurrency", "lag"]


class Autoscaling(Node):
    """As many copies as the load asks for."""

    min: int = Field(default=1, ge=0, examples=[2])
    """The fewest copies. 0, none while nobody asks, is for platforms that keep the first request until one is up."""
    max: int = Field(ge=1, examples=[10])
    """The most copies."""
    metric: Metric = "cpu"
    """What the load is: `cpu` and `memory` in percent of what is requested, requests a second of each copy (`rps`),
    requests in flight in each (`concurrency`), or for workers of a stream events that wait for each (`lag`)."""
    target: int | None = Field(default=None, ge=1, examples=[70])
    """How much of the metric a copy is to have. Default for `cpu` and `memory`: 70 percent; for `lag`: 100 events."""


class Scaling(Node):
    """How many copies of the service run."""

    replicas: int | None = Field(default=None, ge=1, examples=[3])
    """A fixed number of copies. Default: one."""
    autoscaling: Autoscaling | None = None
    """As many as the load asks for, in place of `replicas`."""


class Disruption(Node):
    """How many copies may be missing when a cluster moves them, as when it empties a node."""

    maxUnavailable: int | Said | None = Field(default=None, examples=[1, "25%"])
    """A number of copies, or a percentage of all. Default: 1 of several. For a lone copy there is no budget, which
    could only keep its node from being emptied."""
