"""What is wrong with the policy of a root file: fields and names that there are not, maxima that would never hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from servespec.checks import invalid_date
from servespec.checks.impossible_quantity import LEAST_BYTES, too_little
from servespec.checks.invalid_date import is_day
from servespec.deployment.messages import invalid_quantity
from servespec.deployment.quantities import Quantity
from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.diagnostics.wording import shown
from servespec.node import Node
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Document, Route
from servespec.spec.fields import field_at, fields_at, is_number
from servespec.spec.messages import unknown_value
from servespec.spec.root import Spec
from servespec.spec.rootfile import Policy, Waiver
from servespec.targets.registry import OPTIONS, TARGETS

WAIVABLE = ("forbidden-by-policy", "over-policy", "required-by-policy")
"""The codes that a waiver can name."""


def unknown_policy_field(at: Route, path: str) -> Diagnostic:
    """The policy names a field that a spec does not have, so that it would never hold.

    Bad:
    ```yaml
    policy: {required: [ownr]}
    ```
    Good:
    ```yaml
    policy: {required: [owner, labels.cost-center]}
    ```
    """
    return error(
        "unknown-policy-field",
        f"{shown(path)} is not a field of a spec",
        Label(at, "would never apply", Part.KEY),
        help="write its dotted path, as in `resources.limits.memory`; schema/reference.md lists them",
    )


def unlimited_field(at: Route, path: str) -> Diagnostic:
    """The policy sets a maximum for a field that is no number and no quantity, so that it would never hold.

    Bad:
    ```yaml
    policy: {maxima: {owner: 3}}
    ```
    Good:
    ```yaml
    policy: {maxima: {runtime.workers: 3}}
    ```
    """
    return error(
        "unlimited-field",
        f"{shown(path)} is not an amount",
        Label(at, "would never apply", Part.KEY),
        help="name a number or a quantity, as `runtime.workers` or `resources.limits.memory` is",
    )


def problems_of_policy(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    """The mistakes of a policy, each at its place in the root file."""
    at: Route = ("policy",)
    given: dict[Route, tuple[Sequence[str], Collection[str]]] = {
        (*at, "forbidden", "servers"): (policy.forbidden.servers, SERVERS),
        (*at, "forbidden", "targets"): (policy.forbidden.targets, TARGETS),
    }
    for route, (names, known) in given.items():
        for index, name in enumerate(names):
            if name not in known:
                yield unknown_value(document, (*route, index), found=name, values=sorted(known))
    yield from _policy_fields(policy, at)
    for path, most in policy.maxima.items():
        yield from _maximum((*at, "maxima", path), path, most)
    for index, waiver in enumerate(policy.waivers):
        yield from _waiver(waiver, (*at, "waivers", index), document)


def _policy_fields(policy: Policy, at: Route) -> Iterator[Diagnostic]:
    for index, path in enumerate(policy.required):
        if not _is_field(path, OPTIONS):
            yield unknown_policy_field((*at, "required", index), path)
    for path in policy.maxima:
        if not _is_field(path, {}):  # nothing that targets' options say is counted
            yield unknown_policy_field((*at, "maxima", path), path)


def _maximum(route: Route, path: str, most: str | float) -> Iterator[Diagnostic]:
    amount, field = Quantity.parse(str(most)), field_at(Spec, tuple(path.split(".")), options={})
    if amount is None:
        yield invalid_quantity(route, str(most), example="8Gi")
    elif field is not None and not (is_number(field.annotation) or any(map(Quantity.parse, _said(field.examples)))):
        yield unlimited_field(route, path)
    elif path.endswith(".memory") and 0 < amount.units < LEAST_BYTES:
        yield too_little(route, amount)


def _said(examples: list[Any] | None) -> tuple[str, ...]:
    return tuple(example for example in examples or () if isinstance(example, str))


def _waiver(waiver: Waiver, at: Route, document: Document) -> Iterator[Diagnostic]:
    if waiver.rule not in WAIVABLE:
        yield unknown_value(document, (*at, "rule"), found=waiver.rule, values=WAIVABLE)
    if waiver.until is not None and not is_day(waiver.until):
        yield invalid_date.no_day((*at, "until"), waiver.until)


def _is_field(path: str, options: Mapping[str, type[Node]]) -> bool:
    """Whether a path is that of a field of a spec, or of a key in a map whose keys are free."""
    *above, last = path.split(".")
    if field_at(Spec, (*above, last), options=options) is not None:
        return True
    holder = field_at(Spec, tuple(above), options=options) if above else None
    return holder is not None and not fields_at(Spec, tuple(above), options=options)
