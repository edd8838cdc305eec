"""What is wrong with the shape and the types of a value: each mistake with its place, without words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from servespec.node import Node
from servespec.records import dataclass
from servespec.spans import Route, Value

MOST = 100
"""Mistakes that are told. Of hundreds nearly all have one cause, and nobody reads them to the end."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake."""

    route: Route
    kind: str
    """What pydantic calls it."""
    context: Mapping[str, Any]
    in_union: Route | None
    """Where a value could have been of several types, if it could."""


def problems_in(model: type[Node], value: dict[str, Value]) -> Iterator[Problem]:
    """The mistakes of `value`, one for each place."""
    try:
        model.model_validate(value)
    except ValidationError as failure:
        # A place has one for each type that a value there could have been of; of a union there are at most four.
        details = failure.errors(include_url=False, include_input=False)[: 4 * MOST + 4]
        found = [_problem(value, item["loc"], item["type"], item.get("ctx") or {}) for item in details]
        yield from _one_for_each_place(found)


def _problem(value: Value, location: tuple[int | str, ...], kind: str, context: Mapping[str, Any]) -> Problem:
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
    return Problem(tuple(route), kind, context, union)


def _one_for_each_place(found: list[Problem]) -> Iterator[Problem]:
    deeper = {p.in_union for p in found if p.in_union is not None and p.route != p.in_union}
    seen: set[Route] = set()
    for problem in sorted(found, key=lambda problem: problem.kind != "too_short"):  # of a list, closer than "no text"
        if problem.route in seen or (problem.in_union == problem.route and problem.route in deeper):
            continue  # another member of the union came closer
        seen.add(problem.route)
        yield problem
