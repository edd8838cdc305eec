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

_if_absent = click.option("--if-absent", is_flag=True, help="Only images that their registry does not have.")
_format = click.option(
    "--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True, help="How to tell."
)


@click.group("image")
def command() -> None:
    """Build the images of the specs at PATHS, and push them to their registries.

    The name of an image follows from all that goes into it, so that who finds the name has the image. Of weights it
    knows by the lock or by `model.digest` only: without either, --if-absent is refused.
    """


@command.command("build")
@options.paths
@options.environments
@_if_absent
@_format
def build(paths: tuple[str, ...], environments: tuple[str, ...], if_absent: bool, format_: str) -> Exit:
    """Build the images of the specs at PATHS in the Docker engine.

    From what `servespec build` wrote, which must be up to date: else nothing is built, and the code is 3. With
    --if-absent an image that its registry or the engine has is not built again. Without PATHS: ./serving.yaml, else the
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
    """Push the images of the specs at PATHS to their registries.

    With the login that `docker login` keeps. With --if-absent an image that its registry has is not pushed again, and
    need not be in the engine. Without PATHS: ./serving.yaml, else the nearest above.
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
