"""Options of the triton target."""

from __future__ import annotations

from servespec.node import Node


class TritonOptions(Node):
    """What Triton does besides."""

    responseCache: bool = False
    """Whether the answer to a request that came before is taken from memory (64 MiB). Only for a model
    that always answers the same request alike."""
