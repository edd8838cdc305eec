"""What the root file's policy says of a spec: no spec can switch it off, only the root file can waive it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.deployment.canonical import as_data
from servespec.deployment.quantities import Quantity
from servespec.deployment.types import Deployment
from servespec.deployment.variants import view
from servespec.diagnostics.types import Diagnostic, Label, Part, error, warning
from servespec.diagnostics.wording import shown
from servespec.pipeline.analysis import Analysis, targets_of
from servespec.pipeline.rootfile import Root
from servespec.records import replace
from servespec.spans import Route, Value
from servespec.spec.rootfile import Policy, Waiver

_FOLLOWS: Mapping[Route, Route] = {("runtime", "workers"): ("resources", "requests", "cpu")}
"""Fields whose default grows with another field."""


def required_by_policy(at: Route, path: str, rule: Label) -> Diagnostic:
    """A spec does not write a field that the root file's policy wants in every spec.

    A default of the root file counts as written.

    Bad:
    ```yaml
    # servespec.yaml says: policy: {required: [owner]}
    name: fraud-detector
    ```
    Good:
    ```yaml
    name: fraud-detector
    owner: risk-ml
    ```
    """
    above, _, name = path.rpartition(".")
    return error(
        "required-by-policy",
        f"{shown(path)} is missing",
        Label(at, f"needs {shown(path)}"),
        rule,
        help=f"add `{name}:`" + (f" to `{above}`" if above else ""),
    )


def forbidden_by_policy(at: Label, name: str, rule: Label) -> Diagnostic:
    """A spec uses a server or a target that the root file's policy forbids.

    Bad:
    ```yaml
    # servespec.yaml says: policy: {forbidden: {servers: [torchserve]}}
    runtime: {server: torchserve}
    ```
    Good:
    ```yaml
    runtime: {server: onnxruntime}
    ```
    """
    return error(
        "forbidden-by-policy",
        f"{shown(name)} is not to be used here",
        at,
        rule,
        help="use another one, or ask those who own the root file for a waiver",
    )


def over_policy(at: Label, path: str, rule: Label, *, most: str) -> Diagnostic:
    """A spec asks for more than the root file's policy allows.

    Bad:
    ```yaml
    # servespec.yaml says: policy: {maxima: {runtime.workers: 8}}
    runtime: {workers: 16}
    ```
    Good:
    ```yaml
    runtime: {workers: 8}
    ```
    """
    return error(
        "over-policy",
        f"{shown(path)} is more than is allowed",
        at,
        rule,
        help=f"ask for {most} at most, or ask those who own the root file for a waiver",
    )


def waiver_expired(rule: Label, code: str) -> Diagnostic:
    """The day until which a rule of the policy was waived for a spec has passed.

    It goes on being waived, so that an unchanged repository does not turn red by itself; `servespec audit` fails.

    Bad:
    ```yaml
    policy: {waivers: [{service: fraud-detector, rule: over-policy, reason: a trial, until: "2020-01-01"}]}
    ```
    Good:
    ```yaml
    policy: {waivers: [{service: fraud-detector, rule: over-policy, reason: a trial, until: "2099-01-01"}]}
    ```
    """
    return warning(
        "waiver-expired",
        f"the waiver of {shown(code)} has expired",
        rule,
        help="keep to the rule and take the waiver out, or give a later date with a new reason",
    )


def under_policy(analysis: Analysis, root: Root, *, today: str) -> Analysis:
    """The analysis with what the policy has against it, and a warning for each waiver of it that has expired."""
    if root.file is None or analysis.deployment is None:
        return analysis
    policy, deployment = root.file.policy, analysis.deployment
    waivers = {index: waiver for index, waiver in enumerate(policy.waivers) if waiver.service == deployment.name}
    waived = {waiver.rule for waiver in waivers.values()}
    breaches = [_settled(item, analysis) for item in _breaches(analysis, deployment, policy, root)]
    kept = [item for item in breaches if item.code not in waived]
    suppressed = (*analysis.suppressed, *(item.code for item in breaches if item.code in waived))
    report = analysis.report + kept + _expired(waivers, root, today=today)
    findings = replace(analysis.findings, report=report)
    return replace(analysis, findings=findings, suppressed=suppressed)


def _expired(waivers: dict[int, Waiver], root: Root, *, today: str) -> Iterator[Diagnostic]:
    for index, waiver in waivers.items():
        if waiver.until is not None and waiver.until < today:
            at = root.document.place(("policy", "waivers", index, "until"))
            yield waiver_expired(Label(at.value, f"this day has passed: {shown(waiver.until)}"), waiver.rule)


def _breaches(analysis: Analysis, deployment: Deployment, policy: Policy, root: Root) -> Iterator[Diagnostic]:
    yield from _missing(analysis, policy, root)
    yield from _targets(deployment, policy, root)
    yield from _views(deployment, (), policy, root)
    for index, variant in enumerate(deployment.variants):
        yield from _views(view(deployment, variant), ("variants", index), policy, root)


def _missing(analysis: Analysis, policy: Policy, root: Root) -> Iterator[Diagnostic]:
    for index, path in enumerate(policy.required):
        route: Route = tuple(path.split("."))
        if not analysis.findings.document.written(route):
            yield required_by_policy(route, path, root.rule("required", index))


def _targets(deployment: Deployment, policy: Policy, root: Root) -> Iterator[Diagnostic]:
    for target in targets_of(deployment):
        if target.name in policy.forbidden.targets:
            rule = root.rule("forbidden", "targets", policy.forbidden.targets.index(target.name))
            by_pattern = Label(("pattern",), f"compiled to {shown(target.name)} by default")
            by_another = Label(("targets",), f"one of these needs {shown(target.name)}", Part.KEY, otherwise=by_pattern)
            at = Label(("targets", target.name), "compiled to", Part.KEY, otherwise=by_another)
            yield forbidden_by_policy(at, target.name, rule)


def _views(deployment: Deployment, at: Route, policy: Policy, root: Root) -> Iterator[Diagnostic]:
    """What a deployment, or one of its variants, has against it."""
    server = deployment.runtime.server
    if server in policy.forbidden.servers:
        rule = root.rule("forbidden", "servers", policy.forbidden.servers.index(server))
        by_format = Label(
            (*at, "model", "format"), f"served by {shown(server)} by default", otherwise=Label(("model", "format"))
        )
        yield forbidden_by_policy(Label((*at, "runtime", "server"), "chosen here", otherwise=by_format), server, rule)
    data = as_data(deployment)
    for path, most in policy.maxima.items():
        route: Route = tuple(path.split("."))
        if _exceeds(_value(data, route), most):
            here = _over(at, route, f"{_value(data, route)}")
            yield over_policy(here, path, root.rule("maxima", path), most=str(most))


def _over(at: Route, route: Route, value: str) -> Label:
    """The place of a value that is too much; of a default, what it follows from, or the block that does not say it."""
    path = shown(".".join(map(str, route)))
    unsaid = Label(("name",), f"{path} is {value} by default")
    block = Label(route[:1], f"{path} is {value} by default", Part.KEY, otherwise=unsaid)
    source = _FOLLOWS.get(route)
    by_source = Label(source, f"makes {path} {value} by default", otherwise=block) if source else block
    return Label((*at, *route), value, otherwise=Label(route, value, otherwise=by_source))


def _value(data: Value, route: Route) -> Value:
    for step in route:
        data = data.get(str(step)) if isinstance(data, dict) else None
    return data


def _exceeds(value: Value, most: str | float) -> bool:
    amount, limit = (Quantity.parse(str(each)) for each in (value, most))
    return amount is not None and limit is not None and amount.thousandths > limit.thousandths


def _settled(item: Diagnostic, analysis: Analysis) -> Diagnostic:
    document = analysis.findings.document
    return replace(item, labels=tuple(label.settled(document) for label in item.labels))
