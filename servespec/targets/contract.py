"""What a target is: a value. Most of it is data; code says only what a table can't."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label
from servespec.facts import Facts, Wanted
from servespec.node import Node
from servespec.records import dataclass

if TYPE_CHECKING:  # start-up: a target's table needs none of what it makes
    from servespec.artifacts import Bundle
    from servespec.targets.container import BuiltImage, Container


class Degree(StrEnum):
    """How much of a field reaches a target's files."""

    KEPT = "kept"
    APPROXIMATED = "approximated"
    DROPPED = "dropped"
    UNRELATED = "unrelated"
    """The field says nothing that this target is about; nothing is lost."""


@dataclass(frozen=True, slots=True)
class Support:
    """What a target does with a field; `reason` where that is less than everything."""

    degree: Degree
    reason: str = ""
    final: bool = False
    """Whether what uses the target's files can't make up for it."""


KEPT = Support(Degree.KEPT)
UNRELATED = Support(Degree.UNRELATED)
IN_A_CLUSTER = ("platform", "scaling", "identity", "placement", "network", "disruption")
"""Blocks about how a service runs among others on many machines."""


def approximated(reason: str) -> Support:
    """The field is honoured in part; `reason` says which part is not."""
    return Support(Degree.APPROXIMATED, reason)


def dropped(reason: str) -> Support:
    """The field is lost in this target; `reason` says why."""
    return Support(Degree.DROPPED, reason)


def lost(reason: str) -> Support:
    """The field is lost wherever this target's files are used: the server itself can't do it; `reason` says why."""
    return Support(Degree.DROPPED, reason, final=True)


class NoOptions(Node):
    """A target without options."""


@dataclass(frozen=True)
class Output:
    """Where a spec's output goes. Both paths are absolute and lexical: nothing here looks at the disk."""

    project: str
    """The project folder, which is also the build context."""
    folder: str
    """The folder of this spec's output: `<project>/deploy/fraud-detector`."""
    part: str = ""
    """The folder in a target's own that is made, as in `Bundle.part`."""

    @property
    def inside(self) -> bool:
        """Whether the output is below the project folder, so that a build context there holds it."""
        return posixpath.commonpath([self.project, self.folder]) == self.project

    def of(self, target: str) -> str:
        """A target's folder, relative to the project folder."""
        return _relative(self.project, self.folder, target, self.part)

    def up_from(self, target: str) -> str:
        """The project folder, relative to a target's folder: `../../..`."""
        return posixpath.relpath(self.project, posixpath.join(self.folder, target, self.part))


@lru_cache(maxsize=64)
def _relative(start: str, *path: str) -> str:
    return posixpath.relpath(posixpath.join(*path), start)


@dataclass(frozen=True)
class Context:
    """What a target may know besides the deployment."""

    facts: Facts
    options: Node
    output: Output
    images: Mapping[str, BuiltImage]
    """The images that the targets made before this one run in, by workload (`servespec.deployment.workloads`)."""


@dataclass(frozen=True)
class Lowered:
    """What a target makes: files, and for a server how it runs in a container."""

    bundle: Bundle
    container: Container | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something beyond the files of a spec that only one of several can have."""

    rule: str
    """The code of the clash with another spec that claims it: a function of `servespec.pipeline.clashes`."""
    key: tuple[str, ...]
    """What makes it the same thing, within an environment."""
    what: str
    """How people call it."""
    at: Label
    """Where it is said, without words."""
    chosen: bool = False
    """Whether it counts only when the spec itself says so: what a root file says for all is nobody's choice."""


def _nothing(deployment: Deployment) -> tuple[str, ...]:
    return ()


def _no_paths(deployment: Deployment, options: Node) -> Iterator[Wanted]:
    return iter(())


def _as_it_stands(deployment: Deployment, options: Node) -> Mapping[str, Support]:
    return {}


def _no_claims(deployment: Deployment, options: Node) -> Iterator[Claim]:
    return iter(())


def _no_findings(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    return iter(())


@dataclass(frozen=True)
class Target:
    """Something that servespec compiles to."""

    name: str
    summary: str
    """What it emits, in a few words."""
    options: type[Node]
    supports: Mapping[str, Support]
    """By dotted field of the spec, or a whole block: the longest prefix answers."""
    lower: Callable[[Deployment, Context], Lowered]
    narrows: Callable[[Deployment, Node], Mapping[str, Support]] = _as_it_stands
    """Rows of the table that are others with its options, or for this deployment."""
    requires: Callable[[Deployment], tuple[str, ...]] = _nothing
    """Targets whose files this one's refer to; they are always built with it."""
    wants: Callable[[Deployment, Node], Iterator[Wanted]] = _no_paths
    """Paths that its options make it look at more closely than the deployment alone does."""
    check: Callable[[Deployment, Node, Facts], Iterator[Diagnostic]] = _no_findings
    """What is wrong only because of its options."""
    claims: Callable[[Deployment, Node], Iterator[Claim]] = _no_claims
    """What of its files has its place among those of other specs."""
    needs_context: bool = False
    """Whether its files work only below the project folder, which is the build context."""
    on_host: Mapping[str, object] = field(default_factory=dict)
    """Options that `servespec run` turns on without Docker, for what an image's earlier stages make."""

    def options_in(self, given: Mapping[str, Node]) -> Node:
        """Its options as a spec gives them by the names of targets, or their defaults."""
        return given.get(self.name) or self.options()
