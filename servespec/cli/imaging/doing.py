"""What becomes of an image: it is built or pushed, or it is there already."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import TypeAlias

from servespec.cli.console import show
from servespec.cli.imaging.wanted import WantedImage
from servespec.edge.engine import Engine
from servespec.edge.registry import digest_of


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


class Nowhere(Exception):
    """An image whose name says no registry; the message is a sentence."""


Action: TypeAlias = Callable[[WantedImage], State]


def built(*, if_absent: bool) -> Action:
    """Builds an image, or finds it where it is to be."""

    def act(image: WantedImage) -> State:
        if if_absent and image.has_registry and digest_of(image.reference) is not None:
            return State.PRESENT
        if if_absent and _engine().has(str(image.reference)):
            return State.HERE
        if not _engine().build(image.options, project=image.project):
            raise Undone(f"{image.reference} could not be built")
        return State.BUILT

    return act


def pushed(*, if_absent: bool) -> Action:
    """Pushes an image, or finds it where it is to be."""

    def act(image: WantedImage) -> State:
        reference = image.reference
        if not image.has_registry:
            raise Nowhere(f"{reference} is a name for this machine only: `image.repository` says where it is kept")
        if if_absent and digest_of(reference) is not None:
            return State.PRESENT
        if not _engine().has(str(reference)):
            raise Undone(f"{reference} is not in the engine: `servespec image build` puts it there")
        assert reference.tag is not None
        digest = _engine().push(reference.repository, reference.tag, tell=lambda line: show(line, err=True))
        show(f"{reference} is {digest}", err=True)
        return State.PUSHED

    return act


@cache
def _engine() -> Engine:
    """The engine, looked for once, and only where something is to be done by it."""
    return Engine()
