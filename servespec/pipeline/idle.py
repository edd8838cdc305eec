"""Exceptions that nothing needs: a warning is accepted that is not given, a rule is waived that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from servespec.checks.registry import FROM_ELSEWHERE
from servespec.diagnostics.types import Diagnostic, Findings, Label, Report, warning
from servespec.diagnostics.wording import shown
from servespec.pipeline.analyses import Analyses
from servespec.pipeline.analysis import Analysis
from servespec.pipeline.rootfile import Root
from servespec.spans import Span
from servespec.spec.rootfile import Waiver


def idle_suppression(at: Label, rule: str) -> Diagnostic:
    """A spec accepts a warning that it does not get, in any of its environments.

    It would go on hiding the warning when that comes back for another reason. `servespec audit` tells it, and nothing
    else does. Of warnings that hang on more than the spec it says nothing: on the project's files, which a checkout may
    lack, on a lock, or on other specs.

    Bad:
    ```yaml
    # no port of this spec is below 1024
    suppress: [{rule: privileged-port, reason: the engine lets us}]
    ```
    Good:
    ```yaml
    suppress: []
    ```
    """
    return warning("idle-suppression", f"{shown(rule)} is suppressed for nothing", at, help="take it out")


def idle_waiver(at: Label, rule: str, *, help: str) -> Diagnostic:
    """The root file waives a rule of its policy for a spec that keeps to it, or that there is not.

    Whoever breaks the rule next would be let pass. `servespec audit` of all specs below the root file tells it, and
    nothing else does.

    Bad:
    ```yaml
    # fraud-detector has an owner
    policy:
      required: [owner]
      waivers: [{service: fraud-detector, rule: required-by-policy, reason: the team is being founded}]
    ```
    Good:
    ```yaml
    policy: {required: [owner]}
    ```
    """
    return warning("idle-waiver", f"{shown(rule)} is waived for nothing", at, help=help)


def idle_suppressions(analyses: Analyses, *, today: str) -> Iterator[Findings]:
    """A warning for each suppression in the files of a spec without errors, looked at in all its environments, that
    suppresses nothing in any of them. What the root file suppresses may be for other specs, and of what has expired
    that is told."""
    found: dict[Span, list[tuple[Analysis, str]]] = {}
    for analysis in analyses.sound:
        for index, item in enumerate(analysis.deployment.suppress):
            if _has_passed(item.until, today):
                continue
            place = Label(("suppress", index, "rule")).span(analysis.findings.document)
            found.setdefault(place, []).append((analysis, item.rule))
    for place, holders in found.items():
        first, rule = holders[0]
        idle = not any(rule in analysis.suppressed for analysis, _ in holders)
        inherited = analyses.root is not None and place.path == analyses.root.document.path
        if idle and not inherited and rule not in FROM_ELSEWHERE:
            told = idle_suppression(Label(place, "there is no such warning"), rule)
            yield Findings(first.findings.document, Report((told,)))


def idle_waivers(root: Root, below: Iterable[Analyses], unread: Callable[[str], bool], *, today: str) -> Findings:
    """A warning for each waiver that no spec below the root file needs; `below` are all that were found, without
    errors and in all their environments. `unread` tells whether another one may have that name. Of what has expired for
    one of them that is told."""
    needed: dict[str, set[str]] = {}
    for analysis in (each for analyses in below for each in analyses.sound):
        needed.setdefault(analysis.deployment.name, set()).update(analysis.suppressed)
    waivers = root.file.policy.waivers if root.file else ()
    idle = (
        (index, waiver)
        for index, waiver in enumerate(waivers)
        if waiver.rule not in needed.get(waiver.service, ())
        and not (waiver.service in needed and _has_passed(waiver.until, today))
        and not unread(waiver.service)
    )
    told = tuple(_idle_waiver(index, waiver, known=waiver.service in needed) for index, waiver in idle)
    return Findings(root.document, Report(told))


def _idle_waiver(index: int, waiver: Waiver, *, known: bool) -> Diagnostic:
    at, name = ("policy", "waivers", index), shown(waiver.service)
    if known:
        return idle_waiver(Label((*at, "rule"), f"{name} keeps to it"), waiver.rule, help="take it out")
    label = Label((*at, "service"), "no spec that this file holds for is called that")
    return idle_waiver(label, waiver.rule, help="take it out, or write the `name` of a spec")


def _has_passed(until: str | None, today: str) -> bool:
    return until is not None and until < today
