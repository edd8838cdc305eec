"""`servespec image`: build what the specs are compiled to, and push it, only where it is absent if so asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from servespec.cli import options
from servespec.cli.console import look, render, show
from servespec.cli.exits import Exit, worst
from servespec.cli.find import NotFound, find

if TYPE_CHECKING:
    from servespec.cli.imaging.doing import Action
    from servespec.cli.imaging.wanted import WantedImage
    from servespec.cli.work import Work
    from servespec.spans import Value

_if_absent = click.option("--if-absent", is_flag=True, help="Skip images that are already in their registry.")
_format = options.form("text", "json")


@click.group("image")
def command() -> None:
    """Build and push the images of specs.

    The tag of an image is derived from everything in it, so an image that has the tag need not be built again. Weights
    are part of the tag only if they are in serving.lock or `model.digest` is set; otherwise --if-absent is refused.
    """


@command.command("build")
@options.paths
@options.environments
@_if_absent
@_format
def build(paths: tuple[str, ...], environments: tuple[str, ...], if_absent: bool, format_: str) -> Exit:
    """Build the images of specs in the Docker engine.

    They are built from what `servespec build` wrote. If that is out of date, nothing is built, and the exit code is 3.
    With --if-absent, images that are in their registry or in the engine are not built again.

    PATHS are specs, or folders: those stand for every serving.yaml below them. Without PATHS: ./serving.yaml, else the
    nearest above.
    """
    from servespec.cli.imaging.doing import built

    return _each(paths, environments, built(if_absent=if_absent), format_)


@command.command("push")
@options.paths
@options.environments
@_if_absent
@_format
def push(paths: tuple[str, ...], environments: tuple[str, ...], if_absent: bool, format_: str) -> Exit:
    """Push the images of specs to their registries.

    It uses the credentials of `docker login`. With --if-absent, images that are in their registry are not pushed again,
    and need not be in the engine.

    PATHS are specs, or folders: those stand for every serving.yaml below them. Without PATHS: ./serving.yaml, else the
    nearest above.
    """
    from servespec.cli.imaging.doing import pushed

    return _each(paths, environments, pushed(if_absent=if_absent), format_)


def _each(paths: tuple[str, ...], environments: tuple[str, ...], act: Action, format_: str) -> Exit:
    """The exit code of doing something with each image of the specs, and telling what became of it."""
    from servespec.cli.many import analysed_all

    try:
        sources = find(paths, environments)
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    works, unread = analysed_all(sources)
    rows: list[Value] = []
    exits = [exit_ for work in works for exit_ in _all(work, act, rows, said=format_ == "text")]
    if format_ == "json":
        import json

        show(json.dumps({"version": 1, "images": rows}, indent=2) + "\n")
    return worst((unread, *exits))


def _all(work: Work, act: Action, rows: list[Value], *, said: bool) -> Iterator[Exit]:
    """The exit code of each image of a spec, which gets a row for those that are where they are to be."""
    from servespec.cli.imaging.wanted import Stale, wanted

    if not work.analyses.ok:
        show(render(work.analyses.findings, look("text", sys.stderr)), err=True)
        yield Exit.ERRORS
        return
    try:
        images = {str(image.reference): image for image in wanted(work)} if work.analyses.each else {}
    except Stale as stale:
        show(f"servespec: {stale}", err=True)
        yield Exit.STALE
        return
    for image in images.values():  # what two environments have alike is one image
        yield _one(image, act, rows, said=said)


def _one(image: WantedImage, act: Action, rows: list[Value], *, said: bool) -> Exit:
    from servespec.cli.imaging.doing import Misnamed, Undone
    from servespec.edge.engine import NoEngine, NotPushed
    from servespec.edge.web import Unanswered

    try:
        state = act(image)
    except Misnamed as problem:
        show(f"servespec: {problem}", err=True)
        return Exit.ERRORS
    except (NoEngine, NotPushed, Unanswered, Undone) as problem:
        show(f"servespec: {problem}", err=True)
        return Exit.WORLD
    rows.append(
        {
            "reference": str(image.reference),
            "state": str(state),
            "workload": image.workload,
            "environment": image.environment,
            "spec": image.spec,
        }
    )
    if said:
        show(f"{state} {image.reference}\n")
    return Exit.OK
