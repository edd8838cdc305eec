"""Paths of the spec, as far as their text alone tells where they lead."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.deployment.addresses import scheme
from servespec.deployment.layout import pytorch_layout
from servespec.deployment.named import named
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import closest
from servespec.facts import Facts, FileFact, Kind
from servespec.spans import Route


def leaves_project(path: str) -> bool:
    """Whether a normalised path is absolute or climbs out of the folder that it starts from."""
    drive = path[1:2] == ":" and path[0].isascii() and path[0].isalpha()
    return path == ".." or path.startswith(("/", "~", "../")) or drive


def local_paths(deployment: Deployment) -> Iterator[tuple[Route, str]]:
    """The fields that name a path below the project folder, with that path."""
    for route, wanted in named(deployment):
        if scheme(wanted.path) is None and not leaves_project(wanted.path):
            yield route, wanted.path


def near(path: str, facts: Facts) -> str | None:
    """A path that was perhaps meant by one at which nothing stands, among the files that are known."""
    folder, name = posixpath.split(path)
    beside = {child.rstrip("/") for child in facts.file(folder or ".").children}
    beside |= {posixpath.basename(fact.path) for fact in facts.files.values() if _is_in(fact, folder)}
    found = closest(name, beside)
    return posixpath.join(folder, found) if found else None


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


def _is_in(fact: FileFact, folder: str) -> bool:
    return posixpath.dirname(fact.path) == folder and fact.kind in (Kind.FILE, Kind.FOLDER)
