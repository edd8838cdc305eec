"""What a target can't express of a spec: losses, declared before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    name = ".".join([step for step in route if isinstance(step, str)])
    while name and name not in target.supports:
        name = name.rpartition(".")[0]
    return target.supports[name] if name else None


def narrowed(target: Target, deployment: Deployment, options: Node) -> Target:
    """The target with its table as it is for this deployment and these options."""
    given_up = {"security.authorization": UNRELATED} if deployment.security.authorization == "none" else {}
    return replace(target, supports={**target.supports, **target.narrows(deployment, options), **given_up})


def losses(document: Document, target: Target, *, users: Iterable[Target] = ()) -> Iterator[Loss]:
    """The fields of `document` that `target` approximates or drops, one for each row of its table.

    What a target that uses this one's files keeps is not lost: an image has no limits, what runs it has.
    """
    lossy = {row.partition(".")[0] for row, support in target.supports.items() if support.degree in _LOSSY}
    seen: set[Support] = set()
    answers = ((route, answer(target, route)) for route in document.where if route and route[0] in lossy)
    lost = [(route, support) for route, support in answers if support is not None and support.degree in _LOSSY]
    for route, support in sorted(lost, key=lambda pair: dotted(pair[0])):
        if support in seen:
            continue
        if support.degree is Degree.DROPPED and not support.final and any(_expresses(user, route) for user in users):
            continue
        seen.add(support)
        yield Loss(route, target.name, support.degree, support.reason)


def _expresses(target: Target, route: Route) -> bool:
    support = answer(target, route)
    return support is not None and support.degree in (Degree.KEPT, Degree.APPROXIMATED)
