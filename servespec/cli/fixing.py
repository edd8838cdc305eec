"""`validate --fix`: the safe fixes of all that is found, made in the files that the specs are."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from servespec.cli.console import show
from servespec.cli.diffs import painted
from servespec.cli.exits import Exit
from servespec.cli.find import Source
from servespec.cli.reading import read
from servespec.cli.work import analyse_texts
from servespec.diagnostics.mending import apart, files_of, mended, safe_fixes
from servespec.diagnostics.types import Findings, Fix
from servespec.diagnostics.visible import escaped
from servespec.edge.putting import save
from servespec.pipeline import File, Texts
from servespec.records import replace
from servespec.writer import text_diff

_ROUNDS = 20
"""How often what was mended is looked at again: a key that is respelt shows what is wrong with its value."""


def fix(sources: Iterable[Source]) -> Exit:
    """Make every safe fix in the files of the specs, or none when a file was changed meanwhile. Raises OSError."""
    desk = _mended(sources)
    changes = list(desk.changes())
    for name, before, _ in changes:
        if Path(name).read_bytes() != before:
            show(f"servespec: {escaped(name)} was changed meanwhile, so nothing was fixed", err=True)
            return Exit.REFUSED
    for name, _, after in changes:
        save(Path(os.path.realpath(name)), after)
        show(f"fixed in {escaped(name)}: {', '.join(desk.made[name])}", err=True)
    return Exit.OK


def preview(sources: Iterable[Source]) -> Exit:
    """Show the fixes as a diff, and write nothing: `Exit.ERRORS` when there are any."""
    desk = _mended(sources)
    lines = [line for change in desk.changes() for line in _diff(*change)]
    for secret in desk.secrets:
        lines = [line.replace(secret, "*" * len(secret)) for line in lines]
    show(painted(lines, sys.stdout))
    return Exit.ERRORS if lines else Exit.OK


def _mended(sources: Iterable[Source]) -> _Desk:
    desk = _Desk()
    for source in sources:
        with suppress(OSError):  # whoever looks at it afterwards says why it can't be read
            desk.mend(source)
    return desk


def _diff(name: str, before: bytes, after: bytes) -> Iterator[str]:
    return text_diff(before, after, names=(name, name))


class _Desk:
    """The files on which fixes are made, by the names that people are shown, as they were and as they are."""

    def __init__(self) -> None:
        self.made: dict[str, list[str]] = {}
        """What was made in which file, in words."""
        self.secrets: set[str] = set()
        self._before: dict[str, bytes] = {}
        self._now: dict[str, bytes] = {}

    def changes(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Each file that is another now: its name, what was in it, and what is to be."""
        return ((name, self._before[name], data) for name, data in sorted(self._now.items()))

    def mend(self, source: Source) -> None:
        """Make every safe fix in the files of a spec. Raises OSError when one can't be read."""
        texts, paths = read(source)
        for _ in range(_ROUNDS):
            texts = self._as_they_are(texts)
            findings = analyse_texts(source, texts, paths).analyses.findings
            self.secrets.update(_secrets(findings))
            fixes = tuple(apart(safe_fixes(findings)))
            if not fixes:
                return
            for file in _files(texts):
                self._make(fixes, file)

    def _as_they_are(self, texts: Texts) -> Texts:
        def now(file: File) -> File:
            return File(file.shown, self._now.get(file.shown, file.data))

        overlays = {name: now(file) for name, file in texts.overlays.items()}
        return replace(texts, spec=now(texts.spec), overlays=overlays, root=now(texts.root) if texts.root else None)

    def _make(self, fixes: tuple[Fix, ...], file: File) -> None:
        mine = [item for item in fixes if file.shown in files_of(item)]
        if mine:
            self._before.setdefault(file.shown, file.data)
            self._now[file.shown] = mended(file.data, [edit for item in mine for edit in item.edits], file.shown)
            self.made.setdefault(file.shown, []).extend(item.title for item in mine)


def _files(texts: Texts) -> Iterator[File]:
    yield texts.spec
    yield from texts.overlays.values()
    if texts.root:
        yield texts.root


def _secrets(findings: Iterable[Findings]) -> Iterator[str]:
    """What stands where a label says that it may be a secret."""
    for each in findings:
        labels = (label for item in each.report.diagnostics for label in item.labels if label.secret)
        yield from filter(None, (each.document.slice(label.span(each.document)) for label in labels))
