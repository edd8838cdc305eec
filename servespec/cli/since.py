"""Specs of which something has changed since a commit: what `--since` leaves of those that were named.

A file that a spec names counts by its bytes. The texts that are the spec itself count by what they mean: a default of
the root file changes only the specs that do not say otherwise, and a comment none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from servespec.claims import Stake
from servespec.cli.asked import ChangedSince
from servespec.cli.find import ROOT_FILE, Source, overlay_environment
from servespec.cli.reading import lock_of
from servespec.cli.work import Work, analyse, analyse_texts, out_folder
from servespec.edge.gather import repository
from servespec.edge.git import GitFailed, Since
from servespec.edge.workers import outcomes
from servespec.pipeline import Analyses, File, Texts
from servespec.pipeline.stakes import stakes


def narrowed(
    sources: Sequence[Source], asked: ChangedSince, know: Callable[[int, tuple[Stake, ...]], None]
) -> dict[int, Source]:
    """The specs that have changed, by their numbers among all; `know` is told what the others claim."""
    known: dict[Path, Since] = {}
    try:
        for source in sources:
            top = repository(source.project)
            if top not in known:
                known[top] = Since(top, asked.ref)
                _ = known[top].touched  # asked for once, before the work is shared out
        talk = partial(_changed, known=known, asked=asked)
        changed = list(outcomes(sources, talk, know))
    except GitFailed as failure:
        raise click.UsageError(str(failure)) from None
    return {number: source for number, source in enumerate(sources) if changed[number]}


def _changed(
    source: Source, *, known: Mapping[Path, Since], asked: ChangedSince
) -> Generator[tuple[Stake, ...], None, bool]:
    """The dialogue about one spec: what it claims if it has not changed, and whether it has."""
    since = known[repository(source.project)]
    try:
        work = analyse(source)
        changed = _inputs(work, since, asked) or _texts(work, since)
    except OSError:
        yield ()
        return True  # whoever looks at it says why it can't be read
    yield () if changed else stakes(work.analyses, output=str(out_folder(source, asked.output)))
    return changed


def _inputs(work: Work, since: Since, asked: ChangedSince) -> bool:
    """Whether a file that the spec names is another one, or one of its output."""
    paths = [path for path in work.named if path != work.source.project]
    if asked.built and work.analyses.sound:
        paths.append(out_folder(work.source, asked.output) / work.name)
    return _touched(paths, since)


def _touched(paths: Iterable[Path], since: Since) -> bool:
    return any(since.touches(str(path)) or since.touches(os.path.realpath(path)) for path in paths)


def _texts(work: Work, since: Since) -> bool:
    """Whether the spec's own texts mean something else than they did."""
    project = os.path.realpath(work.source.project)
    gone = [work.source.project / os.path.basename(path) for path in since.touched if os.path.dirname(path) == project]
    paths = {*work.read, *(path for path in gone if overlay_environment(path, work.source.path))}
    if not _touched(paths, since):
        return False
    before = _before(work.source, {path: _then(path, since) for path in paths})
    return before is None or _meaning(analyse_texts(work.source, before, ()).analyses) != _meaning(work.analyses)


def _then(path: Path, since: Since) -> bytes | None:
    """What was in a file; None when it was not there."""
    if _touched((path,), since):
        return since.before(path)
    return path.read_bytes() if path.is_file() else None


def _before(source: Source, old: Mapping[Path, bytes | None]) -> Texts | None:
    """The texts as they were; None when the spec is new, or when another root file was the nearest one."""
    spec, lock = old[source.path], old[lock_of(source)]
    roots = {path: data for path, data in old.items() if path.name == ROOT_FILE}
    if spec is None or any((data is None) == path.is_file() for path, data in roots.items()):
        return None
    overlays = {
        name: File(source.beside(path), data)
        for path, data in old.items()
        if data is not None and path.parent == source.project and (name := overlay_environment(path, source.path))
    }
    return Texts(
        File(source.shown, spec),
        overlays,
        next((File(os.path.relpath(path), data) for path, data in roots.items() if data is not None), None),
        File(source.beside(lock_of(source)), lock) if lock is not None else None,
    )


def _meaning(analyses: Analyses) -> object:
    """What makes two analyses the same to a user: what is meant in each environment, and what is wrong with it."""
    found = {
        (item.code, item.headline, item.severity) for each in analyses.findings for item in each.report.diagnostics
    }
    return {analysis.environment: analysis.digest for analysis in analyses.each}, found
