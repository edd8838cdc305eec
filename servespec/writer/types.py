"""What the writer gives: plans, and the two ways in which a write can end badly."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from pathlib import Path

from servespec.artifacts import Recipe
from servespec.records import dataclass
from servespec.writer.journal import Stage
from servespec.writer.manifest import Manifest
from servespec.writer.tree import Tree


class State(StrEnum):
    """What a build would do about a file."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    ORPHAN = "orphan"
    """Ours, and no longer made: it is removed."""
    CONFLICT = "conflict"


class Cause(StrEnum):
    """Why the file on disk is not what would be written."""

    NEW = "new"
    SPEC_CHANGED = "spec-changed"
    INPUTS_CHANGED = "inputs-changed"
    GENERATOR_CHANGED = "generator-changed"
    EDITED_BY_HAND = "edited-by-hand"
    MODE_CHANGED = "mode-changed"
    """The bytes are right, the executable bit is not."""
    MISSING = "missing"
    ORPHAN = "orphan"
    NOT_OURS = "not-ours"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One path of `DIR/<name>`: what stands there, what would be written, and why they differ."""

    path: str
    state: State
    cause: Cause | None = None
    """None when nothing would change."""
    after: bytes | Recipe | None = field(default=None, repr=False)
    """None: the file would be removed. The manifest's lacks the hashes of recipes that have yet to run."""
    before: bytes | None = field(default=None, repr=False)
    """The content of a regular file of moderate size that would change."""
    executable: bool = False
    seen: str = ""
    """What stood there while planning, as `disk.Sight.identity` has it; empty for nothing."""
    note: str = ""
    """What is in the way, as a sentence, when `force` could not help."""


@dataclass(frozen=True)
class WritePlan:
    """What `apply` would do: reading it costs nothing, and making it wrote nothing."""

    out: Path
    tree: Tree
    files: tuple[PlannedFile, ...]
    """By path; the manifest among them."""
    record: Manifest
    """What the manifest would say; the hashes of recipes that have yet to run are empty."""
    unfinished: bool = False
    """An earlier build was killed; `apply` mends that first, also when no file would change."""

    @property
    def changes(self) -> tuple[PlannedFile, ...]:
        """The files that would be created, updated or removed."""
        return tuple(file for file in self.files if file.state not in (State.UNCHANGED, State.CONFLICT))

    @property
    def conflicts(self) -> tuple[PlannedFile, ...]:
        """The files that stop a build."""
        return tuple(file for file in self.files if file.state is State.CONFLICT)

    @property
    def up_to_date(self) -> bool:
        """Whether what is on disk is what would be written."""
        return all(file.state is State.UNCHANGED for file in self.files)

    def watched(self) -> tuple[Path, ...]:
        """The paths whose stat data must stay as they are for this plan to stay true."""
        root = self.out / self.tree.name
        folders = {parent for file in self.files for parent in Path(file.path).parents}
        paths = folders | {Path(file.path) for file in self.files}
        stage = Stage.beside(self.out, self.tree.name)
        return (Path(stage.new), Path(stage.journal), *sorted(root / path for path in paths))


@dataclass(frozen=True)
class Applied:
    """What a build did."""

    files: tuple[PlannedFile, ...] = ()
    """The files that were created, updated or removed, by path."""
    rescued: tuple[str, ...] = ()
    """Paths below `DIR/<name>` that a person saved while the build ran: theirs stands there now."""


class Refused(Exception):
    """A build would lose what is not ours (exit 4). Nothing was changed."""

    def __init__(self, root: Path, conflicts: Iterable[PlannedFile]) -> None:
        self.conflicts = tuple(conflicts)
        sentences = dict.fromkeys(file.note or _sentence(root, file) for file in self.conflicts)
        super().__init__("\n".join(sentences))


def _sentence(root: Path, file: PlannedFile) -> str:
    why = "was edited by hand" if file.cause is Cause.EDITED_BY_HAND else "was not written by servespec"
    what = "removes it" if file.after is None else "overwrites it"
    return f"`{root / file.path}` {why}; `--force` {what}"


class WriteFailed(Exception):
    """The disk said no (exit 5). The message is one sentence that names the path."""

    @classmethod
    def because(cls, error: OSError, root: Path, *, outcome: str = "nothing was changed") -> WriteFailed:
        """The failure for an error of the system while `root` was being written."""
        where = os.fspath(root) if error.filename is None else os.fsdecode(error.filename)
        return cls(f"`{where}`: {error.strerror or error}; {outcome}")
