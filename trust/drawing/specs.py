"""Specs: a sound one of the corpus, with a few fields said otherwise, most of them as another spec says them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from servespec.source import load
from servespec.spans import Route, walk
from trust.drawing.values import KEY, Values, fields
from trust.fuzzing.corpus import SPEC, Case, corpus
from trust.fuzzing.tree import Lexicon, Tree, copied

_COPIES = ("variants", "environments")
"""Blocks in which the others stand again: they are drawn as a whole."""


@dataclass(frozen=True)
class Drawn:
    """A spec that was drawn, where the files are that it names."""

    base: Case
    tree: Tree

    @property
    def case(self) -> Case:
        """The spec as it stands on a disk."""
        return self.saying(self.tree)

    @property
    def otherwise(self) -> dict[str, Any]:
        """The blocks that are not as in the corpus."""
        base = _tree(self.base)
        return {name: value for name, value in self.tree.items() if value != base.get(name)}

    def saying(self, tree: object) -> Case:
        """Another spec in its place."""
        return self.base.saying(json.dumps(tree, indent=1).encode())


@st.composite
def specs(draw: st.DrawFn) -> Drawn:
    """A spec that is mostly sound."""
    base, tree = draw(st.sampled_from(_sound()))
    tree, values = copied(tree), _values()
    for _ in range(draw(st.integers(0, 2))):
        near = [field for field in places() if field[:-1] in _blocks(tree)]
        _say(draw, tree, draw(st.sampled_from(near)), values)
    return Drawn(base, tree)


def _blocks(tree: Tree) -> frozenset[Route]:
    """The blocks that a spec has."""
    routes = (route for route, value in walk(tree) if isinstance(value, dict))
    return frozenset(tuple(step for step in route if isinstance(step, str)) for route in routes)


def _say(draw: st.DrawFn, tree: Tree, field: Route, values: Values) -> None:
    """The field as drawn, or the first block above it that the spec does not have, as a whole."""
    holder: Any = tree
    for depth, name in enumerate(field, 1):
        if isinstance(holder, list) and holder:
            holder = holder[draw(st.integers(0, len(holder) - 1))]
        if not isinstance(holder, dict):
            return
        if depth == len(field) or not holder.get(name):
            holder[name] = draw(values.of(field[:depth]))
            return
        holder = holder[name]


@cache
def _sound() -> tuple[tuple[Case, Tree], ...]:
    return tuple((case, _tree(case)) for case in corpus() if case.is_sound)


def _tree(case: Case) -> Any:
    return load(SPEC, case.files[SPEC]).document.value


@cache
def _values() -> Values:
    return Values(Lexicon([tree for _, tree in _sound()]))


@cache
def places() -> tuple[Route, ...]:
    """The fields that are drawn, of which those of maps whose keys a person chooses stand in their map."""
    known = (field for field in sorted(fields()) if KEY not in field)
    return tuple(field for field in known if field[0] not in _COPIES or len(field) == 1)
