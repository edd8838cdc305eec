"""Text → document → spec → deployment → checked: all that is known of a spec before anything is made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace

from servespec.checks.registry import CHECKS
from servespec.deployment.named import named
from servespec.deployment.resolve import resolve
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Findings, Label, Report
from servespec.facts import Depth, Facts, Wanted
from servespec.node import Node
from servespec.records import dataclass
from servespec.source import load
from servespec.spans import Document, Route, Span
from servespec.spec.decode import decode
from servespec.spec.pruning import original
from servespec.suppression import suppress
from servespec.targets.capabilities import Loss, losses
from servespec.targets.contract import Output, Target
from servespec.targets.registry import BY_NAME, closure


@dataclass(frozen=True)
class World:
    """What a compilation may ask of the outside: the project's files, and the day."""

    gather: Callable[[Iterable[Wanted]], Facts]
    today: str
    """`YYYY-MM-DD`. Only ever leads to warnings, never to an output."""


@dataclass(frozen=True)
class Analysis:
    """All that is known of a spec before anything is made of it."""

    findings: Findings
    deployment: Deployment | None = None
    """None when the spec is too incomplete to mean anything."""
    options: Mapping[str, Node] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    losses: tuple[Loss, ...] = ()
    suppressed: int = 0

    @property
    def report(self) -> Report:
        """What was found."""
        return self.findings.report

    @property
    def ok(self) -> bool:
        """Whether it can be built."""
        return self.deployment is not None and self.report.errors == 0


def analyse(path: str, data: bytes, world: World) -> Analysis:
    """What the spec in `data` means, and everything that is wrong with it. `path` is how to call it."""
    loaded = load(path, data)
    document = loaded.document
    decoded = decode(document, options={name: target.options for name, target in BY_NAME.items()})
    told = {item.labels[0].span(document) for item in loaded.report.diagnostics}
    # What the text itself has wrong is said once: a number out of range is also a value that is missing.
    report = loaded.report + (item for item in decoded.report.diagnostics if item.labels[0].span(document) not in told)
    if decoded.spec is None:
        return Analysis(Findings(document, report))
    resolved = resolve(decoded.spec)
    deployment = resolved.deployment
    targets = _with_options(deployment, decoded.options)
    paths = [Wanted(".", Depth.STAT), *(wanted for _, wanted in named(deployment))]
    paths += (wanted for target, options in targets for wanted in target.wants(deployment, options))
    facts = world.gather(paths)
    found = [*resolved.report.diagnostics]
    for check in CHECKS:
        found += check(deployment, facts)
    for target, options in targets:
        found += target.check(deployment, options, facts)
    placed = [_placed(item, decoded.kept) for item in found]
    told_of = [_settled(item, document) for item in placed if not _echo(item, decoded.spoilt)]
    muted = _rules_at(document, decoded.spoilt)
    report += (item for item in told_of if item.code not in muted and not _echo(item, decoded.spoilt))
    report, suppressed = suppress(report, deployment.suppress, today=world.today)
    lost = tuple(_losses(document, deployment))
    analysis = Analysis(Findings(document, report), deployment, decoded.options, facts, lost, suppressed)
    return _with_overrides_matched(analysis) if deployment.overrides and analysis.ok else analysis


def _with_overrides_matched(analysis: Analysis) -> Analysis:
    """The analysis with a finding for each override that would change nothing, which only a lowering can tell."""
    from servespec.pipeline.making import lowered  # start-up: most specs are validated without making anything
    from servespec.targets.override import unmatched

    assert analysis.deployment is not None
    made = lowered(analysis, Output("/project", "/project/deploy"), targets_of(analysis.deployment))
    stray = unmatched(made.bundles, analysis.deployment.overrides)
    return replace(analysis, findings=replace(analysis.findings, report=analysis.report + stray))


def _with_options(deployment: Deployment, options: Mapping[str, Node]) -> list[tuple[Target, Node]]:
    return [(target, options.get(target.name) or target.options()) for target in targets_of(deployment)]


def _losses(document: Document, deployment: Deployment) -> Iterator[Loss]:
    targets = targets_of(deployment)
    for target in targets:
        # What a server can't do, nobody who packs or starts it can make good.
        packed = target.name != deployment.runtime.server
        users = [other for other in targets if packed and target.name in other.requires(deployment)]
        yield from losses(document, target, users=users)


def targets_of(deployment: Deployment) -> tuple[Target, ...]:
    """The targets that a deployment is compiled to, those included that the chosen ones require."""
    return closure(deployment, (name for name in deployment.targets if name in BY_NAME))


def _placed(item: Diagnostic, kept: Mapping[Route, tuple[int, ...]]) -> Diagnostic:
    """The finding with its labels where the text has them: wrong list items were left out before it was made."""
    labels = (
        label if isinstance(label.at, Span) else replace(label, at=original(label.at, kept)) for label in item.labels
    )
    return replace(item, labels=tuple(labels)) if kept else item


def _settled(item: Diagnostic, document: Document) -> Diagnostic:
    """The finding with its labels where something is written that decides it, one for each place."""
    places: dict[Route | Span, Label] = {}
    for label in item.labels:
        settled = label.settled(document)
        places.setdefault(settled.at, settled)
    return replace(item, labels=tuple(places.values()))


def _rules_at(document: Document, spoilt: frozenset[Route]) -> frozenset[str]:
    """The rules of suppressions that could not be read: the user knows of those warnings."""
    items = document.value.get("suppress") if isinstance(document.value, dict) else None
    known = enumerate(items if isinstance(items, list) else [])
    rules = (item.get("rule") for index, item in known if isinstance(item, dict) and ("suppress", index) in spoilt)
    return frozenset(rule for rule in rules if isinstance(rule, str))


def _echo(item: Diagnostic, spoilt: frozenset[Route]) -> bool:
    """Whether a finding rests on a value that was left out because it is wrong: it was reported as such."""
    places = [label.at for label in item.labels if isinstance(label.at, tuple)]
    return any(at[: len(route)] == route for at in places for route in spoilt)
