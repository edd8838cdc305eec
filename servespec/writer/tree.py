"""What the writer takes: all that is made of one spec."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.artifacts import Artifact
from servespec.records import dataclass

MANIFEST = ".servespec.json"
"""Where `DIR/<name>` remembers what is ours."""


@dataclass(frozen=True)
class Tree:
    """All that one spec makes."""

    name: str
    """The folder's name below the output folder."""
    files: Mapping[str, Artifact]
    """By path relative to `DIR/<name>`: `torchserve/config.properties`."""
    deployment: str
    """SHA-256 hex of the canonical deployment; with environments, of all of them."""
    inputs: str
    """SHA-256 hex over the code and requirement files that reach an output."""
    scope: tuple[str, ...] = ("",)
    """Path prefixes this build speaks for; `""` is all. Files of ours outside stay as they are."""
