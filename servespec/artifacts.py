"""What is produced: artefacts and the bundles that hold them. Nothing here touches the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TypeAlias

from servespec.records import dataclass

Origin: TypeAlias = str
"""Why a line is there: a dotted path of the deployment (`runtime.workers`), `fact:<runtime>.<name>`, `lock:<block>`,
or `template:<file>:<line>` for text that is the same in every build."""


class Language(StrEnum):
    """The grammar by which an artefact is parsed back before it is written."""

    DOCKERFILE = "dockerfile"
    DOCKERIGNORE = "dockerignore"
    GITATTRIBUTES = "gitattributes"
    JSON = "json"
    MARKDOWN = "markdown"
    NGINX = "nginx"
    PROPERTIES = "properties"
    PYTHON = "python"
    REQUIREMENTS = "requirements"
    SHELL = "shell"
    TEXTPROTO = "textproto"
    YAML = "yaml"
    ZIP = "zip"


@dataclass(frozen=True, slots=True)
class Content:
    """Text with the origins of each of its lines, and what a reader of its language must find in it.

    `expected` is, for data languages, the data itself; for languages made from a template, what the
    template alone would be with harmless values in its slots (the *shape* that values must not change)
    paired with the values that must be found. `verify` knows how each language compares.
    """

    text: str
    origins: tuple[tuple[Origin, ...], ...]
    expected: object


@dataclass(frozen=True, slots=True)
class Structured:
    """Data that is still to be written in its artefact's language, after overrides have been merged in.

    `data` is `servespec.emit.quoted.Data`; `header` is a comment of ours, where the language has comments.
    """

    data: object
    header: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: an artefact of the same bundle, a file of the project, or bytes of ours."""

    name: str
    """In the archive."""
    artifact: str | None = None
    project_file: str | None = None
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive that is still to be made, after overrides have been merged into its members."""

    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Bytes made while they are written, so that an archive of gigabytes never stands in memory.

    `chunks` opens the streams anew each time; `fingerprint` changes exactly when the bytes would.
    """

    chunks: Callable[[], Iterator[bytes]]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the output, by its path relative to its target's folder."""

    path: str
    content: Content | Structured | Packed | Recipe
    language: Language
    executable: bool = False

    def digest(self) -> str:
        """SHA-256 of the bytes, or of the fingerprint of a recipe, as hex."""
        match self.content:
            case Recipe(fingerprint=fingerprint):
                return fingerprint
            case Content(text=text):
                return hashlib.sha256(text.encode()).hexdigest()
            case _:
                raise TypeError(f"{self.path} has no bytes before it is serialized")


@dataclass(frozen=True, slots=True)
class Bundle:
    """The artefacts of one target, and what to tell the user about them."""

    target: str
    artifacts: tuple[Artifact, ...]
    here: tuple[str, ...] = ()
    """Command lines to type next, on this machine, one or the other, ready to paste, run from the project folder."""
    part: str = ""
    """The folder in the target's own, where a target is made once for each variant."""
    asks: tuple[str, ...] = ()
    """Those that ask what runs here by then."""
    ships: tuple[str, ...] = ()
    """Those by which a cluster comes to the images that it pulls, all of them one after the other."""
    applies: tuple[str, ...] = ()
    """Those for a cluster, one or the other, when it has the images."""
    same: tuple[tuple[str, str], ...] = ()
    """Commands with what they come to: of several that come to the same, in other environments, one is enough."""

    def __post_init__(self) -> None:
        paths = [artifact.path.casefold() for artifact in self.artifacts]
        if len(set(paths)) != len(paths):
            raise ValueError(f"{self.target}: two artefacts with one path: {sorted(paths)}")

    @property
    def folder(self) -> str:
        """Where its files go, relative to the folder of the spec's output."""
        return f"{self.target}/{self.part}" if self.part else self.target

    def find(self, path: str) -> Artifact:
        """The artefact at `path`; KeyError when there is none."""
        for artifact in self.artifacts:
            if artifact.path == path:
                return artifact
        raise KeyError(path)
