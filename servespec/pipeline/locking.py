"""What a lock says of a spec: whether it still holds, and for what it is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from servespec.deployment.addresses import scheme
from servespec.deployment.locked import Lock, loaded, locked_paths, takes_whole
from servespec.deployment.mirrors import placed
from servespec.deployment.types import Deployment, Model
from servespec.diagnostics.types import Diagnostic, Label, Report, Severity
from servespec.diagnostics.wording import shown
from servespec.facts import Facts, FileFact, Kind
from servespec.pipeline.analysis import Analysis
from servespec.pipeline.images import images_of
from servespec.pipeline.lock_messages import SPEC, changed_model, missing_lock, not_locked, stale_lock
from servespec.pipeline.lockable import known_of, models_of, requirements_of
from servespec.pipeline.lockfile import ReadLock
from servespec.records import replace
from servespec.runtimes.edition import edition
from servespec.spans import Route

BYTES = ("missing-weights", "lfs-pointer")
"""Warnings that are errors where the bytes of a model are asked for."""
_ABSENT = (Kind.MISSING, Kind.DANGLING)


def under_lock(analysis: Analysis, lock: ReadLock | None, environments: Collection[str], *, strict: bool) -> Analysis:
    """The analysis with what its lock has against it; when it is `strict`, all of that is an error. The environments
    are all that the spec has."""
    deployment = analysis.deployment
    if deployment is None or not (lock or strict):
        return analysis
    if lock:
        found = [*_against(analysis, deployment, lock, strict=strict), *_gone(lock, environments)]
    else:
        found = [missing_lock()]
    document = analysis.findings.document
    settled = [replace(item, labels=tuple(label.settled(document) for label in item.labels)) for item in found]
    report = bytes_asked(analysis.report) + _as_errors(settled) if strict else analysis.report + settled
    return replace(analysis, findings=replace(analysis.findings, report=report))


def bytes_asked(report: Report) -> Report:
    """The report for one who needs the model's bytes: that they are not there is an error."""
    return Report(
        tuple(replace(item, severity=Severity.ERROR) if item.code in BYTES else item for item in report.diagnostics)
    )


def _as_errors(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    return (replace(item, severity=Severity.ERROR) for item in found)


def _against(analysis: Analysis, deployment: Deployment, lock: ReadLock, *, strict: bool) -> Iterator[Diagnostic]:
    if lock.file is None:
        return  # what is wrong with it is told
    if (part := lock.part(deployment.environment)) is None:
        yield not_locked(Label(SPEC, "locked for other environments only"), str(deployment.environment))
        return
    yield from _Looking(analysis, deployment, lock, part, strict=strict).all()


def _gone(lock: ReadLock, environments: Collection[str]) -> Iterator[Diagnostic]:
    """What the lock says of environments that the spec has no more."""
    for name in sorted({*(lock.file.environments if lock.file else ())} - {*environments}):
        at = lock.document.place(lock.route(name))
        label = Label(at.key or at.value, "what was locked")
        yield stale_lock(label, headline=f"there is no environment {shown(name)} any more")


class _Looking:
    """Holds a spec in one environment against its part of a lock."""

    def __init__(self, analysis: Analysis, deployment: Deployment, lock: ReadLock, part: Lock, *, strict: bool) -> None:
        self._analysis, self._deployment, self._lock, self._part = analysis, deployment, lock, part
        self._strict = strict

    def all(self) -> Iterator[Diagnostic]:
        for at, model in models_of(self._deployment):
            if model.locked is None:
                yield not_locked(at, model.uri)
            elif scheme(model.uri) is None:
                yield from self._files(at, model, self._analysis.facts)
        yield from self._requirements(self._analysis.facts)
        yield from self._facts()
        if sound := self._analysis.sound:
            yield from self._images(images_of(sound))

    def _rule(self, *below: str) -> Label:
        """The label at a place of the lock."""
        place = self._lock.document.place(self._lock.route(self._deployment.environment, *below))
        return Label(place.key or place.value, "what was locked")

    def _files(self, at: Label, model: Model, facts: Facts) -> Iterator[Diagnostic]:
        known, files = locked_paths(model), ("models", model.uri, "files")
        for (path, digest), name in zip(known.items(), model.locked.files if model.locked else (), strict=True):
            if headline := self._absence(facts.file(path)) or _difference(facts.file(path), digest):
                yield changed_model(at, self._rule(*files, name, "digest"), headline=headline)
        for path in _served(model, facts):
            if path not in known:
                yield changed_model(at, self._rule(*files), headline=f"{shown(path)} is not among what was locked")

    def _absence(self, fact: FileFact) -> str:
        """What is to be said of a file whose bytes are not here, where nothing else says or excuses it."""
        report, accepted = self._analysis.report, self._deployment.suppress
        told = {item.code for item in report.diagnostics} | {item.rule for item in accepted if not self._strict}
        if fact.kind in _ABSENT and "missing-weights" not in told:
            return f"{shown(fact.path)} is not there"
        if fact.lfs_pointer and self._strict and "lfs-pointer" not in told:
            return f"{shown(fact.path)} is a Git LFS pointer"
        return ""

    def _requirements(self, facts: Facts) -> Iterator[Diagnostic]:
        used = {path: label for label, path in requirements_of(self._deployment)}
        for path, label in used.items():
            digest = self._part.requirements.get(path)
            if digest is None:
                yield not_locked(label, path)
            elif digest != f"sha256:{facts.file(path).sha256}":
                headline = f"{shown(path)} is not the one that was locked"
                yield stale_lock(label, self._rule("requirements", path), headline=headline)
        yield from self._unused("requirements", self._part.requirements, used)

    def _facts(self) -> Iterator[Diagnostic]:
        used = known_of(self._deployment)
        for name in used:
            if self._part.facts.get(name) != edition(name):
                at = Label(("runtime", "server"), "used here", otherwise=Label(SPEC, "used here"))
                headline = f"what is known of {shown(name)} has changed"
                yield stale_lock(at, self._rule("facts", name), headline=headline)
        yield from self._unused("facts", self._part.facts, used)

    def _images(self, used: Collection[str]) -> Iterator[Diagnostic]:
        base = str(replace(placed(self._deployment.image.base, self._deployment), digest=None))
        for name in used:
            if name not in self._part.images:
                what = "an image by its tag alone"
                route: Route = ("image", "base") if name == base else ("targets",)
                yield not_locked(Label(route, what, otherwise=Label(SPEC, what)), name)
        yield from self._unused("images", self._part.images, used)

    def _unused(self, block: str, there: Iterable[str], used: Iterable[str]) -> Iterator[Diagnostic]:
        for name in sorted({*there} - {*used}):
            yield stale_lock(self._rule(block, name), headline=f"nothing uses {shown(name)} any more")


def _served(model: Model, facts: Facts) -> Iterator[str]:
    """The files beside the spec that the server would load, as far as it is known which they are."""
    if takes_whole(model, facts):
        below = (fact.path for fact in facts.files.values() if fact.kind is Kind.FILE)
        yield from (path for path in below if path.startswith(f"{model.uri}/"))
    elif (path := loaded(model, facts)) and facts.file(path).kind is Kind.FILE:
        yield path


def _difference(fact: FileFact, digest: str) -> str:
    """What is to be said of a file that should have a digest; nothing when it has, or is not there to be compared."""
    if fact.kind in _ABSENT:
        return ""
    return f"{shown(fact.path)} is not the file that was locked" if f"sha256:{fact.digest}" != digest else ""
