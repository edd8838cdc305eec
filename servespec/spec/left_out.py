"""What a spec still says without what is wrong in it. Start-up: loaded when something is."""

from __future__ import annotations

import dataclasses
from dataclasses import field

from servespec.spans import Route, Value, value_at
from servespec.spec.problems import Problem
from servespec.spec.root import Spec
from servespec.spec.stand_ins import StandIn, stand_in


@dataclasses.dataclass
class LeftOut:
    """What of a spec can't be used, and what stands in for it where it has to."""

    value: Value
    meant: frozenset[Route]
    """What was said under another name."""
    spoilt: frozenset[Route] = frozenset()
    stand_ins: dict[Route, StandIn] = field(default_factory=dict)

    def leave(self, problem: Problem) -> None:
        """Leave out what can't be used because of a problem: the value, or the block that lacks something it needs."""
        route = problem.route
        new = None if route in self.stand_ins else stand_in(Spec, route, found=value_at(self.value, route))
        if new is not None:
            self.stand_ins[route] = new
        elif problem.kind == "missing" or route in self.stand_ins:
            route = route[:-1]
        self.spoilt |= {route}

    def silent(self) -> frozenset[Route]:
        """The routes about which nothing more can be said."""
        unsaid = {route for route in self.meant if value_at(self.value, route) is None}
        return self.spoilt | unsaid | {item.about for item in self.stand_ins.values()}
