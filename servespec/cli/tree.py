"""The tree of one sound spec: all that it makes, in each of its environments."""

from __future__ import annotations

import hashlib
import json
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from pathlib import Path

from servespec.artifacts import Artifact, Bundle, Content
from servespec.cli.attributes import ATTRIBUTES, attributes
from servespec.cli.find import OUTPUT
from servespec.cli.work import Work
from servespec.deployment import canonical
from servespec.pipeline import Sound, making, targets_of
from servespec.records import dataclass
from servespec.targets.container import BuiltImage
from servespec.targets.contract import Output
from servespec.targets.registry import closure
from servespec.writer import Tree, text_diff

_NONE = "/dev/null"
_COMMANDS = ("here", "asks", "ships", "applies")


@dataclass(frozen=True)
class Made:
    """All that one sound spec makes, and what to say of it."""

    tree: Tree
    commands: Mapping[str, tuple[str, ...]]
    """Command lines to type next, by the field of a bundle that they stand in."""
    refused: tuple[str, ...] = ()
    """Targets that can't be built into this output folder."""
    images: tuple[tuple[Sound, Mapping[str, BuiltImage]], ...] = ()
    """What the images of each environment are, by workload."""


@dataclass(frozen=True)
class _Part:
    """What a spec makes in one environment."""

    analysis: Sound
    bundles: tuple[Bundle, ...]
    inputs: Mapping[str, str]
    refused: tuple[str, ...]
    images: Mapping[str, BuiltImage]

    @property
    def folder(self) -> str:
        """Where it lies in the spec's folder."""
        return f"{self.analysis.environment}/" if self.analysis.environment else ""

    def files(self) -> Iterator[tuple[str, Artifact]]:
        """Its files by their paths in the spec's folder."""
        for bundle in self.bundles:
            yield from ((f"{self.folder}{bundle.folder}/{item.path}", item) for item in bundle.artifacts)


def make(work: Work, out: Path, chosen: Sequence[str]) -> Made:
    """The tree of a sound spec in all its environments; `chosen` narrows it to some targets and what they require."""
    project, folder = work.source.project, out / work.name
    parts = [_part(each, project, folder / (each.environment or ""), chosen) for each in work.analyses.sound]
    inputs = {path: digest for part in parts for path, digest in part.inputs.items()}
    refused = tuple(dict.fromkeys(name for part in parts for name in part.refused))
    files = {path: item for part in parts for path, item in part.files()}
    scope = _scope(work, parts, narrowed=bool(chosen or refused))
    tree = Tree(
        name=work.name,
        files=files | ({ATTRIBUTES: attributes()} if files and "" in scope else {}),
        deployment=canonical.combined({part.analysis.environment or "": part.analysis.digest for part in parts}),
        inputs=hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest(),
        scope=scope,
    )
    bundles = [bundle for part in parts for bundle in part.bundles]
    same = {line: what for bundle in bundles for line, what in bundle.same}
    commands = {kind: tuple(_once(chain(*map(attrgetter(kind), bundles)), same)) for kind in _COMMANDS}
    return Made(tree, commands, refused, tuple((part.analysis, part.images) for part in parts))


def _once(lines: Iterable[str], same: Mapping[str, str]) -> Iterable[str]:
    """The command lines, of those that come to the same the first."""
    first: dict[str, str] = {}
    for line in lines:
        first.setdefault(same.get(line, line), line)
    return first.values()


def compare(work: Work, old: str, new: str) -> Iterator[str]:
    """The lines of a unified diff from what one environment makes to what another one does."""
    folder = work.source.project / OUTPUT / work.name
    parts = {each.environment: each for each in work.analyses.sound}
    before, after = (_texts(_part(parts[name], work.source.project, folder, ())) for name in (old, new))
    for path in sorted({*before, *after}):
        names = (f"{old}/{path}" if path in before else _NONE, f"{new}/{path}" if path in after else _NONE)
        yield from text_diff(before.get(path, b""), after.get(path, b""), names=names)


def _texts(part: _Part) -> dict[str, bytes]:
    """The files of an environment by their paths in its folder; of an archive what its bytes come from."""
    return {
        f"{bundle.folder}/{item.path}": item.content.text.encode()
        if isinstance(item.content, Content)
        else f"an archive: {item.digest()}\n".encode()
        for bundle in part.bundles
        for item in bundle.artifacts
    }


def _part(analysis: Sound, project: Path, folder: Path, chosen: Sequence[str]) -> _Part:
    deployment = analysis.deployment
    output = Output(str(project), str(folder))
    built = [item.name for item in targets_of(deployment)]
    asked = closure(deployment, (name for name in built if not chosen or name in chosen))
    refused = tuple(item.name for item in asked if item.needs_context and not output.inside)
    wanted = [item.name for item in asked if item.name not in refused]
    made = making.make(analysis, output, targets=wanted)
    bundles = tuple(bundle for bundle in made.bundles if bundle.target in wanted)
    read = (dict(image.read) for image in made.images.values())
    return _Part(analysis, bundles, dict(ChainMap(*read)), refused, made.images)


def _scope(work: Work, parts: Sequence[_Part], *, narrowed: bool) -> tuple[str, ...]:
    """What the tree speaks for: all, or only the environments or the targets that were asked for."""
    if narrowed:
        return tuple(f"{part.folder}{bundle.target}/" for part in parts for bundle in part.bundles)
    return tuple(part.folder for part in parts) if work.source.environments else ("",)
