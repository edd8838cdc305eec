"""What a target can't express of a spec: losses, declared before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servespec.deployment.types import Deployment
from servespec.node import Node
from servespec.records import dataclass, replace
from servespec.spans import Document, Route, dotted
from servespec.targets.contract import UNRELATED, Degree, Support, Target

_LOSSY = (Degree.APPROXIMATED, Degree.DROPPED)


@dataclass(frozen=True, slots=True)
class Loss:
    """A field that was written and does not wholly reach a target."""

    route: Route
    target: str
    degree: Degree
    reason: str


def answer(target: Target, route: Route) -> Support | None:
    """What the target says of the field at `route`: the longest prefix that its table has."""
    return target.supports.get(_row(target, route))


def _row(target: Target, route: Route) -> str:
    """The row of the target's table that is about the field at `route`; empty when none is."""
    name = row = ""
    for step in route:
        if isinstance(step, str):
            if "." in step:  # no field has a dot in its name
                break
            name = f"{name}.{step}" if name else step
            if name in target.supports:
                row = name
    return row


def narrowed(target: Target, deployment: Deployment, options: Node) -> Target:
    """The target with its table as it is for this deployment and these options."""
    given_up = {"security.authorization": UNRELATED} if deployment.security.authorization == "none" else {}
    return replace(target, supports={**target.supports, **target.narrows(deployment, options), **given_up})


def losses(document: Document, target: Target, *, users: Sequence[Target] = ()) -> Iterator[Loss]:
    """The fields of `document` that `target` approximates or drops, one for each row of its table at each place.

    What a target that uses this one's files keeps is not lost: an image has no limits, what runs it has.
    """
    lossy = {row.partition(".")[0] for row, support in target.supports.items() if support.degree in _LOSSY}
    parted = {row.partition(".")[0] for table in (target, *users) for row in table.supports if "." in row}
    # A field of which no table tells parts is one place, whatever is in it.
    routes = [r for r in document.where if r and r[0] in lossy and (len(r) == 1 or r[0] in parted)]
    blocks = {route[:-1] for route in routes}
    lost: dict[Route, Support] = {}
    for route in routes:
        row = _row(target, route)
        support = target.supports.get(row)
        if route in blocks or support is None or support.degree not in _LOSSY:
            continue
        if support.degree is Degree.DROPPED and not support.final and any(_expresses(user, route) for user in users):
            continue
        lost[_place(route, row)] = support
    for route in sorted(lost, key=dotted):
        yield Loss(route, target.name, lost[route].degree, lost[route].reason)


def _place(route: Route, row: str) -> Route:
    """As much of `route` as the row is about: all of a block, or one field of an item."""
    names = [end for end, step in enumerate(route, 1) if isinstance(step, str)]
    return route[: names[row.count(".")]]


def _expresses(target: Target, route: Route) -> bool:
    support = answer(target, route)
    return support is not None and support.degree in (Degree.KEPT, Degree.APPROXIMATED)
