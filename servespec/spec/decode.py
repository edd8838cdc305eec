"""Document to spec: shape and types, every mistake of both in one run."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import partial
from itertools import chain, islice
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from servespec.diagnostics.suggest import closest
from servespec.diagnostics.types import Diagnostic, Report
from servespec.node import Node
from servespec.records import dataclass, replace
from servespec.source import messages as of_source
from servespec.spans import Document, Route, Value
from servespec.spec import messages
from servespec.spec.fields import blocks_in, choices, field_at, fields_at
from servespec.spec.pruning import beginning, filled, original, prune
from servespec.spec.root import API_VERSION, Spec
from servespec.spec.samples import sample
from servespec.spec.stand_ins import StandIn, stand_in

_WANTED = {
    "string_type": "text", "int_type": "integer", "int_from_float": "integer", "float_type": "number",
    "bool_type": "boolean", "tuple_type": "list", "list_type": "list", "dict_type": "map",
    "model_type": "map", "string_pattern_mismatch": "a SHA-256 digest",
}  # fmt: skip
# What is a value of that kind without its quotes, to every YAML reader.
_LONGEST = 30
_PLAIN = {"integer": r"-?(0|[1-9][0-9]*)", "number": r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", "boolean": "true|false"}
_TRUTH = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""What truth values were in YAML 1.1."""
_TIMES = ("ms", "s", "m", "h")
_LEAST_BYTES = 2**20
"""A smaller amount of memory is one without its unit."""
_MOST = 100
"""Mistakes that are told. Of hundreds nearly all have one cause, and nobody reads them to the end."""
_LONG = 2_000
"""Values of a spec that nobody writes by hand."""
_BEGINNING = 2 * _MOST
"""Items of a list or map in which there are enough mistakes, if all of it is one: more than any list may have."""
_BOUNDS = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most")}


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


@dataclass(frozen=True, slots=True)
class _Problem:
    route: Route
    kind: str
    context: Mapping[str, Any]
    in_union: Route | None
    """Where a value could have been of several types, if it could."""


@dataclass(frozen=True)
class Grammar:
    """What a document may say: the model of the whole, and of each target's options."""

    model: type[Node]
    options: Mapping[str, type[Node]] = field(default_factory=dict)
    whole: str = "a spec"
    """What a person calls such a document."""

    def fields_at(self, route: Route) -> tuple[str, ...]:
        """The names of the fields that the block at a route takes."""
        return fields_at(self.model, route, options=self.options)

    def field_at(self, route: Route) -> FieldInfo | None:
        """The field at a route, or None for a key of a map and an item of a list."""
        return field_at(self.model, route, options=self.options)


def problems_of(document: Document, grammar: Grammar) -> Report:
    """All mistakes of shape and type in a document that is a map."""
    assert isinstance(document.value, dict)
    problems = list(islice(_problems(grammar.model, document.value), _MOST + 1))
    return _report(document, problems, grammar)


def _report(document: Document, problems: list[_Problem], grammar: Grammar) -> Report:
    found = _found(document, problems, grammar) if problems else ()
    unquoted = _ambiguous(document, frozenset(problem.route for problem in problems))
    said = tuple(islice(chain(found, unquoted), _MOST + 1))
    if len(said) <= _MOST:
        return Report(said)
    return Report((*said[:_MOST], of_source.too_many_problems(said[_MOST].labels[0].at, _MOST)))


def _found(document: Document, problems: list[_Problem], grammar: Grammar) -> Iterator[Diagnostic]:
    from servespec.spec.unindented import unindented  # start-up: only for a mistake

    unknown = {problem.route for problem in problems if problem.kind == "extra_forbidden"}
    empty = unindented(unknown, value_at=partial(_at, document.value), fields_at=grammar.fields_at)
    stray = {route for routes in empty.values() for route in routes}
    for problem in _to_say(problems, grammar):
        if problem.route in empty:
            yield messages.not_indented(problem.route, empty[problem.route])
        elif problem.route not in stray:
            yield _diagnose(document, problem, grammar)


def decode(document: Document, *, options: Mapping[str, type[Node]]) -> Decoded:
    """The spec that `document` writes down, with each target's options, and all mistakes of shape and type.

    A wrong value is reported and left out, so that the later stages can still look at the rest.
    """
    value = document.value
    if not isinstance(value, dict):
        return Decoded(None, {}, Report())
    if value.get("apiVersion") != API_VERSION:
        found = messages.api_version(document, value.get("apiVersion"), expected=API_VERSION)
        return Decoded(None, {}, Report((found,)))
    problems = _sought(value, options, long=len(document.where) > _LONG)
    report = _report(document, problems, Grammar(Spec, options))
    if len(report.diagnostics) > _MOST:
        return Decoded(None, {}, report)
    if not problems:
        return Decoded(Spec.model_validate(value), _options(value, options), report)
    return _leave_out(value, problems, options=options, report=report)


def _sought(value: dict[str, Value], options: Mapping[str, type[Node]], *, long: bool) -> list[_Problem]:
    """The problems that are told, and one more if there are more.

    To find thousands takes its time: of what is very long the beginnings come first, and will do if there are enough.
    """
    if long and len(problems := list(islice(_at_beginnings(value, options), _MOST + 1))) > _MOST:
        return problems
    return list(islice(_all_problems(value, options), _MOST + 1))


def _at_beginnings(value: dict[str, Value], options: Mapping[str, type[Node]]) -> Iterator[_Problem]:
    short = beginning(value, _BEGINNING)
    assert isinstance(short, dict)
    for problem in _all_problems(short, options):
        block = _at(value, problem.route[:-1])
        is_cut = isinstance(block, dict) and len(block) > _BEGINNING
        if problem.kind != "missing" or not is_cut:  # it may stand further on
            yield problem


def _all_problems(value: dict[str, Value], options: Mapping[str, type[Node]]) -> Iterator[_Problem]:
    yield from _problems(Spec, value)
    targets = value.get("targets")
    for name, given in targets.items() if isinstance(targets, dict) else ():
        yield from _target_problems(name, given, options)


def _leave_out(
    value: dict[str, Value], problems: list[_Problem], *, options: Mapping[str, type[Node]], report: Report
) -> Decoded:
    out = _LeftOut(value, _meant(problems, Grammar(Spec, options)))
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


@dataclasses.dataclass
class _LeftOut:
    """What of a spec can't be used, and what stands in for it where it has to."""

    value: Value
    meant: frozenset[Route]
    """What was said under another name."""
    spoilt: frozenset[Route] = frozenset()
    stand_ins: dict[Route, StandIn] = field(default_factory=dict)

    def leave(self, problem: _Problem) -> None:
        """Leave out what can't be used because of a problem: the value, or the block that lacks something it needs."""
        route = problem.route
        new = None if route in self.stand_ins else stand_in(Spec, route, found=_at(self.value, route))
        if new is not None:
            self.stand_ins[route] = new
        elif problem.kind == "missing" or route in self.stand_ins:
            route = route[:-1]
        self.spoilt |= {route}

    def silent(self) -> frozenset[Route]:
        """The routes about which nothing more can be said."""
        return self.spoilt | self.meant | {item.about for item in self.stand_ins.values()}


def _to_say(problems: list[_Problem], grammar: Grammar) -> Iterator[_Problem]:
    """The problems without those that follow from another: a field that is misspelt is not also missing."""
    meant = _meant(problems, grammar)
    return (problem for problem in problems if problem.kind != "missing" or problem.route not in meant)


def _meant(problems: list[_Problem], grammar: Grammar) -> frozenset[Route]:
    """The fields that were meant by those that are misspelt."""
    unknown = [problem.route for problem in problems if problem.kind == "extra_forbidden"]
    if not unknown:
        return frozenset()
    from servespec.spec import foreign  # start-up: only for a mistake

    near = ((route, closest(str(route[-1]), grammar.fields_at(route[:-1]))) for route in unknown)
    others = {other for route in unknown if (other := foreign.field(route))}
    return frozenset((*route[:-1], name) for route, name in near if name) | others


def _options(value: dict[str, Value], options: Mapping[str, type[Node]]) -> dict[str, Node]:
    targets = value.get("targets")
    if not isinstance(targets, dict):
        return {}
    return {name: options[name].model_validate(given or {}) for name, given in targets.items() if name in options}


def _target_problems(name: str, given: Value, options: Mapping[str, type[Node]]) -> Iterator[_Problem]:
    if name not in options:
        yield _Problem(("targets", name), "unknown_target", {}, None)
    elif isinstance(given, dict):
        for problem in _problems(options[name], given):
            yield _Problem(("targets", name, *problem.route), problem.kind, problem.context, problem.in_union)


def _problems(model: type[Node], value: dict[str, Value]) -> Iterator[_Problem]:
    """The mistakes of `value`, one for each place."""
    try:
        model.model_validate(value)
    except ValidationError as failure:
        # A place has one for each type that a value there could have been of; of a union there are at most four.
        details = failure.errors(include_url=False, include_input=False)[: 4 * _MOST + 4]
        found = [_problem(value, item["loc"], item["type"], item.get("ctx") or {}) for item in details]
        yield from _one_for_each_place(found)


def _problem(value: Value, location: tuple[int | str, ...], kind: str, context: Mapping[str, Any]) -> _Problem:
    """The route of an error: its location without the names of union members that stand in between."""
    route: list[str | int] = []
    union: Route | None = None
    for index, step in enumerate(location):
        last = index == len(location) - 1
        if isinstance(value, dict) and isinstance(step, str) and step in value:  # noqa: SIM114 - of another type
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        elif not (last and kind in ("missing", "extra_forbidden")):
            union = tuple(route)
            continue
        if step == "[key]":
            continue
        route.append(step)
    return _Problem(tuple(route), kind, context, union)


def _one_for_each_place(found: list[_Problem]) -> Iterator[_Problem]:
    deeper = {p.in_union for p in found if p.in_union is not None and p.route != p.in_union}
    seen: set[Route] = set()
    for problem in sorted(found, key=lambda problem: problem.kind != "too_short"):  # of a list, closer than "no text"
        if problem.route in seen or (problem.in_union == problem.route and problem.route in deeper):
            continue  # another member of the union came closer
        seen.add(problem.route)
        yield problem


def _diagnose(document: Document, problem: _Problem, grammar: Grammar) -> Diagnostic:
    route, kind = problem.route, problem.kind
    value = _at(document.value, route)
    if kind == "unknown_target":
        return messages.unknown_target(document, route, targets=sorted(grammar.options))
    if kind == "extra_forbidden":
        return _unknown_field(document, route, grammar)
    if kind == "missing":
        return messages.missing_field(route)
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return messages.out_of_range(route, bound=f"{words} {problem.context[name]}")
    if kind == "too_short" and (field_ := grammar.field_at(route)):
        return messages.empty_list(route, values=choices(field_.annotation))
    if kind == "too_long":
        return messages.long_list(route, limit=problem.context["max_length"])
    if kind == "string_too_short":
        return messages.empty_text(route)
    if kind == "literal_error" and isinstance(value, str):
        values = re.findall(r"'([^']*)'", problem.context["expected"])
        kind = "" if grammar.field_at(route) or not isinstance(route[-1], str) else "value"
        return messages.unknown_value(document, route, found=value, values=values, kind=kind)
    return _wrong_type(document, problem, value, grammar)


def _unknown_field(document: Document, route: Route, grammar: Grammar) -> Diagnostic:
    from servespec.spec import foreign  # start-up: only for a mistake
    from servespec.spec.elsewhere import elsewhere

    fields, other = grammar.fields_at(route[:-1]), foreign.field(route)
    homes = elsewhere(document, route, grammar.model, options=grammar.options)
    if other and (document.written(other) or grammar.field_at(other) is None):
        other = None
    return messages.unknown_field(document, route, fields=fields, homes=homes, foreign=other, whole=grammar.whole)


def _wrong_type(document: Document, problem: _Problem, value: Value, grammar: Grammar) -> Diagnostic:
    route = problem.route
    wanted = "text" if problem.kind == "literal_error" else _WANTED.get(problem.kind, "another value")
    if wanted == "text" and not isinstance(value, dict | list) and document.written(route):
        whole = _with_units(route, value, grammar)
        return messages.unquoted_text(document, route, reading=f"this is {kind_of(value)}", whole=whole)
    if isinstance(value, str) and document.written(route) and _is_plain(value, wanted):
        return messages.quoted_value(document, route, wanted=wanted, plain=value)
    if wanted == "boolean" and isinstance(value, str) and value.lower() in _TRUTH and document.written(route):
        return messages.other_truth(document, route, found=value, plain=_TRUTH[value.lower()])
    kinds = _kinds(route, grammar) if problem.in_union == route and wanted in ("text", "map") else (wanted,)
    example = sample(grammar.model, route, options=grammar.options)
    return messages.wrong_type(route, wanted=kinds, found=kind_of(value), example=example)


def _with_units(route: Route, value: Value, grammar: Grammar) -> tuple[str, ...]:
    """A number with each unit that it may lack, by the field's examples; none where it lacks none."""
    field_ = grammar.field_at(route)
    examples = [str(example) for example in (field_.examples if field_ else None) or ()]
    if not examples or kind_of(value) != "a number":
        return ()
    assert isinstance(value, int | float)
    if all(re.fullmatch(r"[0-9]+(ms|s|m|h)", example) for example in examples):
        return tuple(f"{value}{unit}" for unit in _TIMES) if isinstance(value, int) else (f"{value * 1000:.0f}ms",)
    of_bytes = all(re.fullmatch(r"[0-9]+[MG]i", example) for example in examples)
    return (f"{value}Mi", f"{value}Gi") if of_bytes and value < _LEAST_BYTES else ()


def _is_plain(text: str, wanted: str) -> bool:
    """Whether a text would be what is wanted without its quotes; no number that a person writes is longer."""
    return len(text) <= _LONGEST and wanted in _PLAIN and re.fullmatch(_PLAIN[wanted], text) is not None


def _kinds(route: Route, grammar: Grammar) -> tuple[str, ...]:
    """What may stand at a place of several types, one of which is text."""
    field_ = grammar.field_at(route) or grammar.field_at(route[:-1])
    annotation = field_.annotation if field_ else None
    if choices(annotation):
        return ("text", "list")
    return ("text", "map") if next(blocks_in(annotation), None) else ("text", "number", "boolean")


def kind_of(value: Value) -> str:
    """What a value is, in words: `a list`."""
    names = {
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "a map",
    }
    return names.get(type(value), "nothing")


def _ambiguous(document: Document, reported: frozenset[Route]) -> Iterator[Diagnostic]:
    for route in document.ambiguous:
        if route not in reported:
            yield messages.unquoted_text(document, route, reading="not text to every YAML reader")


def _at(value: Value, route: Route) -> Value:
    for step in route:
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
    return value
