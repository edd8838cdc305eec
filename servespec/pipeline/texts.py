"""What is read of a spec: its own text, and those of the files that lie over it and beneath it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from servespec.records import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """One file that was read, by the name that people are shown."""

    shown: str
    data: bytes


@dataclass(frozen=True)
class Texts:
    """All files that together are one spec."""

    spec: File
    overlays: Mapping[str, File] = field(default_factory=dict)
    """`serving.<environment>.yaml` beside it, by environment."""
    root: File | None = None
    """The nearest `servespec.yaml` above it."""
    lock: File | None = None
    """What `servespec lock` wrote beside it."""
