"""Document to spec: shape and types, every mistake of both in one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from itertools import chain, islice

from servespec.diagnostics.types import Diagnostic, Report
from servespec.node import Node
from servespec.records import dataclass, replace
from servespec.source import messages as of_source
from servespec.spans import Document, Route, Value, value_at
from servespec.spec.grammar import Grammar
from servespec.spec.problems import MOST, Problem, problems_in
from servespec.spec.root import API_VERSION, Spec

_LONG = 2_000
"""Values of a spec that nobody writes by hand."""
_A_SPEC = frozenset({"pattern", "model"})
"""Fields by which a text without `apiVersion` is a spec that lacks it, and no other file."""
_BEGINNING = 2 * MOST
"""Items of a list or map in which there are enough mistakes, if all of it is one: more than any list may have."""


@dataclass(frozen=True)
class Decoded:
    """A spec, or none when too much is missing; with what was wrong, and where."""

    spec: Spec | None
    options: Mapping[str, Node]
    report: Report
    spoilt: frozenset[Route] = frozenset()
    """Routes whose values are not those of `spec`, because they are wrong: findings about them are echoes."""
    kept: Mapping[Route, tuple[int, ...]] = field(default_factory=dict)
    """Where the items of lists stood that lost some, as `pruning.original` reads it."""


def problems_of(document: Document, grammar: Grammar) -> Report:
    """All mistakes of shape and type in a document that is a map."""
    assert isinstance(document.value, dict)
    problems = list(islice(problems_in(grammar.model, document.value), MOST + 1))
    return _report(document, problems, grammar)


def _report(document: Document, problems: list[Problem], grammar: Grammar) -> Report:
    found: Iterator[Diagnostic] = iter(())
    if problems:
        from servespec.spec.mistakes import mistakes  # start-up

        found = mistakes(document, problems, grammar)
    unquoted = _ambiguous(document, frozenset(problem.route for problem in problems), grammar)
    said = tuple(islice(chain(found, unquoted), MOST + 1))
    if len(said) <= MOST:
        return Report(said)
    return Report((*said[:MOST], of_source.too_many_problems(said[MOST].labels[0].at, MOST)))


def decode(document: Document, *, options: Mapping[str, type[Node]]) -> Decoded:
    """The spec that `document` writes down, with each target's options, and all mistakes of shape and type.

    A wrong value is reported and left out, so that the later stages can still look at the rest.
    """
    value = document.value
    if not isinstance(value, dict):
        return Decoded(None, {}, Report())
    if value.get("apiVersion") != API_VERSION:
        from servespec.diagnostics.suggest import closest  # start-up
        from servespec.spec import messages

        found = messages.api_version(document, value.get("apiVersion"), expected=API_VERSION)
        if "apiVersion" in value or _A_SPEC.isdisjoint(value):
            return Decoded(None, {}, Report((found,)))
        rest = decode(replace(document, value={"apiVersion": API_VERSION, **value}), options=options)
        # Misspelt it is one mistake, told of that key.
        is_misspelt = any(closest(key, Spec.model_fields) == "apiVersion" for key in value.keys() - Spec.model_fields)
        return rest if is_misspelt else replace(rest, report=Report((found,)) + rest.report)
    problems = _sought(value, options, long=len(document.where) > _LONG)
    report = _report(document, problems, Grammar(Spec, options))
    if len(report.diagnostics) > MOST:
        return Decoded(None, {}, report)
    if not problems:
        return Decoded(Spec.model_validate(value), _options(value, options), report)
    return _leave_out(value, problems, options=options, report=report)


def _sought(value: dict[str, Value], options: Mapping[str, type[Node]], *, long: bool) -> list[Problem]:
    """The problems that are told, and one more if there are more.

    To find thousands takes its time: of what is very long the beginnings come first, and will do if there are enough.
    """
    if long and len(problems := list(islice(_at_beginnings(value, options), MOST + 1))) > MOST:
        return problems
    return list(islice(_all_problems(value, options), MOST + 1))


def _at_beginnings(value: dict[str, Value], options: Mapping[str, type[Node]]) -> Iterator[Problem]:
    from servespec.spec.pruning import beginning  # start-up

    short = beginning(value, _BEGINNING)
    assert isinstance(short, dict)
    for problem in _all_problems(short, options):
        block = value_at(value, problem.route[:-1])
        is_cut = isinstance(block, dict) and len(block) > _BEGINNING
        if problem.kind != "missing" or not is_cut:  # it may stand further on
            yield problem


def _all_problems(value: dict[str, Value], options: Mapping[str, type[Node]]) -> Iterator[Problem]:
    targets = value.get("targets")
    unknown = {("targets", name) for name in targets if name not in options} if isinstance(targets, dict) else set()
    yield from (problem for problem in problems_in(Spec, value) if problem.route not in unknown)  # told below
    for name, given in targets.items() if isinstance(targets, dict) else ():
        yield from _target_problems(name, given, options)


def _leave_out(
    value: dict[str, Value], problems: list[Problem], *, options: Mapping[str, type[Node]], report: Report
) -> Decoded:
    from servespec.spec.left_out import LeftOut  # start-up
    from servespec.spec.mistakes import meant
    from servespec.spec.pruning import filled, original, prune

    out = LeftOut(value, meant(problems, Grammar(Spec, options)))
    for problem in problems:
        out.leave(problem)
    while () not in out.spoilt:
        left = prune(value, out.spoilt)
        whole = filled(left.value, {route: item.value for route, item in out.stand_ins.items()})
        assert isinstance(whole, dict)
        again = list(_all_problems(whole, options))
        if not again:
            return Decoded(Spec.model_validate(whole), _options(whole, options), report, out.silent(), left.kept)
        for problem in again:
            # What had no default is gone now: something stands in for it, or its block can't be used either.
            out.leave(replace(problem, route=original(problem.route, left.kept)))
    return Decoded(None, {}, report, out.spoilt)


def _options(value: dict[str, Value], options: Mapping[str, type[Node]]) -> dict[str, Node]:
    targets = value.get("targets")
    if not isinstance(targets, dict):
        return {}
    return {name: options[name].model_validate(given or {}) for name, given in targets.items() if name in options}


def _target_problems(name: str, given: Value, options: Mapping[str, type[Node]]) -> Iterator[Problem]:
    if name not in options:
        yield Problem(("targets", name), "unknown_target", {}, None)
    elif isinstance(given, dict):
        for problem in problems_in(options[name], given):
            union = None if problem.in_union is None else ("targets", name, *problem.in_union)
            yield Problem(("targets", name, *problem.route), problem.kind, problem.context, union)


def _ambiguous(document: Document, reported: frozenset[Route], grammar: Grammar) -> Iterator[Diagnostic]:
    for route in document.ambiguous:
        if not any(route[:end] in reported for end in range(1, len(route) + 1)):
            from servespec.spec.mistakes import ambiguous  # start-up

            yield ambiguous(document, route, grammar)
