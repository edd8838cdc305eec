"""Links that a build of an image can't follow."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.deployment.addresses import scheme
from servespec.deployment.layout import PYTORCH, pytorch_layout
from servespec.deployment.locked import loaded, takes_whole
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, error
from servespec.diagnostics.visible import escaped
from servespec.facts import Facts
from servespec.spans import Route


def links(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each path that an image takes from the project and that a build would not find, or would copy as a link to
    nothing."""
    for route, path in _copied(deployment, facts):
        way = facts.file(path).way
        end = way[-1] if way else path
        below = (fact for name, fact in facts.files.items() if fact.way and name.startswith(f"{path}/"))
        if _leaves(end, "."):
            yield link_out_of_context(route, path, end)
        else:
            yield from (link_out_of_context(route, f.path, f.way[-1]) for f in below if _leaves(f.way[-1], end))


def _copied(deployment: Deployment, facts: Facts) -> Iterator[tuple[Route, str]]:
    model, image = deployment.model, deployment.image
    if scheme(model.uri) is None:
        taken = [model.uri if takes_whole(model, facts) else loaded(model, facts)]
        if model.format in PYTORCH:
            layout = pytorch_layout(model, facts)
            taken += [layout.code, layout.handler]
        yield from ((("model", "uri"), path) for path in taken if path)
    if model.code:
        yield ("model", "code"), model.code
    if model.handler:
        yield ("model", "handler", "file"), model.handler.file
    yield from ((("model", "extraFiles", index), path) for index, path in enumerate(model.extra_files))
    for name, path in (("requirements", image.requirements), ("wheels", image.wheels)):
        if path:
            yield ("image", name), path
    yield from ((("image", "files", index, "source"), file.source) for index, file in enumerate(image.files))


def _leaves(path: str, folder: str) -> bool:
    return path.startswith("/") or posixpath.relpath(path, folder).split("/")[0] == ".."


def link_out_of_context(route: Route, path: str, end: str) -> Diagnostic:
    """A link leads out of what an image is made from.

    A build sees the project folder and nothing beyond it, and copies a folder as it is: a link in it that leads out of
    the folder, or is absolute, would lead nowhere in the image. A link from one file to another of the project is
    followed.

    Bad:
    ```yaml
    image: {requirements: requirements.txt, files: [{source: ./shared.txt, target: /opt/shared.txt}]}
    ```
    Good:
    ```yaml
    image: {requirements: requirements.txt, files: [{source: ./lookup, target: /opt/lookup}]}
    ```
    """
    return error(
        "link-out-of-context",
        f"`{escaped(path)}` is a link that no build can follow",
        Label(route, f"it leads to {escaped(end)}, out of what is copied"),
        help="put the file itself in the link's place: `git annex unlock`, or `dvc config cache.type copy` and "
        "`dvc checkout --relink`",
    )
