"""Options of the torchserve target."""

from __future__ import annotations

from servespec.node import Node


class TorchserveOptions(Node):
    """How the model archive is made."""

    archive: bool = False
    """Whether `servespec build` itself writes the `.mar`, so that no archiver is needed. Reads the weights."""
