"""What an image would hold, put together on this machine without building it."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.edge.putting import clear, put
from servespec.running.cannot import CannotRun
from servespec.running.compiled import Compiled
from servespec.running.python import Sources
from servespec.targets.container import Container, Copy, Input, Packages, PythonEnvironment, Run, Stage, Take
from servespec.targets.image import LOCKED

_DONE_WITHOUT = frozenset({"model.digest", "security.runAsUser", *LOCKED})
"""Commands that an image's build needs and a run here does not: the digest is checked while compiling, and nobody else
is to read the files."""


def python_step(container: Container) -> PythonEnvironment:
    """The virtual environment that the image has."""
    for step in container.stages[-1].steps:
        if isinstance(step, PythonEnvironment):
            return step
    raise CannotRun(f"{container.server} runs in an image of its own; use --docker")


def furnish(compiled: Compiled) -> None:
    """Put everything to its place below the run folder."""
    root, sources = compiled.folder.root, Sources(compiled.project, compiled.folder.emitted)
    clear(root)
    (root / compiled.container.home.lstrip("/")).mkdir(parents=True)
    for item, place in placed(compiled.container):
        source, target = sources.file(item), root / place.lstrip("/")
        into = place.endswith("/") and not source.is_dir()
        put(source, target / source.name if into else target)


def placed(container: Container) -> Iterator[tuple[Input, str]]:
    """Each file or folder that goes into the image, and the path there; into a folder when that ends with `/`."""
    for step in container.stages[-1].steps:
        match step:
            case Copy():
                yield from ((item, step.target) for item in step.inputs)
            case Take():
                (stage,) = (stage for stage in container.stages if stage.name == step.stage)
                yield from _collected(container, stage, step)
            case Packages() | PythonEnvironment():
                pass
            case _:
                raise _only_there(container)


def _collected(container: Container, stage: Stage, take: Take) -> Iterator[tuple[Input, str]]:
    """What an earlier stage has only collected. What it makes by a command is not to be had without that."""
    for step in stage.steps:
        if isinstance(step, Copy) and step.target.startswith(take.source):
            yield from ((item, take.target + step.target.removeprefix(take.source)) for item in step.inputs)
        elif not (isinstance(step, Run) and _DONE_WITHOUT.issuperset(step.origins)):
            raise _only_there(container)


def _only_there(container: Container) -> CannotRun:
    return CannotRun(f"{container.server} needs what only its image's build makes; use --docker")
