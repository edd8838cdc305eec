"""The `variants` block: several versions of the service behind one address."""

from __future__ import annotations

from typing import TypeAlias

from pydantic import Field, JsonValue

from servespec.node import Node
from servespec.spec.common import Said

Overlay: TypeAlias = dict[str, JsonValue]
"""What is laid over a block of the spec. What comes of it is decoded as that block: see `servespec.spec.views`."""


class Variant(Node):
    """One version of the service: its share of the requests, and what of it differs from the spec's own blocks."""

    name: Said = Field(examples=["candidate"])
    """Its name: lower-case letters, digits and `-`. Part of its image's tag, and of the names of what runs it."""
    weight: int | None = Field(default=None, ge=0, le=100, examples=[20])
    """Its share of the requests in percent. Those of all variants together make 100. Default: 100 for one that shares
    with no other."""
    shadow: bool = False
    """Whether it gets a copy of every request instead of a share. Nobody sees its answers."""
    replicas: int | None = Field(default=None, ge=1, le=1000, examples=[2])
    """How many of it run. Default: what `scaling` says, for each of them."""
    model: Overlay = Field(default={}, examples=[{"uri": "./models/2.onnx", "version": "2"}])
    """What of `model` differs: maps merge by key, anything else replaces, `null` goes back to the default."""
    runtime: Overlay = Field(default={}, examples=[{"workers": 2}])
    """What of `runtime` differs, in the same way. Clients reach every variant at the ports of the spec's own block."""
    resources: Overlay = Field(default={}, examples=[{"limits": {"memory": "2Gi"}}])
    """What of `resources` differs, in the same way."""
    image: Overlay = Field(default={}, examples=[{"requirements": "requirements-next.txt"}])
    """What of `image` differs, in the same way."""
