"""What is there before a command whose calls are to fail, and how its system is."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trust.strace import CHANGING, Call, Traced, traced
from trust.writing.project import NAME, SERVESPEC, Project, servespec

HIDDEN = (f".servespec-{NAME}.", ".serving.yaml.", ".serving.schema.json.")
"""What a name begins with that is there only while servespec works."""
_NO_EXCHANGE = ("renameat2:error=EINVAL",)
_BUILD = ("build", "--no-summary", "serving.yaml")


def _nothing(_: Project) -> None:
    """Nothing happens."""


@dataclass(frozen=True)
class Scene:
    """What is there before a command, and how its system is."""

    name: str
    prepare: Callable[[Project], None]
    command: tuple[str, ...] = _BUILD
    before: Callable[[Project], None] = _nothing
    """What happens just before each run, for what no copy of a folder can bring back."""
    always: tuple[str, ...] = ()
    """What fails in every run, as on a system that can't do it."""
    apart: bool = False
    """Whether there is a moment at which the live folder is aside, which the next run puts back."""
    together: bool = True
    """Whether all files change together; else each does by itself."""


def _old(project: Project) -> None:
    """A tree, and files of a person in it."""
    project.say("1.0.0", "torchserve", "docker", "compose")
    assert project.build().exit == 0
    (project.live / "docker/mine").write_text("mine")
    (project.live / "docker/mine").chmod(0o600)
    (project.live / "notes").mkdir()
    (project.live / "notes/link").symlink_to("../docker")
    (project.out / "beside").write_text("mine")


def _rebuild(project: Project) -> None:
    _old(project)
    project.say("2.0.0", "torchserve", "docker", "client")


def _first(project: Project) -> None:
    project.say("2.0.0", "torchserve", "docker")


def _killed(project: Project) -> None:
    """A build is killed after the exchange, in the middle of clearing up."""
    run(project, _BUILD, ("unlink:signal=KILL:when=4",), ())
    assert any(name.startswith(HIDDEN[0]) for name in os.listdir(project.out))


def _killed_between(project: Project) -> None:
    """A build is killed between the two renames: the live folder is aside, and the new one not yet in its place."""
    run(project, _BUILD, (*_NO_EXCHANGE, "rename:signal=KILL:when=2"), ())
    assert not project.live.exists()


def _mistaken(project: Project) -> None:
    project.say("1.0.0", "torchserve", "docker", more="disruptoin: { maxUnavailable: 1 }\n")


def _schema(project: Project) -> None:
    """A copy of another version is there."""
    _first(project)
    ran = servespec("schema", "--write", "serving.yaml", cwd=project.folder, environment=project.environment)
    assert ran.exit == 0, ran.said
    (copy,) = (project.folder / ".servespec").iterdir()
    copy.write_text(copy.read_text() + " ")


SCENES = (
    Scene("a rebuild", _rebuild),
    Scene("a rebuild where folders can't be exchanged", _rebuild, always=_NO_EXCHANGE, apart=True),
    Scene("a rebuild where files can't be linked", _rebuild, always=("link:error=EPERM", "linkat:error=EPERM")),
    Scene("a first build", _first),
    Scene("a build after one that was killed", _rebuild, before=_killed),
    Scene("a build after one that was killed between two renames", _rebuild, before=_killed_between, apart=True),
    Scene("`validate --fix`", _mistaken, command=("validate", "--fix", "serving.yaml")),
    Scene("`init --force`", _first, command=("init", "--yes", "--force", "."), together=False),
    Scene("`schema --write`", _schema, command=("schema", "--write", "serving.yaml")),
)


def undisturbed(
    project: Project, command: Sequence[str], always: Sequence[str], program: Sequence[str] = SERVESPEC
) -> tuple[Call, ...]:
    """The calls of a run that nothing disturbs, of all names with which a program may change a disk."""
    ran = run(project, command, always, CHANGING, program)
    if ran.exit != 0 or len(ran.processes) != 1:
        raise RuntimeError(f"an undisturbed run exits with {ran.exit}: {ran.said[-300:]}")
    return ran.calls


def run(
    project: Project,
    command: Sequence[str],
    inject: Sequence[str],
    calls: Sequence[str],
    program: Sequence[str] = SERVESPEC,
) -> Traced:
    """What became of a run in which some calls fail, and those of its calls that are asked for."""
    return traced((*program, *command), calls, cwd=project.folder, environment=project.environment, inject=inject)
