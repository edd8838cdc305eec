"""What is said of the mistakes in a document. Start-up: loaded when there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.types import Diagnostic
from servespec.spans import Document, Route, Value, dotted, value_at
from servespec.spec import fieldless, foreign, messages
from servespec.spec.elsewhere import elsewhere
from servespec.spec.fields import blocks_in, choices, takes
from servespec.spec.grammar import Grammar
from servespec.spec.kinds import kind_of
from servespec.spec.meant_maps import meant_map
from servespec.spec.problems import Problem
from servespec.spec.samples import sample
from servespec.spec.unindented import unindented

_WANTED = {
    "string_type": "text", "int_type": "integer", "int_from_float": "integer", "float_type": "number",
    "bool_type": "boolean", "tuple_type": "list", "list_type": "list", "dict_type": "map",
    "model_type": "map", "string_pattern_mismatch": "a SHA-256 digest",
}  # fmt: skip
_LONGEST = 30
"""Characters of a number that a person writes."""
# What is a value of that kind without its quotes, to every YAML reader.
_PLAIN = {"integer": r"-?(0|[1-9][0-9]*)", "number": r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", "boolean": "true|false"}
_TRUTH = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""What truth values were in YAML 1.1."""
_TRUTHS = frozenset({"true", "false", "yes", "no", "on", "off"})
_MAY_BE_TRUE = frozenset({"value"})
"""Fields whose text may be such a word: the value of a taint."""
_TIMES = ("ms", "s", "m", "h")
_LEAST_BYTES = 2**20
"""A smaller amount of memory is one without its unit."""
_NO_NUMBERS: frozenset[Route] = frozenset(
    {("requires",), *(("batch", "schedule", name) for name in ("cron", "start", "timezone"))}
)
"""Fields whose text is never a number: quotes would put nothing right."""
_LEAST_MILLICORES = 1000
"""A larger number of CPUs is one of thousandths without their unit."""
_BOUNDS = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most")}


def mistakes(document: Document, problems: list[Problem], grammar: Grammar) -> Iterator[Diagnostic]:
    """A finding for each problem that does not follow from another."""
    unknown = {problem.route for problem in problems if problem.kind == "extra_forbidden"}
    empty = unindented(unknown, value_at=partial(value_at, document.value), fields_at=grammar.fields_at)
    stray = {route for routes in empty.values() for route in routes}
    for block, fields in empty.items():  # also of those that may be empty
        yield messages.not_indented(block, fields)
    for problem in _to_say(problems, grammar):
        if problem.route not in empty and problem.route not in stray:
            yield _diagnose(document, problem, grammar)


def _to_say(problems: list[Problem], grammar: Grammar) -> Iterator[Problem]:
    """The problems without those that follow from another: a field that is misspelt is not also missing."""
    others = meant(problems, grammar)
    return (problem for problem in problems if problem.kind != "missing" or problem.route not in others)


def meant(problems: list[Problem], grammar: Grammar) -> frozenset[Route]:
    """The fields that were meant by those that are misspelt."""
    unknown = [problem.route for problem in problems if problem.kind == "extra_forbidden"]
    near = ((route, closest(str(route[-1]), grammar.fields_at(route[:-1]))) for route in unknown)
    others = {other for route in unknown for other in (*foreign.fields(route), *fieldless.stands_for(route))}
    return frozenset((*route[:-1], name) for route, name in near if name) | others


def _diagnose(document: Document, problem: Problem, grammar: Grammar) -> Diagnostic:
    route, kind = problem.route, problem.kind
    value = value_at(document.value, route)
    if kind == "unknown_target":
        return messages.unknown_target(document, route, targets=sorted(grammar.options))
    if kind == "extra_forbidden":
        return _unknown_field(document, route, grammar)
    if kind == "missing":
        return messages.missing_field(document, route, whole=grammar.whole, anew=grammar.anew)
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return messages.out_of_range(route, bound=f"{words} {problem.context[name]}")
    if kind == "too_short" and (field_ := grammar.field_at(route)):
        return messages.empty_list(route, values=choices(field_.annotation))
    if kind == "too_long":
        return messages.long_list(route, limit=problem.context["max_length"])
    if kind == "string_too_short":
        return messages.empty_text(route)
    if kind == "literal_error" and (word := _word(document, problem, value)) is not None:
        values = re.findall(r"'([^']*)'", problem.context["expected"])
        noun = "" if grammar.field_at(route) or not isinstance(route[-1], str) else "value"
        return messages.unknown_value(document, route, found=word, values=values, kind=noun)
    return _wrong_type(document, problem, value, grammar)


def _word(document: Document, problem: Problem, value: Value) -> str | None:
    """What stands where one of a few words may: none of them is a number or a truth value, not even in quotes."""
    if isinstance(value, int | float) and problem.in_union != problem.route:
        return document.slice(document.place(problem.route).value)
    return value if isinstance(value, str) else None


def _unknown_field(document: Document, route: Route, grammar: Grammar) -> Diagnostic:
    fields = grammar.fields_at(route[:-1])
    homes = elsewhere(document, route, grammar.model, options=grammar.options)
    others = tuple(other for other in foreign.fields(route) if grammar.field_at(other) is not None)
    in_spec = grammar.field_at(("model",)) is not None
    instead = fieldless.instead(route, value_at(document.value, route)) if in_spec else ""
    instead = instead or _as_target(route, grammar)
    if others and all(map(document.written, others)):
        instead, others = f"take it out: it is {one_of([dotted(other) for other in others], 'and')} here", ()
    elif instead:
        others = ()
    unfit = partial(_unfit, value=value_at(document.value, route), block=route[:-1], grammar=grammar)
    return messages.unknown_field(
        document, route, fields=fields, homes=homes, foreign=others, instead=instead, unfit=unfit, whole=grammar.whole
    )


def _unfit(name: str, value: Value, block: Route, grammar: Grammar) -> str:
    """A field of a block as it is written, when it can't have a value of that shape; nothing when it can."""
    field_ = grammar.field_at((*block, name))
    if field_ is None or takes(field_.annotation, value):
        return ""
    return sample(grammar.model, (*block, name), options=grammar.options)


def _as_target(route: Route, grammar: Grammar) -> str:
    """What to do with a target that is written as if it were a block of the spec."""
    is_target = len(route) == 1 and route[0] in grammar.options
    return f"write it under `targets`, as in `targets: {{{route[0]}: {{}}}}`" if is_target else ""


def _wrong_type(document: Document, problem: Problem, value: Value, grammar: Grammar) -> Diagnostic:
    route = problem.route
    wanted = "text" if problem.kind == "literal_error" else _WANTED.get(problem.kind, "another value")
    is_scalar = not isinstance(value, dict | list) and document.written(route)
    is_word = problem.kind == "literal_error" or route in _NO_NUMBERS
    if wanted == "text" and is_scalar and (value is None or not is_word):
        whole = _with_units(route, value, grammar)
        reading, example = f"this is {kind_of(value)}", _needed(route, grammar) if value is None else ""
        if isinstance(value, bool):
            example = _named(document, route, grammar)
        return messages.unquoted_text(document, route, reading=reading, whole=whole, example=example)
    if isinstance(value, str) and document.written(route) and _is_plain(value, wanted):
        return messages.quoted_value(document, route, wanted=wanted, plain=value)
    if wanted == "boolean" and isinstance(value, str) and value.lower() in _TRUTH and document.written(route):
        return messages.other_truth(document, route, found=value, plain=_TRUTH[value.lower()])
    kinds = _kinds(route, grammar) if problem.in_union == route and wanted in ("text", "map") else (wanted,)
    example, aside = sample(grammar.model, route, options=grammar.options), ""
    if "map" in kinds and (meant_ := meant_map(route, value, grammar)):
        example, aside = meant_
    return messages.wrong_type(route, wanted=kinds, found=kind_of(value), example=example, aside=aside)


def ambiguous(document: Document, route: Route, grammar: Grammar) -> Diagnostic:
    """What is said of a text that is something else to a reader of YAML 1.1."""
    example = _named(document, route, grammar)
    return messages.unquoted_text(document, route, reading="not text to every YAML reader", example=example)


def _named(document: Document, route: Route, grammar: Grammar) -> str:
    """How a field is written that names something, where a truth value stands: quotes would make a name of that."""
    is_truth = document.slice(document.place(route).value).lower() in _TRUTHS
    if not is_truth or grammar.field_at(route) is None or route[-1] in _MAY_BE_TRUE:
        return ""
    return sample(grammar.model, route, options=grammar.options)


def _needed(route: Route, grammar: Grammar) -> str:
    """How a field is written that can't be left out."""
    field_ = grammar.field_at(route)
    is_needed = field_ is not None and field_.is_required()
    return sample(grammar.model, route, options=grammar.options) if is_needed else ""


def _with_units(route: Route, value: Value, grammar: Grammar) -> tuple[str, ...]:
    """A number with each unit that it may lack, by the field's examples; none where it lacks none."""
    field_ = grammar.field_at(route)
    examples = [str(example) for example in (field_.examples if field_ else None) or ()]
    if not examples or isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return ()
    if route[-1] == "cpu" and isinstance(value, int) and value >= _LEAST_MILLICORES:
        return (f"{value}m",)
    if all(re.fullmatch(r"[0-9]+(ms|s|m|h)", example) for example in examples):
        if isinstance(value, int):
            return tuple(f"{value}{unit}" for unit in _TIMES)
        thousand = value * 1000
        return (f"{thousand:.0f}ms",) if thousand.is_integer() else ()
    of_bytes = all(re.fullmatch(r"[0-9]+[MG]i", example) for example in examples)
    return (f"{value}Mi", f"{value}Gi") if of_bytes and value < _LEAST_BYTES else ()


def _is_plain(text: str, wanted: str) -> bool:
    """Whether a text would be what is wanted without its quotes; no number that a person writes is longer."""
    return len(text) <= _LONGEST and wanted in _PLAIN and re.fullmatch(_PLAIN[wanted], text) is not None


def _kinds(route: Route, grammar: Grammar) -> tuple[str, ...]:
    """What may stand at a place of several types, one of which is text."""
    field_ = grammar.field_at(route) or grammar.field_at(route[:-1])
    annotation = field_.annotation if field_ else None
    if next(blocks_in(annotation), None):
        return ("text", "map")
    return ("text", "list") if choices(annotation) else ("text", "number", "boolean")
