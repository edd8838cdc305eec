"""One spec, from its file to its analysis and its tree: what every command that reads specs begins with."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from servespec.cli.find import Source
from servespec.edge.gather import gather
from servespec.records import dataclass

if TYPE_CHECKING:
    from servespec.facts import Facts, Wanted
    from servespec.pipeline import Analysis
    from servespec.targets.container import BuiltImage
    from servespec.writer import Tree

OUTPUT = "deploy"
_MOST = 2 << 20  # twice what `source` takes: enough for it to see that a file is too large


@dataclass(frozen=True)
class Work:
    """A spec that was read and analysed, with every path that was looked at."""

    source: Source
    analysis: Analysis
    watched: tuple[Path, ...]


def today() -> str:
    """The day, `YYYY-MM-DD`."""
    return time.strftime("%Y-%m-%d")


def analyse(source: Source) -> Work:
    """The analysis of one spec. Raises OSError when its file can't be read."""
    from servespec import pipeline

    with source.path.open("rb") as file:
        data = file.read(_MOST)
    looked: list[Path] = [source.path]

    def look(wanted: Iterable[Wanted]) -> Facts:
        facts = gather(source.project, wanted)
        looked.extend(source.project / path for path in facts.files)
        return facts

    analysis = pipeline.analyse(source.shown, data, pipeline.World(look, today()))
    return Work(source, analysis, tuple(looked))


@dataclass(frozen=True)
class Made:
    """All that one sound spec makes, and what to say of it."""

    tree: Tree
    commands: tuple[str, ...]
    """Command lines to type next."""
    refused: tuple[str, ...] = ()
    """Targets that can't be built into this output folder."""


def make(work: Work, out: Path, chosen: Sequence[str]) -> Made:
    """The tree of a sound spec; `chosen` narrows it to some targets and what they require."""
    from servespec.deployment import canonical
    from servespec.pipeline import making, targets_of
    from servespec.targets.contract import Output
    from servespec.targets.registry import closure
    from servespec.writer import Tree

    analysis = work.analysis
    assert analysis.deployment is not None
    name = analysis.deployment.name
    output = Output(str(work.source.project), str(out / name))
    built = [item.name for item in targets_of(analysis.deployment)]
    asked = closure(analysis.deployment, (name for name in built if not chosen or name in chosen))
    refused = tuple(item.name for item in asked if item.needs_context and not output.inside)
    wanted = [item.name for item in asked if item.name not in refused]
    made = making.make(analysis, output, targets=wanted)
    bundles = [bundle for bundle in made.bundles if bundle.target in wanted]
    options = {key: value.model_dump() for key, value in analysis.options.items()}
    tree = Tree(
        name=name,
        files={f"{bundle.folder}/{item.path}": item for bundle in bundles for item in bundle.artifacts},
        deployment=canonical.digest(analysis.deployment, options),
        inputs=_inputs(made.images.values(), analysis.facts),
        scope=tuple(f"{target}/" for target in wanted) if chosen or refused else ("",),
    )
    return Made(tree, tuple(line for bundle in bundles for line in bundle.summary), refused)


def out_folder(source: Source, given: str | None) -> Path:
    """The absolute output folder of a spec: the one that was asked for, else `deploy/` beside it."""
    return Path(os.path.abspath(given)) if given else source.project / OUTPUT


def _inputs(images: Iterable[BuiltImage], facts: Facts) -> str:
    import json  # start-up: a `validate` has no use for it

    from servespec.targets.container import read_by

    read = {path: digest for image in images for path, digest in read_by(image.container, facts).items()}
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()
