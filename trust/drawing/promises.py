"""What must hold of every sound spec: it builds, it loses nothing in silence, it is always the same, and it agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from servespec.pipeline import Sound
from servespec.pipeline.analysis import targets_of
from servespec.spans import Route, dotted, walk
from servespec.targets.capabilities import answer, narrowed
from servespec.targets.contract import Degree, Support
from tests.projects import made
from trust.drawing.agreement import disagreements
from trust.drawing.specs import Drawn
from trust.fuzzing.corpus import Case
from trust.fuzzing.trial import Answer, analysed, trial
from trust.rewriting import turned

_OWN = ("apiVersion", "examples", "overrides", "suppress", "targets")
"""What is said to servespec itself; `smoke` sends the examples."""
_GIVEN_UP = (("security", "authorization"), "none")
"""What is said not to be wanted is lost nowhere."""
_LOSSY = (Degree.APPROXIMATED, Degree.DROPPED)


@dataclass(frozen=True)
class Promise:
    """Something that holds of every spec."""

    what: str
    broken: Callable[[Drawn], Iterator[str]]
    """How it does not hold of a sound one."""

    def tried(self, drawn: Drawn) -> Answer:
        """Whether a spec was sound, and how the promise was broken."""
        if not analysed(drawn.case).ok:
            return Answer()
        return Answer(made=True, wrong=next(self.broken(drawn), ""))


def _fails(drawn: Drawn) -> Iterator[str]:
    if wrong := trial(drawn.case).wrong:
        yield wrong


def _silent(drawn: Drawn) -> Iterator[str]:
    """Fields that a target keeps in part or not at all, or that none is about, and of which nobody says so."""
    for analysis in analysed(drawn.case).sound:
        for route in _written(analysis):
            if not _is_found(analysis, route):
                for target in _unsaid(analysis, route):
                    yield f"{dotted(route)} does not reach all of {target}, and nothing is said of that"


def _written(analysis: Sound) -> Iterator[Route]:
    for route, value in walk(analysis.findings.document.value):
        said = not isinstance(value, dict | list | None) and (route, value) != _GIVEN_UP
        if said and route and route[0] not in _OWN:
            yield route


def _is_found(analysis: Sound, route: Route) -> bool:
    """Whether a finding is about the field, or the block that it stands in."""
    at = {label.at for item in analysis.report.diagnostics for label in item.labels if isinstance(label.at, tuple)}
    return any(route[:end] in at for end in range(1, len(route) + 1))


def _unsaid(analysis: Sound, route: Route) -> Iterator[str]:
    """The targets that lose a field, of which no loss at its place speaks. Another field's loss is not its own,
    whatever the reason, and what one target keeps another loses all the same."""
    answers = dict(_answers(analysis, route))
    told = {loss.target for loss in analysis.losses if route[: len(loss.route)] == loss.route}
    for target, support in answers.items():
        if support.degree in _LOSSY and target not in told and not _made_good(analysis, target, answers):
            yield target
    # Who chooses the targets knows what they are about; by default all is for one of them.
    chosen = "targets" in cast("dict[str, object]", analysis.findings.document.value)
    if {support.degree for support in answers.values()} <= {Degree.UNRELATED} and not chosen:
        yield "any target"


def _made_good(analysis: Sound, target: str, answers: Mapping[str, Support]) -> bool:
    """Whether one of the targets that use the files of this one keeps what this one drops."""
    if answers[target].degree is not Degree.DROPPED or answers[target].final:
        return False
    users = (other for other in targets_of(analysis.deployment) if target in other.requires(analysis.deployment))
    return any(answers[user.name].degree in (Degree.KEPT, Degree.APPROXIMATED) for user in users)


def _answers(analysis: Sound, route: Route) -> Iterator[tuple[str, Support]]:
    deployment = analysis.deployment
    for target in targets_of(deployment):
        given = target.options_in(analysis.options)
        support = answer(narrowed(target, deployment, given), route)
        assert support is not None, f"{target.name} has no answer for {dotted(route)}"
        yield target.name, support


def _varies(drawn: Drawn) -> Iterator[str]:
    first = _files(drawn.case)
    for how, case in (("made again", drawn.case), ("with its keys turned round", drawn.saying(turned(drawn.tree)))):
        again = _files(case)
        for path in sorted(first.keys() | again.keys()):
            if first.get(path) != again.get(path):
                yield f"{path} is another one {how}"


def _files(case: Case) -> dict[str, str]:
    """The text of each file, and the digest of what each environment means."""
    found = analysed(case)
    texts = {f"{item.environment}/{path}": text for item in found.sound for path, text in made(item).items()}
    return texts | {f"{item.environment} digest": item.digest for item in found.sound}


def _disagrees(drawn: Drawn) -> Iterator[str]:
    for analysis in analysed(drawn.case).sound:
        yield from disagreements(made(analysis), analysis.environment)


PROMISES = (
    Promise("what validate finds nothing wrong with is built", _fails),
    Promise("a field is kept, or told to be lost", _silent),
    Promise("the same spec is the same bytes, also with its keys turned round", _varies),
    Promise("files agree on images, ports, checks and models", _disagrees),
)
