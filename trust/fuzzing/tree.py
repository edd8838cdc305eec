"""Mutations of what a spec says: leaves, blocks and names, also those of other specs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

import yaml

from servespec.spans import Route, Value, walk

Tree: TypeAlias = dict[str, Any]
Mutation: TypeAlias = Callable[[Random, Tree, "Lexicon"], None]

_ODD: tuple[Value, ...] = (
    None, True, False, 0, -1, 1, 65536, 2**63 - 1, 0.5, -0.0, 1e308, "", " ", "\n", "a\nb", "é", "\u202e", "\x00",
    "\x1b[31m", "\U0001f600", "{{ x }}", "$(id)",
    "${X}", "no", "1e3", "08", "x" * 300, "../x", "/etc/passwd", "a/./b", ".", "..", "-x", "*", "5ms", "1Gi", "500m",
    "0", "1" * 40, "2020-01-01", "* * * * *",
    "name:latest", "sha256:" + "0" * 64, "s3://b/k", "models:/m@a", "models:/m/1", "https://u:p@h/x",
    "{interval.start:%Y-%m-%d}", "{interval.start}", [], {},
    [[]], [{}], {"": ""}, {"a": {"a": {"a": []}}}, [None], {"x": None},
)  # fmt: skip


class Lexicon:
    """What all specs say, by where they say it: the same field in others, and any field at all."""

    def __init__(self, specs: Sequence[Value]) -> None:
        found: dict[Route, dict[str, Value]] = {}
        for spec in specs:
            for route, value in walk(spec):
                found.setdefault(_field(route), {})[json.dumps(value, sort_keys=True)] = value
        found.pop((), None)
        self._said: Mapping[Route, Sequence[Value]] = {route: [*values.values()] for route, values in found.items()}
        self.fields: Sequence[Route] = sorted(self._said)

    def at(self, rng: Random, route: Route) -> Any:
        """What some spec says at that field."""
        return copied(rng.choice(self._said[route]))

    def said(self, route: Route) -> Sequence[Value]:
        """All that any spec says at that field."""
        return self._said.get(route, ())

    def knows(self, route: Route) -> bool:
        """Whether any spec says something there."""
        return route in self._said


def deleted(rng: Random, tree: Tree, lexicon: Lexicon) -> None:
    """Without something."""
    holder, key = _place(rng, tree)
    del holder[key]


def doubled(rng: Random, tree: Tree, lexicon: Lexicon) -> None:
    """With an item of a list twice, or a value under a second name."""
    holder, key = _place(rng, tree)
    if isinstance(holder, list):
        holder.insert(rng.randint(0, len(holder)), copied(holder[key]))
    else:
        holder[_misspelt(rng, key)] = copied(holder[key])


def swapped(rng: Random, tree: Tree, lexicon: Lexicon) -> None:
    """With two values in each other's place."""
    (one, first), (other, second) = _place(rng, tree), _place(rng, tree)
    one[first], other[second] = copied(other[second]), copied(one[first])


def retyped(rng: Random, tree: Tree, lexicon: Lexicon) -> None:
    """With a value of another kind, or one that bites somebody."""
    holder, key = _place(rng, tree)
    old = holder[key]
    holder[key] = rng.choice((rng.choice(_ODD), str(old), [old], {"a": old}, rng.choice(_ODD)))


def reworded(rng: Random, tree: Tree, lexicon: Lexicon) -> None:
    """With what another spec says in the same field."""
    route = rng.choice([route for route, _ in walk(tree)][1:])
    if lexicon.knows(_field(route)):
        _holder(tree, route)[route[-1]] = lexicon.at(rng, _field(route))


def grafted(rng: Random, tree: Tree, lexicon: Lexicon) -> None:
    """With a field that another spec has, where it belongs."""
    route = rng.choice(lexicon.fields)
    holder: Any = tree
    for step in route[:-1]:
        below = holder.setdefault(step, {}) if isinstance(holder, dict) else None
        holder = rng.choice(below) if isinstance(below, list) and below else below
    if isinstance(holder, dict):
        holder[route[-1]] = lexicon.at(rng, route)


def strayed(rng: Random, tree: Tree, lexicon: Lexicon) -> None:
    """With a subtree of another spec where it does not belong."""
    holder, key = _place(rng, tree)
    holder[key] = lexicon.at(rng, rng.choice(lexicon.fields))


def misspelt(rng: Random, tree: Tree, lexicon: Lexicon) -> None:
    """With a key that has a letter too few, too many or another, or another field's name."""
    maps = [value for _, value in walk(tree) if isinstance(value, dict) and value]
    holder = rng.choice(maps)
    old = rng.choice([*holder])
    new = rng.choice((_misspelt(rng, old), str(rng.choice(lexicon.fields)[-1]), old.upper(), f"{old}\u200b", ""))
    items = {new if key == old else key: value for key, value in holder.items()}
    holder.clear()
    holder.update(items)


def laid_over(rng: Random, tree: Tree, lexicon: Lexicon) -> None:
    """With an environment that says something of the spec, or of another, anew."""
    over: Tree = {}
    for _ in range(rng.randint(1, 3)):
        grafted(rng, over, lexicon)
    environments = tree.setdefault("environments", {})
    if isinstance(environments, dict):
        environments[rng.choice(("staging", "production", "no", "A b"))] = over


TREE: tuple[Mutation, ...] = (
    deleted, doubled, swapped, retyped, retyped, reworded, reworded, reworded, grafted, grafted, grafted, strayed,
    misspelt, laid_over,
)  # fmt: skip


def written(rng: Random, tree: Tree) -> bytes:
    """The tree as a text: as JSON, or as YAML in blocks or in flow."""
    style = rng.randint(0, 3)
    if style == 0:
        return json.dumps(tree, ensure_ascii=bool(rng.randint(0, 1)), indent=1).encode("utf-8", "surrogatepass")
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    flow = {1: False, 2: None, 3: True}[style]
    return yaml.dump(tree, Dumper=dumper, default_flow_style=flow, allow_unicode=True, encoding="utf-8")


def _field(route: Route) -> Route:
    return tuple(step for step in route if isinstance(step, str))


def copied(value: Any) -> Any:
    """The value, to be changed: its maps and lists anew."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def _place(rng: Random, tree: Tree) -> tuple[Any, Any]:
    """A place in the tree: what holds it, and its key or index there."""
    routes = [route for route, _ in walk(tree) if route]
    if not routes:
        tree["name"] = "x"
        return tree, "name"
    route = rng.choice(routes)
    return _holder(tree, route), route[-1]


def _holder(tree: Any, route: Route) -> Any:
    for step in route[:-1]:
        tree = tree[step]
    return tree


def _misspelt(rng: Random, word: str) -> str:
    at = rng.randint(0, len(word))
    return rng.choice((word[:at] + word[at + 1 :], word[:at] + "x" + word[at:], word[:at] + word[at:][::-1]))
