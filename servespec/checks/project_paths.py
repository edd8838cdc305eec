"""Paths of the spec, as far as their text alone tells where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.deployment.addresses import scheme
from servespec.deployment.layout import pytorch_layout
from servespec.deployment.named import named
from servespec.deployment.types import Deployment
from servespec.facts import Facts
from servespec.spans import Route

_DRIVE = re.compile(r"[A-Za-z]:", re.ASCII)


def leaves_project(path: str) -> bool:
    """Whether a normalised path is absolute or climbs out of the folder that it starts from."""
    return path == ".." or path.startswith(("/", "~", "../")) or _DRIVE.match(path) is not None


def local_paths(deployment: Deployment) -> Iterator[tuple[Route, str]]:
    """The fields that name a path below the project folder, with that path."""
    for route, wanted in named(deployment):
        if scheme(wanted.path) is None and not leaves_project(wanted.path):
            yield route, wanted.path


def archived_paths(deployment: Deployment, facts: Facts) -> Iterator[tuple[Route, str]]:
    """What was found in named folders and goes into the archive, with the field that names the folder."""
    model = deployment.model
    layout = pytorch_layout(model, facts)
    for path in (layout.weights, layout.code, layout.handler):
        if path and path not in (model.uri, model.code, model.handler.file if model.handler else None):
            yield ("model", "uri"), path
    for index, folder in enumerate(model.extra_files):
        yield from ((("model", "extraFiles", index), path) for path in below(folder, facts))


def below(folder: str, facts: Facts) -> Iterator[str]:
    """The paths below a folder that was looked at as a tree."""
    return (path for path in facts.files if path != folder and (folder == "." or path.startswith(f"{folder}/")))
