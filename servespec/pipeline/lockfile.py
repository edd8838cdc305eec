"""A lock's text: read once for all the environments of its spec, and what is wrong with it."""

from __future__ import annotations

from servespec.checks.secret_literal import written_out
from servespec.deployment.locked import Lock, lock_of
from servespec.diagnostics.types import Findings
from servespec.emit.quoted import Data
from servespec.pipeline.texts import File
from servespec.records import dataclass
from servespec.source import load
from servespec.spans import Document, Route
from servespec.spec.decode import problems_of
from servespec.spec.grammar import Grammar
from servespec.spec.lockfile import LockFile

_ANEW = "`servespec lock` writes it anew"


@dataclass(frozen=True)
class ReadLock:
    """A lock, and its text as it was decoded; that is none when it can't be used."""

    findings: Findings
    file: LockFile | None = None

    @property
    def document(self) -> Document:
        """Its document."""
        return self.findings.document

    def part(self, environment: str | None) -> Lock | None:
        """What it says of an environment; None when it says nothing of it."""
        if self.file is None:
            return None
        if environment is None:
            return lock_of(self.file)
        given = self.file.environments.get(environment)
        return lock_of(given) if given else None

    def data(self, environment: str) -> Data | None:
        """What it says of an environment, as data."""
        parts = self.document.value
        assert isinstance(parts, dict)
        below = parts.get("environments")
        return below.get(environment) if isinstance(below, dict) else None

    def route(self, environment: str | None, *below: str) -> Route:
        """Where in it something of an environment stands."""
        return (*(("environments", environment) if environment is not None else ()), *below)


def read_lock(file: File) -> ReadLock:
    """The lock of that text."""
    loaded = load(file.shown, file.data, begins=_ANEW)
    if not isinstance(loaded.document.value, dict):
        return ReadLock(loaded)
    shape = problems_of(loaded.document, Grammar(LockFile, whole="a lock", anew=_ANEW))
    report = loaded.report + shape.diagnostics + tuple(written_out(loaded.document, shape.diagnostics))
    findings = Findings(loaded.document, report)
    return ReadLock(findings, None if report.errors else LockFile.model_validate(loaded.document.value))
