"""The blocks `overrides` and `suppress`: deliberate exceptions, each with its reason."""

from __future__ import annotations

from pydantic import Field, JsonValue

from servespec.node import Node


class Override(Node):
    """A change of one emitted file that no field expresses. Visible in the report of every build."""

    target: str = Field(examples=["compose"])
    """The target whose file is changed."""
    file: str = Field(examples=["compose.yaml"])
    """The file, relative to the target's folder: YAML, JSON or properties."""
    merge: dict[str, JsonValue] = Field(examples=[{"services": {"fraud-detector": {"cpuset": "0-3"}}}])
    """Merged over the file's data: maps by key, anything else replaces, `null` deletes."""
    reason: str = Field(min_length=1, examples=["pinned to the cores next to the GPU"])
    """Why."""


class Suppress(Node):
    """A warning that is known and accepted."""

    rule: str = Field(examples=["runtime-end-of-life"])
    """The code of the warning."""
    reason: str = Field(min_length=1, examples=["migration to Triton is planned"])
    """Why it is accepted."""
    until: str | None = Field(default=None, examples=["2027-06-30"])
    """The last day it is accepted, `YYYY-MM-DD`. After that day servespec warns."""
