"""The root file `servespec.yaml`: read once for all the specs below it, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from servespec import __version__
from servespec.checks.secret_literal import written_out
from servespec.deployment.images import ImageReference
from servespec.deployment.mirrors import HUB, registry_of
from servespec.deployment.version_range import contains
from servespec.diagnostics.types import Diagnostic, Findings, Label, Report, error, placed_fix
from servespec.diagnostics.wording import shown
from servespec.pipeline.clusters import problems_of_platform
from servespec.pipeline.policy_file import problems_of_policy
from servespec.pipeline.texts import File
from servespec.records import dataclass
from servespec.source import load
from servespec.spans import Document, Route, Span
from servespec.spec.decode import problems_of
from servespec.spec.grammar import Grammar
from servespec.spec.problems import MOST
from servespec.spec.rootfile import Mirrors, RootFile

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

    Registries and hosts stand without a scheme, addresses of packages with one, and none with credentials. pip reads no
    index over plain HTTP.

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
    report = loaded.report + shape.diagnostics + tuple(written_out(document, shape.diagnostics)) + problems.diagnostics
    return Root(Findings(document, report), _sound(document, shape + problems) if problems.diagnostics else root)


def _sound(document: Document, report: Report) -> RootFile | None:
    """The fields that nothing is wrong with, and the platforms, one by one; None of a text with too many mistakes."""
    if not report.diagnostics:
        return RootFile.model_validate(document.value)
    if len(report.diagnostics) > MOST:
        return None
    from servespec.spec.pruning import prune  # start-up: only for a mistake

    wrong = (label.at for item in report.diagnostics for label in item.labels)
    routes = frozenset(at[: _DEPTH.get(str(at[0]), 1)] for at in wrong if not isinstance(at, Span) and at)
    return RootFile.model_validate(prune(document.value, routes).value)


def _problems(root: RootFile, document: Document) -> Iterator[Diagnostic]:
    yield from _required_version(root)
    yield from _mirrors(root.mirrors)
    for name, platform in root.platforms.items():
        yield from problems_of_platform(platform, document, ("platforms", name))
    yield from problems_of_policy(root.policy, document)


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
    if mirrors.pip:
        from servespec.checks.invalid_index_url import is_plain  # start-up: most root files have none

        if not _ADDRESS.fullmatch(url := mirrors.pip.url) or is_plain(url):
            yield invalid_mirror((*at, "pip", "url"), url, wanted="an address such as `https://mirror.example.com`")
    for host, address in mirrors.apt.items():
        if not _HOST.fullmatch(host) or not _ADDRESS.fullmatch(address):
            yield invalid_mirror((*at, "apt", host), address, wanted="an address such as `https://mirror.example.com`")


def _is_place(text: str) -> bool:
    """Whether images can be in it: a registry, and maybe a path; a name without a dot would be one of Docker Hub."""
    whole = ImageReference.parse(f"{text.rstrip('/')}/name")
    return whole is not None and whole.tag is None and registry_of(whole.repository)[0] != HUB
