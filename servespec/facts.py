"""What the disk says about the paths a deployment names: types only, made by `servespec.edge.gather`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from servespec.models import Inspection, Unknown
from servespec.records import dataclass

_OID = "oid sha256:"
"""How the line of a Git LFS pointer begins that tells which file it stands for: git-lfs, docs/spec.md, read 2026-11."""


class Kind(StrEnum):
    """What stands at a path."""

    MISSING = "missing"
    FILE = "file"
    FOLDER = "folder"
    DANGLING = "dangling"
    """A link that leads nowhere."""
    OTHER = "other"
    """A device, a socket, a pipe, or a folder that is a link to one it stands in."""
    UNREADABLE = "unreadable"
    OUTSIDE = "outside"
    """Beyond the repository of the project folder, after following links."""


@dataclass(frozen=True, slots=True)
class FileFact:
    """One path below the project folder."""

    path: str
    """As the spec names it, normalised: POSIX, relative to the project folder."""
    kind: Kind
    size: int = 0
    """Bytes; 0 unless a file."""
    sha256: str = ""
    """Hex; empty unless the content was asked for."""
    text: str | None = None
    """The content, when it was asked for and is UTF-8."""
    executable: bool = False
    children: tuple[str, ...] = ()
    """Names in a folder, sorted; a sub-folder's ends with `/`."""
    torchscript: bool = False
    """A zip archive with code in it, as `torch.jit.save` writes: it needs no model file."""
    lfs_pointer: bool = False
    """A Git LFS pointer stands where the bytes should."""
    model: Inspection | Unknown | None = None
    """What a model's own files say of it, when they were asked."""
    way: tuple[str, ...] = ()
    """Where the path is a link, or goes through one: each link, and where the last one ends, relative to the project
    folder. The end is absolute when the link is."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the file itself, also where a pointer to it stands; empty unless the content was asked for."""
        lines = (self.text or "").splitlines() if self.lfs_pointer else ()
        told = (line.removeprefix(_OID) for line in lines if line.startswith(_OID))
        return next(told, self.sha256)


class Depth(StrEnum):
    """How closely a path is looked at."""

    STAT = "stat"
    """Its kind, size, and what a folder lists."""
    LISTED = "listed"
    """Also the kind and size of what a folder lists."""
    READ = "read"
    """Also the text and the SHA-256 of a file, and of a folder's Python files."""
    SOURCES = "sources"
    """Also the kind and size of everything below a folder, and text and SHA-256 of what in it is written by hand:
    Python, YAML, requirements. A model's own bytes are not read."""
    TREE = "tree"
    """Also the SHA-256 of everything below a folder."""
    BYTES = "bytes"
    """Also the SHA-256 of a file of any size, for an archive of it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A path that the deployment names, and how closely to look."""

    path: str
    depth: Depth
    model: tuple[str, ...] | None = None
    """When a model is there that is to be asked what it is: how the names of its files end, in case a folder is named;
    none for a model that is the folder itself."""


@dataclass(frozen=True)
class Facts:
    """Everything a build knows of the world besides the spec."""

    files: Mapping[str, FileFact] = field(default_factory=dict)

    def file(self, path: str) -> FileFact:
        """The fact about `path`; a path that was not asked for counts as missing."""
        return self.files.get(path) or FileFact(path, Kind.MISSING)

    def model(self, path: str) -> Inspection | None:
        """What the model at `path` says of itself, if it was asked and could be understood."""
        said = self.file(path).model
        return said if isinstance(said, Inspection) else None
