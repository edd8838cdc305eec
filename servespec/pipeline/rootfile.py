"""The root file `servespec.yaml`: read once for all the specs below it, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from servespec import __version__
from servespec.checks import invalid_date
from servespec.checks.impossible_quantity import LEAST_BYTES, too_little
from servespec.checks.invalid_date import is_day
from servespec.checks.secret_literal import written_out
from servespec.deployment.images import ImageReference
from servespec.deployment.messages import invalid_quantity
from servespec.deployment.mirrors import HUB, registry_of
from servespec.deployment.quantities import Quantity
from servespec.deployment.version_range import contains
from servespec.diagnostics.types import Diagnostic, Findings, Label, Part, Report, error, placed_fix
from servespec.diagnostics.wording import shown
from servespec.node import Node
from servespec.pipeline.clusters import problems_of_platform
from servespec.pipeline.texts import File
from servespec.records import dataclass
from servespec.runtimes.catalog import SERVERS
from servespec.source import load
from servespec.spans import Document, Route, Span
from servespec.spec.decode import problems_of
from servespec.spec.fields import field_at, fields_at, is_number
from servespec.spec.grammar import Grammar
from servespec.spec.messages import unknown_value
from servespec.spec.problems import MOST
from servespec.spec.root import Spec
from servespec.spec.rootfile import Mirrors, Policy, RootFile, Waiver
from servespec.targets.registry import OPTIONS, TARGETS

WAIVABLE = ("forbidden-by-policy", "over-policy", "required-by-policy")
"""The codes that a waiver can name."""
_DEPTH = {"platforms": 2}
"""Fields whose items stand for themselves, with the length of their routes."""
_BEGINS = "write what holds for all specs, as in `defaults: {owner: risk-ml}`, or remove the file"
_REQUIRES = re.compile(r"servespec\b(.*)", re.DOTALL)
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~-]+)*/?", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?", re.ASCII)


def unmet_requirement(at: Route, wanted: str, *, readable: bool) -> Diagnostic:
    """The root file asks for another version of servespec, or for none that can be understood.

    Another version may read the same spec in another way, so nothing is made with this one.

    Bad:
    ```yaml
    requires: servespec >=99
    ```
    Good:
    ```yaml
    requires: servespec ~=0.1
    ```
    """
    return error(
        "unmet-requirement",
        f"this is servespec {__version__}" if readable else f"{shown(wanted)} names no versions of servespec",
        Label(at, "another version is asked for" if readable else "not as in `servespec ~=0.1`"),
        help="install a version that is asked for" if readable else "write it as in `requires: servespec ~=0.1`",
    )


def invalid_mirror(at: Route, found: str, *, wanted: str) -> Diagnostic:
    """A mirror in the root file is not named as its kind is.

    Registries and hosts stand without a scheme, addresses of packages with one, and none with credentials.

    Bad:
    ```yaml
    mirrors: {images: {docker.io: "https://mirror.example.com"}}
    ```
    Good:
    ```yaml
    mirrors: {images: {docker.io: mirror.example.com/docker}}
    ```
    """
    return error(
        "invalid-mirror", f"{shown(found)} can't be a mirror", Label(at, f"not {wanted}"), help=f"write {wanted}"
    )


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
        Label(at, "would never hold", Part.KEY),
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
        f"{shown(path)} is no amount",
        Label(at, "would never hold", Part.KEY),
        help="name a number or a quantity, as `runtime.workers` or `resources.limits.memory` is",
    )


@dataclass(frozen=True)
class Root:
    """A root file, as its text has it and as it was decoded."""

    findings: Findings
    file: RootFile | None = None
    """What is sound of it, by which the specs are judged in the same run; None when its text can't be read."""

    @property
    def document(self) -> Document:
        """Its document."""
        return self.findings.document

    def rule(self, *route: str | int) -> Label:
        """The label at a rule of the policy, for a finding about a spec."""
        return Label(self.document.place(("policy", *route)).value, "the policy of this repository")


@lru_cache(maxsize=4)  # a thousand specs have one
def read_root(file: File) -> Root:
    """The root file of that text."""
    loaded = load(file.shown, file.data, begins=_BEGINS)
    if not isinstance(loaded.document.value, dict):
        return Root(loaded)
    document = loaded.document
    shape = problems_of(document, Grammar(RootFile, whole="a root file"))
    root = _sound(document, shape)
    problems = Report(tuple(placed_fix(item, document) for item in _problems(root, document)) if root else ())
    report = loaded.report + shape.diagnostics + tuple(written_out(document)) + problems.diagnostics
    return Root(Findings(document, report), _sound(document, shape + problems) if problems.diagnostics else root)


def _sound(document: Document, report: Report) -> RootFile | None:
    """The fields that nothing is wrong with, and the platforms, one by one; None of a text with too many mistakes."""
    if not report.diagnostics:
        return RootFile.model_validate(document.value)
    if len(report.diagnostics) > MOST:
        return None
    from servespec.spec.pruning import prune  # start-up: only for a mistake

    wrong = (label.at for item in report.diagnostics for label in item.labels[:1])
    routes = frozenset(at[: _DEPTH.get(str(at[0]), 1)] for at in wrong if not isinstance(at, Span) and at)
    return RootFile.model_validate(prune(document.value, routes).value)


def _problems(root: RootFile, document: Document) -> Iterator[Diagnostic]:
    yield from _required_version(root)
    yield from _mirrors(root.mirrors)
    for name, platform in root.platforms.items():
        yield from problems_of_platform(platform, document, ("platforms", name))
    yield from _policy(root.policy, document)


def _required_version(root: RootFile) -> Iterator[Diagnostic]:
    if root.requires is None:
        return
    match = _REQUIRES.fullmatch(root.requires.strip())
    met = contains(match[1], __version__) if match else None
    if not met:
        yield unmet_requirement(("requires",), root.requires, readable=met is not None)


def _mirrors(mirrors: Mirrors) -> Iterator[Diagnostic]:
    at: Route = ("mirrors",)
    for registry, place in mirrors.images.items():
        if not _HOST.fullmatch(registry):
            yield invalid_mirror((*at, "images", registry), registry, wanted="a registry such as `docker.io`")
        elif not _is_place(place):
            yield invalid_mirror((*at, "images", registry), place, wanted="a place such as `mirror.example.com/docker`")
    if mirrors.pip and not _ADDRESS.fullmatch(mirrors.pip.url):
        yield invalid_mirror(
            (*at, "pip", "url"), mirrors.pip.url, wanted="an address such as `https://mirror.example.com`"
        )
    for host, address in mirrors.apt.items():
        if not _HOST.fullmatch(host) or not _ADDRESS.fullmatch(address):
            yield invalid_mirror((*at, "apt", host), address, wanted="an address such as `https://mirror.example.com`")


def _is_place(text: str) -> bool:
    """Whether images can be in it: a registry, and maybe a path; a name without a dot would be one of Docker Hub."""
    whole = ImageReference.parse(f"{text.rstrip('/')}/name")
    return whole is not None and whole.tag is None and registry_of(whole.repository)[0] != HUB


def _policy(policy: Policy, document: Document) -> Iterator[Diagnostic]:
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
