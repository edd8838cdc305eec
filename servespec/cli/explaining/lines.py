"""A line of an emitted file: made anew in memory, with the reasons for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from servespec.artifacts import Artifact, Content
from servespec.cli.explaining.origins import Because, Sources, because
from servespec.cli.tree import make
from servespec.cli.work import Work
from servespec.deployment.canonical import as_data
from servespec.diagnostics.suggest import closest
from servespec.diagnostics.visible import escaped
from servespec.pipeline import Sound
from servespec.records import dataclass
from servespec.reference import schema


class Unexplained(Exception):
    """There is no such line to explain; the message is a sentence."""


@dataclass(frozen=True)
class Emitted:
    """A file that a spec makes, and where it is, or would be."""

    path: Path
    artifact: Artifact
    analysis: Sound
    """What is known of the spec in the environment that the file is for."""

    @property
    def content(self) -> Content:
        """Its text; Unexplained for a file without lines."""
        if not isinstance(self.artifact.content, Content):
            raise Unexplained(f"{os.path.relpath(self.path)} is an archive and has no lines")
        return self.artifact.content


def find_emitted(work: Work, path: Path) -> Emitted:
    """The file at `path` as the spec of `work` makes it."""
    known = set[str]()
    for folder in path.parents:
        if folder.name != work.name:
            continue
        files = make(work, folder.parent, ()).tree.files
        inner = path.relative_to(folder).as_posix()
        if inner in files:
            return Emitted(path, files[inner], analysis_of(work, inner))
        known.update(str(folder / file) for file in files)
    near = closest(str(path), known)
    hint = f"; did you mean {os.path.relpath(near)}?" if near else ""
    raise Unexplained(f"{os.path.relpath(path)} is not made by {work.source.shown}{hint}")


def analysis_of(work: Work, inner: str) -> Sound:
    """What is known in the environment to which a file of the spec's folder belongs; one beside them is of all."""
    environment = inner.partition("/")[0] if work.analyses.environments else None
    first = work.analyses.sound[0]
    return next((analysis for analysis in work.analyses.sound if analysis.environment == environment), first)


def explain_line(emitted: Emitted, number: int) -> str:
    """The line with all its reasons, and a note when the disk has another one."""
    lines = _lines(emitted.content.text)
    shown = os.path.relpath(emitted.path)
    if not 1 <= number <= len(lines):
        raise Unexplained(f"{shown} has {len(lines)} lines")
    parts = [f"{shown}:{number}\n  {escaped(lines[number - 1])}", *_reasons(emitted, number)]
    return "\n\n".join([*parts, *_difference(emitted, number)]) + "\n"


def reasons(emitted: Emitted, number: int) -> tuple[Because, ...]:
    """Why line `number` of the file is there, the nearest reason first."""
    line = _lines(emitted.content.text)[number - 1]
    analysis = emitted.analysis
    sources = Sources(analysis.findings.document, as_data(analysis.deployment), schema.load())
    return tuple(because(origin, line, sources) for origin in emitted.content.origins[number - 1])


def _reasons(emitted: Emitted, number: int) -> Iterator[str]:
    for reason in reasons(emitted, number):
        yield "\n".join([f"from {reason.where}", *(f"  {text}" for text in reason.shown)])


def _difference(emitted: Emitted, number: int) -> Iterator[str]:
    if not emitted.path.is_file():
        yield "note: the file is not on disk; this is what a build would write"
        return
    found = emitted.path.read_text(encoding="utf-8", errors="backslashreplace")
    if found != emitted.content.text:
        here = [*_lines(found), *[""] * number][number - 1]
        yield f"note: the file on disk is not what a build would write; its line {number} is\n  {escaped(here)}"


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")
