"""What is known of containers that compute on NVIDIA's GPUs, whichever server is in them."""

from __future__ import annotations

from servespec.runtimes.types import Fact

ENV = Fact(
    {"NVIDIA_DRIVER_CAPABILITIES": "compute,utility"},
    "read: NVIDIA Container Toolkit, docker-specialized: which parts of the machine's driver a container gets. CUDA's "
    "own base images set it, Python's do not, and not every engine takes these two by itself. Never run on a GPU",
    "2026-11",
)
