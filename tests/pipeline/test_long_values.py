"""Values of thousands of characters: findings stay short enough to be read."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from servespec.edge.gather import gather
from servespec.pipeline import World
from servespec.spans import Route, dotted, walk
from tests.projects import TODAY, analyse_text

_FOLDER = Path(__file__).parents[1] / "golden" / "everything"
_LONG = ("x" * 3000, "X_" * 1500, "a/" * 1500, "-=.,*" * 600, "é b\n" * 750, "sha256:" + "AB" * 1500, "1" * 3000)
_MOST = 300


def _spec() -> dict[str, Any]:
    spec = yaml.safe_load((_FOLDER / "serving.yaml").read_text())
    spec["overrides"] = [{"target": "compose", "file": "compose.yaml", "merge": {"name": "x"}, "reason": "known"}]
    spec["suppress"] = [{"rule": "runtime-end-of-life", "reason": "known", "until": "2026-01-01"}]
    return dict(spec)


def _texts() -> Iterator[Route]:
    return (route for route, value in walk(_spec()) if isinstance(value, str) and route != ("apiVersion",))


def _with(route: Route, text: str, *, as_key: bool = False) -> str:
    spec = copy.deepcopy(_spec())
    holder: Any = spec
    for step in route[:-1]:
        holder = holder[step]
    if as_key:
        holder[text] = holder.pop(route[-1])
    else:
        holder[route[-1]] = text
    return json.dumps(spec, ensure_ascii=False)


def _lengths(text: str) -> dict[str, int]:
    world = World(lambda wanted: gather(_FOLDER, wanted), TODAY)
    items = analyse_text(text.encode(), world).report.diagnostics
    said = {item.code: (item.headline, *(label.message for label in item.labels), item.help) for item in items}
    assert said, "nothing was found: the spec that is varied has an expired suppression"
    return {code: len("".join(words)) for code, words in said.items()}


@pytest.mark.parametrize("route", list(_texts()), ids=dotted)
def test_a_long_text(route: Route) -> None:
    """Whatever is wrong with it, a finding shows no more of a text than it takes to know it again."""
    for text in _LONG:
        assert {code: size for code, size in _lengths(_with(route, text)).items() if size >= _MOST} == {}


@pytest.mark.parametrize(
    "route", [("labels",), ("runtime", "env"), ("runtime", "config"), ("image", "env"), ("targets",)], ids=dotted
)
def test_a_long_key(route: Route) -> None:
    """The same holds for names that a person chooses."""
    for text in _LONG:
        spec: Any = _spec()
        for step in route:
            spec = spec[step]
        at = (*route, next(iter(spec)))
        assert {code: size for code, size in _lengths(_with(at, text, as_key=True)).items() if size >= _MOST} == {}
