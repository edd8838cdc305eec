"""The model servers that servespec knows, by name."""

from __future__ import annotations

from servespec.runtimes import torchserve
from servespec.runtimes.types import ServerFacts

SERVERS: dict[str, ServerFacts] = {module.SERVER.name: module.SERVER for module in (torchserve,)}
