"""Document → spec → deployment → checked: all that is known of a spec before anything is made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from servespec.checks.registry import RULES, rules_about
from servespec.checks.secret_literal import written_out
from servespec.deployment.named import named, weighed
from servespec.deployment.setting import NO_SETTING, Setting
from servespec.deployment.steps import OPTIMIZE
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH, STREAMING
from servespec.diagnostics.types import Diagnostic, Findings, Label, Report, Severity
from servespec.facts import Depth, Facts, Wanted
from servespec.node import Node
from servespec.pipeline.readings import Readable, Reading, Readings, read, shape, told
from servespec.records import dataclass, replace
from servespec.spans import Document, Route, Span, Value, value_at
from servespec.spec.decode import decode
from servespec.suppression import suppress
from servespec.targets.capabilities import Loss, losses, narrowed
from servespec.targets.contract import Target
from servespec.targets.registry import OPTIONS, TARGETS, closure

_NAMED_IN = {"connections": "unknown-connection", "secrets": "undeclared-secret"}
"""Rules about names that stand in a block: of one that can't be read nobody knows which names it has."""
_UNKNOWN_CLUSTER = "missing-canaries"
"""The rule about what a cluster must be known to have: nobody knows that of one whose description can't be read."""
_PAST_VARIANTS = (BATCH, STREAMING, OPTIMIZE)
"""Targets of the spec's own model, whatever its variants are."""
_UNQUOTED = "unquoted-text"

_MOST = 100
"""Findings of one rule that are told. Of more nobody reads."""


@dataclass(frozen=True)
class World:
    """What a compilation may ask of the outside: the project's files, and the day."""

    gather: Callable[[Iterable[Wanted]], Facts]
    today: str
    """`YYYY-MM-DD`. Only ever leads to warnings, never to an output."""


@dataclass(frozen=True)
class Analysis:
    """All that is known of a spec, in one environment, before anything is made of it."""

    findings: Findings
    environment: str | None
    """The environment that it is known of; None when the spec has none."""
    deployment: Deployment | None
    """None when the spec is too incomplete to mean anything."""
    options: Mapping[str, Node]
    facts: Facts
    losses: tuple[Loss, ...]
    suppressed: tuple[str, ...]
    """The codes of what is suppressed or waived, one for each finding."""

    @property
    def report(self) -> Report:
        """What was found."""
        return self.findings.report

    @property
    def sound(self) -> Sound | None:
        """The same, when it can be built; None when there are errors."""
        if self.deployment is None or self.report.errors:
            return None
        known = (self.options, self.facts, self.losses, self.suppressed)
        return Sound(self.findings, self.environment, self.deployment, *known)

    @property
    def ok(self) -> bool:
        """Whether it can be built."""
        return self.sound is not None

    @property
    def digest(self) -> str:
        """SHA-256 of what it means; empty when it is too incomplete to mean anything."""
        from servespec.deployment import canonical  # start-up: `validate` needs it only to compare

        if self.deployment is None:
            return ""
        return canonical.digest(self.deployment, {key: value.model_dump() for key, value in self.options.items()})


@dataclass(frozen=True)
class Sound(Analysis):
    """All that is known of a spec without errors: what something can be made of."""

    deployment: Deployment


def analyse_document(loaded: Findings, world: World, setting: Setting = NO_SETTING) -> Analysis:
    """What a document means where it stands, and everything that is wrong with it."""
    document = loaded.document
    decoded = decode(document, options=OPTIONS)
    secrets = tuple(written_out(document, decoded.report.diagnostics))
    if decoded.spec is None:
        report = loaded.report + _unsaid(decoded.report.diagnostics, loaded) + secrets
        findings = Findings(document, _overriding(report, document))
        return Analysis(findings, setting.environment, None, decoded.options, Facts(), (), ())
    readings = read(Readable(document, decoded, decoded.spec, setting), options=OPTIONS)
    deployment = readings.deployment
    facts = world.gather(wanted for reading in readings.all for wanted in _wanted(reading, decoded.options))
    report = loaded.report + _unsaid(shape(readings), loaded) + secrets
    muted = _rules_at(document, decoded.spoilt)
    muted |= {code for block, code in _NAMED_IN.items() if (block,) in decoded.spoilt}
    if any(reading.decoded.spoilt for reading in readings.all):
        muted |= {RULES["same_variants"].CODE}  # of what was left out nobody knows whether it differs
    if setting.doubtful and decoded.spec.platform not in (None, *setting.platforms):
        muted |= {_UNKNOWN_CLUSTER}
    found = ((reading, _found(reading, decoded.options, facts)) for reading in readings.all)
    report += (item for item in _unsaid(told(found), loaded) if item.code not in muted)
    report = _once_a_place(_without_declared(report, document, decoded.spoilt))
    report, suppressed = suppress(report, deployment.suppress, today=world.today)
    lost = tuple(dict.fromkeys(_losses(readings, decoded.options)))
    findings = Findings(document, _overriding(report, document))
    return Analysis(findings, setting.environment, deployment, decoded.options, facts, lost, suppressed)


def _unsaid(items: Iterable[Diagnostic], loaded: Findings) -> Iterator[Diagnostic]:
    """The findings at other places than those of the text itself, which has each mistake said once: a number out of
    range is also a value that is missing."""
    document = loaded.document
    said = {item.labels[0].span(document) for item in loaded.report.diagnostics}
    return (item for item in items if item.labels[0].span(document) not in said)


def _once_a_place(report: Report) -> Report:
    """The report without the quotes of a text that is wrong in any case: they would not put it right."""
    errors = [item for item in report.diagnostics if item.severity is Severity.ERROR]
    wrong = {item.labels[0].at for item in errors if item.code != _UNQUOTED}
    return Report(
        tuple(item for item in report.diagnostics if item.code != _UNQUOTED or item.labels[0].at not in wrong)
    )


def _without_declared(report: Report, document: Document, spoilt: frozenset[Route]) -> Report:
    """The report without the names that are declared, but by an item that was left out because something is wrong."""
    left = {block: _names(document, block) for block in _NAMED_IN if any(at[:1] == (block,) for at in spoilt)}
    if not left:
        return report
    names = {_NAMED_IN[block]: found for block, found in left.items()}
    return Report(
        tuple(
            item
            for item in report.diagnostics
            if isinstance(at := item.labels[0].at, Span) or value_at(document.value, at) not in names.get(item.code, ())
        )
    )


def _names(document: Document, block: str) -> list[Value]:
    items = value_at(document.value, (block,))
    return [item.get("name") for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _wanted(reading: Reading, options: Mapping[str, Node]) -> Iterator[Wanted]:
    """All that a reading wants to know of the project."""
    yield Wanted(".", Depth.STAT)
    yield from (wanted for _, wanted in named(reading.deployment))
    yield from weighed(reading.deployment.model)
    for target, given in _with_options(reading, options):
        yield from target.wants(reading.deployment, given)


def _found(reading: Reading, options: Mapping[str, Node], facts: Facts) -> list[Diagnostic]:
    """What is wrong with a reading besides its shape."""
    found = [*reading.found]
    for rule in rules_about(reading.deployment, whole=reading.view is None):
        found += islice(rule.check(reading.deployment, facts), _MOST)
    for target, given in _with_options(reading, options):
        found += islice(target.check(reading.deployment, given, facts), _MOST)
    return found


def _with_options(reading: Reading, options: Mapping[str, Node]) -> list[tuple[Target, Node]]:
    targets = targets_of(replace(reading.deployment, variants=()))  # those of variants are their readings' own
    return [(target, target.options_in(options)) for target in targets]


def _losses(readings: Readings, options: Mapping[str, Node]) -> Iterator[Loss]:
    """What is lost of each variant, at the place where it is written, of `variants` itself, and of the spec's own
    blocks where those are meant."""
    whole, *variants = readings.all
    for reading in variants or (whole,):
        lost = _losses_of(reading.document, reading.deployment, options)
        known = (loss for loss in lost if not variants or loss.target not in _PAST_VARIANTS)
        yield from (replace(loss, route=reading.home(loss.route)) for loss in known)
    if variants:
        lost = _losses_of(whole.document, readings.deployment, options)
        yield from (loss for loss in lost if loss.route[0] == "variants" or loss.target in _PAST_VARIANTS)


def _losses_of(document: Document, deployment: Deployment, options: Mapping[str, Node]) -> Iterator[Loss]:
    targets = [narrowed(target, deployment, target.options_in(options)) for target in targets_of(deployment)]
    for target in targets:
        # What a server can't do, nobody who packs or starts it can make good.
        packed = target.name != deployment.runtime.server
        users = [other for other in targets if packed and target.name in other.requires(deployment)]
        yield from losses(document, target, users=users)


def targets_of(deployment: Deployment) -> tuple[Target, ...]:
    """The targets that a deployment is compiled to, those included that the chosen ones require."""
    return closure(deployment, (name for name in deployment.targets if name in TARGETS))


def _overriding(report: Report, document: Document) -> Report:
    """The report in which a finding about a value that overrides another shows the place of that too."""
    return Report(tuple(_over(item, document) for item in report.diagnostics)) if document.beneath else report


def _over(item: Diagnostic, document: Document) -> Diagnostic:
    first = item.labels[0]
    places = document.overridden(first.at) if isinstance(first.at, tuple) else ()
    labels = (Label(place.value, "this is what it overrides", secret=first.secret) for place in places[:1])
    return replace(item, labels=(*item.labels, *labels))


def _rules_at(document: Document, spoilt: frozenset[Route]) -> frozenset[str]:
    """The rules of suppressions that could not be read: the user knows of those warnings."""
    items = document.value.get("suppress") if isinstance(document.value, dict) else None
    known = enumerate(items if isinstance(items, list) else [])
    rules = (item.get("rule") for index, item in known if isinstance(item, dict) and ("suppress", index) in spoilt)
    return frozenset(rule for rule in rules if isinstance(rule, str))
