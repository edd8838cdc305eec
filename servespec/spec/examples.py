"""The `examples` block: requests with the answers they must get."""

from __future__ import annotations

from pydantic import Field, JsonValue

from servespec.node import Node


class Example(Node):
    """One request, and the answer that it must get. Every smoke test comes from here."""

    name: str = Field(examples=["night-purchase"])
    """What the example shows, a short name."""
    request: JsonValue = Field(examples=[{"instances": [[912.5, 3, 2, 6]]}])
    """The body that a client sends."""
    expect: JsonValue = Field(default=None, examples=[{"predictions": [{"fraud": True}]}])
    """The answer, or the part of it that matters: keys that are not here are not compared."""
    tolerance: float = Field(default=1e-6, ge=0, examples=[0.001])
    """How far a number may be from the expected one."""
    latency: str | None = Field(default=None, examples=["200ms"])
    """How long the answer may take."""
