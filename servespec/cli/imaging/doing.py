"""What becomes of an image: it is built or pushed, or it is there already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import TypeAlias

from servespec.cli.console import show
from servespec.cli.imaging.wanted import WantedImage
from servespec.cli.tell import some
from servespec.diagnostics.visible import escaped
from servespec.edge.engine import Engine
from servespec.edge.registry import has


class State(StrEnum):
    """What became of an image."""

    BUILT = "built"
    PUSHED = "pushed"
    PRESENT = "present"
    """Its registry has it."""
    HERE = "here"
    """The engine has it."""


class Undone(Exception):
    """Something that can't be done with an image; the message is a sentence."""


class Misnamed(Exception):
    """An image whose name does not say what it has to; the message is a sentence."""


Action: TypeAlias = Callable[[WantedImage], State]


def built(*, if_absent: bool) -> Action:
    """Builds an image, or finds it where it is to be."""

    def act(image: WantedImage) -> State:
        if if_absent:
            _require_told(image)
        if if_absent and not image.reference.is_bare and has(image.reference):
            return State.PRESENT
        # Of one for several platforms an engine may have a part alone, which its name does not tell.
        if if_absent and len(image.platforms) < 2 and _engine().has(str(image.reference), *image.platforms):
            return State.HERE
        _require_files(image)
        if not _engine().build(image.options, project=image.project):
            raise Undone(f"{image.reference} could not be built")
        return State.BUILT

    return act


def pushed(*, if_absent: bool) -> Action:
    """Pushes an image, or finds it where it is to be."""

    def act(image: WantedImage) -> State:
        reference = image.reference
        if reference.is_bare:
            raise Misnamed(f"{reference} is a name for this machine only: `image.repository` says where it is kept")
        if if_absent:
            _require_told(image)
        if if_absent and has(reference):
            return State.PRESENT
        alone = image.platforms if len(image.platforms) == 1 else ()
        if not _engine().has(str(reference), *alone):
            raise Undone(f"{reference} is not in the engine: `servespec image build` puts it there")
        assert reference.tag is not None
        digest = _engine().push(reference.repository, reference.tag, tell=lambda line: show(line, err=True))
        show(f"{reference} is {digest}", err=True)
        return State.PUSHED

    return act


def _require_told(image: WantedImage) -> None:
    """Misnamed unless who finds an image of that name finds the one that would be built, with these weights."""
    if image.untold:
        raise Misnamed(
            f"{image.reference} may be another one where it is found, since its tag does not follow "
            f"{some(image.untold)}: run `servespec lock`, or give the `model.digest` of a file, and `servespec build`, "
            "and commit what they write; or leave --if-absent out"
        )
    for path, digest in image.told.items():
        with (image.project / path).open("rb") as stream:
            found = f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
        if found != digest:
            raise Misnamed(f"{escaped(path)} is not the file that `model.digest` names: it is {found}")


def _require_files(image: WantedImage) -> None:
    """Misnamed when a pointer would go in: the name is that of the image with the file itself."""
    if image.pointers:
        raise Misnamed(
            f"{image.reference} would hold Git LFS pointers in place of {some(image.pointers)}: run `git lfs pull`"
        )


@cache
def _engine() -> Engine:
    """The engine, looked for once, and only where something is to be done by it."""
    return Engine()
