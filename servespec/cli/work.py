"""One spec, from its files to its analyses: what every command that reads specs begins with."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from servespec.cli.find import OUTPUT, Source
from servespec.cli.reading import read
from servespec.edge.gather import gather
from servespec.records import dataclass, replace

if TYPE_CHECKING:
    from servespec.facts import Facts, Wanted
    from servespec.pipeline import Analyses, Sound, Texts


class Lockness(StrEnum):
    """What becomes of the lock beside a spec."""

    IGNORED = "ignored"
    HEEDED = "heeded"
    REQUIRED = "required"
    """All that it has against the spec is an error, and that there is none too."""


def lockness(*, locked: bool) -> Lockness:
    """What `--locked` asks for, or what is done without it."""
    return Lockness.REQUIRED if locked else Lockness.HEEDED


@dataclass(frozen=True)
class Work:
    """A spec that was read and analysed, with every path that was looked at."""

    source: Source
    analyses: Analyses
    read: tuple[Path, ...]
    """Where its texts are, or could be."""
    named: tuple[Path, ...]
    """What it names."""

    @property
    def watched(self) -> tuple[Path, ...]:
        """Every path of which a change may change something."""
        return (*self.read, *self.named, *self._added)

    @property
    def _added(self) -> Iterator[Path]:
        """The code of targets that other packages add."""
        from servespec.targets.registry import NAMES

        deployments = (analysis.deployment for analysis in self.analyses.each)
        for name in {name for made in deployments if made for name in made.targets if name not in NAMES}:
            from servespec.targets.plugins import sources  # start-up: most specs name no target but ours

            yield from map(Path, sources(name))

    @property
    def analysis(self) -> Sound:
        """What is known of a sound spec in its only environment, for commands that work on one."""
        (only,) = self.analyses.sound
        return only

    @property
    def ok(self) -> bool:
        """Whether it can be built."""
        return self.analyses.ok

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments that there are, also those that were not looked at."""
        return self.analyses.environments

    @property
    def name(self) -> str:
        """The service's name, of a spec that can be built."""
        return self.analyses.sound[0].deployment.name


def today() -> str:
    """The day, `YYYY-MM-DD`."""
    return time.strftime("%Y-%m-%d")


def analyse(source: Source, lockness: Lockness = Lockness.HEEDED) -> Work:
    """The analysis of one spec in the environments that were asked for. Raises OSError when a file can't be read."""
    texts, read_paths = read(source)
    if lockness is Lockness.IGNORED:
        texts = replace(texts, lock=None)
    return analyse_texts(source, texts, read_paths, lockness)


def analyse_texts(
    source: Source, texts: Texts, read_paths: tuple[Path, ...], lockness: Lockness = Lockness.HEEDED
) -> Work:
    """The analysis of what could stand in a spec's files, beside what does stand in those that it names."""
    from servespec import pipeline

    looked: list[Path] = []
    known: dict[tuple[Wanted, ...], Facts] = {}

    def look(wanted: Iterable[Wanted]) -> Facts:
        asked = tuple(wanted)
        if asked not in known:  # environments mostly name the same paths
            known[asked] = gather(source.project, asked)
            looked.extend(source.project / path for path in known[asked].files)
        return known[asked]

    world = pipeline.World(look, today())
    locked = lockness is Lockness.REQUIRED
    analyses = pipeline.analyse(texts, world, environments=source.environments, locked=locked)
    return Work(source, analyses, read_paths, tuple(looked))


def out_folder(source: Source, given: str | None) -> Path:
    """The absolute output folder of a spec: the one that was asked for, else `deploy/` beside it."""
    return Path(os.path.abspath(given)) if given else source.project / OUTPUT
