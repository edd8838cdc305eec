"""What was asked of a command, for the modules that do it."""

from __future__ import annotations

from enum import Flag, auto
from pathlib import Path
from typing import TYPE_CHECKING

from servespec.records import dataclass

if TYPE_CHECKING:
    from servespec.cli.console import Look


@dataclass(frozen=True)
class ChangedSince:
    """Which specs of those that were named: the changed ones since a commit. For a build its output counts too, where
    that goes."""

    ref: str
    built: bool = False
    output: str | None = None


class Mode(Flag):
    """What becomes of the plan of a build. `--check` and `--diff` show it, each in its way, and apply nothing."""

    WRITE = 0
    CHECK = auto()
    DIFF = auto()


@dataclass(frozen=True)
class Build:
    """What was asked of a build."""

    output: str | None
    targets: tuple[str, ...]
    mode: Mode
    strict: bool
    locked: bool
    force: bool
    summary: bool
    look: Look

    @property
    def circumstances(self) -> tuple[str, ...]:
        """What besides the files decides the outcome, for the memory."""
        flags = (self.mode.value, self.strict, self.locked, self.summary)
        return ("build", self.output or "", ",".join(self.targets), repr(flags), self.look.key)


@dataclass(frozen=True)
class Python:
    """What is to run a process: a virtual environment of the user's, or one that is made by an interpreter."""

    venv: Path | None = None
    interpreter: str | None = None
    install: bool = False
    """Whether it is made when it is not there."""


@dataclass(frozen=True)
class Run:
    """What was asked of a run."""

    docker: bool
    python: Python
    smoke: bool
    variant: str | None
    broker: str | None
