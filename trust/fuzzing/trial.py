"""One input through load, decode, validate and, when nothing is wrong with it, build: what must hold of any."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from servespec.diagnostics.formats import Options, render
from servespec.diagnostics.types import Findings
from servespec.edge.gather import gather
from servespec.facts import Facts, Wanted
from servespec.pipeline import Analyses, World, analyse, making
from servespec.targets.contract import Output
from trust.fuzzing.corpus import Case

_TODAY = "2026-11-23"
_OUTPUT = Output("/project", "/project/deploy/fraud-detector")
_PACKAGE = "servespec/"


@dataclass(frozen=True)
class Answer:
    """What came of one input."""

    made: bool = False
    """Whether it had no errors, so that it was built too."""
    wrong: str = ""
    """What should not have been, in words that are the same for the same bug; empty when all is well."""


def trial(case: Case) -> Answer:
    """What the pipeline makes of a case. Whatever it raises is an answer too."""
    try:
        found = analysed(case)
        wrong = next(_unsound(found), "") or next(_unplaced(found.findings), "")
    except Exception as failure:
        return Answer(wrong=_told(failure))
    if wrong or not found.ok:
        return Answer(wrong=wrong)
    try:
        for analysis in found.sound:
            making.make(analysis, _OUTPUT)
    except Exception as failure:
        return Answer(made=True, wrong=f"validate is clean and build fails: {_told(failure)}")
    return Answer(made=True)


def analysed(case: Case) -> Analyses:
    """What is known of a case before anything is made of it."""
    return analyse(case.texts, World(lambda wanted: _gathered(case.project, tuple(wanted)), _TODAY))


def _unsound(found: Analyses) -> Iterator[str]:
    """What can't be shown, or contradicts itself."""
    for format_ in ("text", "json"):
        render(format_, found.findings, Options(color=False, width=100))
    errors = sum(item.report.errors for item in found.findings)
    known = all(analysis.deployment is not None for analysis in found.each)
    if found.ok and (errors or not known):
        yield "a spec with errors may be built"
    if not found.ok and not errors:
        yield "a spec is refused without an error"


def _unplaced(findings: Iterable[Findings]) -> Iterator[str]:
    """Findings that stand in no file that was read, or outside of it."""
    for each in findings:
        texts = each.document.texts
        for item in each.report.diagnostics:
            for label in item.labels:
                span = label.span(each.document)
                inside = span.path in texts and 0 <= span.start <= span.end <= len(texts[span.path].content)
                if not inside:
                    yield f"{item.code} stands nowhere"


def _told(failure: Exception) -> str:
    """The exception and the line of servespec that it came from."""
    frames = traceback.extract_tb(failure.__traceback__)
    own = [frame for frame in frames if f"/{_PACKAGE}" in frame.filename]
    last = own[-1] if own else frames[-1]
    file = last.filename.rpartition(f"/{_PACKAGE}")[2]
    return f"{type(failure).__name__} in {_PACKAGE}{file}:{last.lineno}"


@lru_cache(maxsize=256)
def _gathered(project: Path, wanted: tuple[Wanted, ...]) -> Facts:
    """What is on the disk, which stays as it is."""
    return gather(project, wanted)
