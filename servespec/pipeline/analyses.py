"""Texts → analyses: a spec in all of its environments, with what is the same in several told once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from servespec.deployment.setting import setting_of
from servespec.diagnostics.locate import Identity, locate
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Findings, Report
from servespec.pipeline.analysis import Analysis, Sound, World, analyse_document
from servespec.pipeline.environments import read
from servespec.pipeline.texts import File, Texts
from servespec.records import dataclass, replace
from servespec.targets.capabilities import Loss

if TYPE_CHECKING:
    from servespec.pipeline.lockfile import ReadLock
    from servespec.pipeline.rootfile import Root


@dataclass(frozen=True)
class Analyses:
    """All that is known of a spec before anything is made of it."""

    each: tuple[Analysis, ...]
    """One for each environment by name, or a single one."""
    findings: tuple[Findings, ...]
    """All that was found, also in overlays of which no environment could be made."""
    environments: tuple[str, ...] = ()
    """The environments that there are, also those that were not looked at."""
    root: Root | None = None
    """The root file that the spec is below."""

    @property
    def ok(self) -> bool:
        """Whether it can be built."""
        sound = all(analysis.ok for analysis in self.each)
        return sound and not any(item.report.errors for item in self.findings)

    @property
    def sound(self) -> tuple[Sound, ...]:
        """All of `each` when it can be built, and nothing when it can't."""
        return tuple(sound for analysis in self.each if (sound := analysis.sound)) if self.ok else ()

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What does not reach every target."""
        return tuple(dict.fromkeys(loss for analysis in self.each for loss in analysis.losses))


@dataclass(frozen=True)
class _Beside:
    """What a spec is read with, besides its own texts."""

    root: Root | None
    lock: ReadLock | None
    locked: bool
    """Whether all that the lock has against the spec is an error."""
    environments: tuple[str, ...]
    """All that the spec has."""

    def findings(self) -> Iterator[Findings]:
        """What is wrong with it itself."""
        return (item.findings for item in (self.root, self.lock) if item is not None)


def analyse(texts: Texts, world: World, *, environments: Collection[str] = (), locked: bool = False) -> Analyses:
    """What a spec means in each environment, or in the named ones alone, and everything that is wrong with it. With
    `locked` it must be all that its lock says, and nothing else."""
    root = _root(texts.root)
    found = read(texts, root.document if root and root.file else None)
    names = tuple(name for name in found.documents if name is not None)
    beside = _Beside(root, _lock(texts.lock), locked, names)
    wanted = [name for name in found.documents if not environments or name in environments]
    each = tuple(_one(found.documents[name], world, name, beside) for name in wanted)
    return Analyses(each, (*beside.findings(), *found.amiss, *_told(each)), names, root)


def _root(file: File | None) -> Root | None:
    if file is None:
        return None
    from servespec.pipeline.rootfile import read_root  # start-up: most repositories have none

    return read_root(file)


def _lock(file: File | None) -> ReadLock | None:
    if file is None:
        return None
    from servespec.pipeline.lockfile import read_lock  # start-up: most specs have none

    return read_lock(file)


def _one(loaded: Findings, world: World, environment: str | None, beside: _Beside) -> Analysis:
    root, lock = beside.root, beside.lock
    for item in (root, lock):
        if item is not None:
            texts = {**loaded.document.texts, **item.document.texts}
            loaded = replace(loaded, document=replace(loaded.document, texts=texts))
    described, locked = (root.file if root else None), (lock.part(environment) if lock else None)
    doubtful = root is not None and root.findings.report.errors > 0
    setting = setting_of(environment, described, locked, doubtful=doubtful)
    analysis = analyse_document(loaded, world, setting)
    if (sound := analysis.sound) and sound.deployment.overrides:
        from servespec.pipeline.overriding import strays  # start-up: most specs override nothing

        analysis = replace(analysis, findings=replace(analysis.findings, report=analysis.report + strays(sound)))
    if root is not None:
        from servespec.pipeline.policy import under_policy

        analysis = under_policy(analysis, root, today=world.today)
    if lock is not None or beside.locked:
        from servespec.pipeline.locking import under_lock

        analysis = under_lock(analysis, lock, beside.environments, strict=beside.locked)
    return analysis


def _told(each: Sequence[Analysis]) -> Iterator[Findings]:
    """The findings of each analysis, with a note on those that do not hold in all environments."""
    if len(each) == 1:
        yield each[0].findings
        return
    found = [(analysis, locate((analysis.findings,))) for analysis in each]
    holders: dict[Identity, list[str]] = {}
    for analysis, items in found:
        for item in items:
            holders.setdefault(item.identity, []).append(analysis.environment or "")
    for analysis, items in found:
        told = tuple(_noted(item.diagnostic, holders[item.identity], len(each)) for item in items)
        yield Findings(analysis.findings.document, Report(told))


def _noted(item: Diagnostic, holders: Sequence[str], of: int) -> Diagnostic:
    if len(holders) == of:
        return item
    s = "s" if len(holders) > 1 else ""
    return replace(item, notes=(*item.notes, f"in the environment{s} {one_of(holders, 'and')}"))
