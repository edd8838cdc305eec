"""Texts → analyses: a spec in all of its environments, with what is the same in several told once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from servespec.deployment.setting import Setting, setting_of
from servespec.diagnostics.locate import Identity, locate
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Findings, Report
from servespec.pipeline.analysis import Analysis, World, analyse_document
from servespec.pipeline.environments import read
from servespec.pipeline.texts import File, Texts
from servespec.records import dataclass
from servespec.targets.capabilities import Loss

if TYPE_CHECKING:
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

    @property
    def ok(self) -> bool:
        """Whether it can be built."""
        sound = all(analysis.ok for analysis in self.each)
        return sound and not any(item.report.errors for item in self.findings)

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What does not reach every target."""
        return tuple(dict.fromkeys(loss for analysis in self.each for loss in analysis.losses))


def analyse(texts: Texts, world: World, *, environments: Collection[str] = ()) -> Analyses:
    """What a spec means in each environment, or in the named ones alone, and everything that is wrong with it."""
    root = _root(texts.root)
    found = read(texts, root.document if root and root.file else None)
    names = tuple(name for name in found.documents if name is not None)
    wanted = [name for name in found.documents if not environments or name in environments]
    each = tuple(_one(found.documents[name], world, name, root) for name in wanted)
    amiss = (root.findings, *found.amiss) if root else found.amiss
    return Analyses(each, (*amiss, *_told(each)), names)


def _root(file: File | None) -> Root | None:
    if file is None:
        return None
    from servespec.pipeline.rootfile import read_root  # start-up: most repositories have none

    return read_root(file)


def _one(loaded: Findings, world: World, environment: str | None, root: Root | None) -> Analysis:
    if root is None or root.file is None:
        return analyse_document(loaded, world, Setting(environment))
    from servespec.pipeline.policy import under_policy

    document = replace(loaded.document, texts={**loaded.document.texts, **root.document.texts})
    analysis = analyse_document(replace(loaded, document=document), world, setting_of(environment, root.file))
    return under_policy(analysis, root, today=world.today)


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
