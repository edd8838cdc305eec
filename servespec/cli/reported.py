"""What a build tells programs besides what is wrong with the spec: files that are out of date, and lost fields."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from servespec.cli import tell
from servespec.cli.work import Work
from servespec.diagnostics.types import Findings, Label, Lost, Part, Report, Severity
from servespec.pipeline import Sound
from servespec.pipeline.output_messages import lost_field, orphaned_output, out_of_date
from servespec.records import replace
from servespec.spans import Document, dotted
from servespec.writer import MANIFEST, State, WritePlan


def stale(spec: str, plan: WritePlan) -> tuple[Findings, ...]:
    """An error for each file of the spec that is not what would be written."""
    folder = os.path.relpath(plan.out / plan.tree.name)
    found = (
        out_of_date(
            os.path.join(folder, file.path),
            spec,
            why=why,
            remedy=tell.REMEDY_EDITED if file.state is State.CONFLICT else tell.REMEDY,
        )
        for file, why in tell.stale(plan)
    )
    return (Findings(Document(spec, {}, {}, {}), Report(tuple(found))),)


def orphans(folders: Sequence[str], *, writes: bool) -> tuple[Findings, ...]:
    """Each output folder that no spec makes any more: an error of a check, and a warning of a build."""
    found = (orphaned_output(folder, f"{folder}/{MANIFEST}", remedy=tell.REMEDY_LEFT) for folder in folders)
    told = (replace(item, severity=Severity.WARNING) if writes else item for item in found)
    pairs = zip(folders, told, strict=True)
    return tuple(Findings(Document(f"{folder}/{MANIFEST}", {}, {}, {}), Report((item,))) for folder, item in pairs)


def lost(work: Work, *, strict: bool) -> Findings:
    """What does not wholly reach a target, in any environment; with `strict` it is an error."""
    documents = [analysis.findings.document for analysis in work.analyses.sound if analysis.losses]
    texts = {path: text for document in documents for path, text in document.texts.items()}
    found = tuple(dict.fromkeys(item for analysis in work.analyses.sound for item in _lost(analysis)))
    errors = tuple(lost_field(item) for item in found if strict)
    return Findings(Document(work.source.shown, {}, {}, texts), Report(errors), found)


def _lost(analysis: Sound) -> Iterator[Lost]:
    for loss in analysis.losses:
        at = Label(loss.route, part=Part.KEY).span(analysis.findings.document)
        yield Lost(dotted(loss.route), loss.target, loss.degree.value, loss.reason, at)
