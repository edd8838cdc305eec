"""What is known of every image of ours: where its own files go, and so no file of the project."""

from __future__ import annotations

from servespec.runtimes import batch, streaming, tf_serving
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.types import Fact

VENV = Fact("/opt/venv", "ours: the server's packages, apart from those of the base", "2026-11")
REQUIREMENTS = Fact("/opt/requirements", "ours: what pip was told to install stays to be read", "2026-11")

DEBIAN = Fact(
    ("library/python",),
    "read: hub.docker.com/_/python: made from Debian's images, whose apt asks Debian's own hosts",
    "2026-11",
)
"""Base images of ours, by their paths in Docker Hub, whose packages are Debian's."""


def own_folders(server: str) -> tuple[str, ...]:
    """The folders that the Dockerfiles of a model on that server fill. The image that fetches models, and earlier
    stages, have folders of their own: the project's files go to neither."""
    homes = (batch.HOME, streaming.HOME, *(known.home for known in SERVERS.values()))
    models = (tf_serving.MODELS,) if server == tf_serving.SERVER.name else ()
    return tuple(fact.value for fact in (VENV, REQUIREMENTS, *homes, *models))
