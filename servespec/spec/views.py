"""A variant as a spec of its own: what it says lies over the spec's own blocks, and every value keeps its place."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.records import dataclass
from servespec.spans import Document, Place, Route, Value

OVERLAID = ("model", "runtime", "resources", "image")
"""The blocks of which a variant may say something else."""


@dataclass(frozen=True)
class View:
    """One item of `variants`, laid over the rest of the spec."""

    at: Route
    """Where the item stands in the spec: `("variants", 1)`."""
    whole: Document
    """The spec."""
    document: Document
    """The spec as this variant has it."""

    def says(self, route: Route) -> bool:
        """Whether the variant itself says something at a route of its document."""
        return route[:1] != () and route[0] in OVERLAID and self.whole.written((*self.at, *route))

    def home(self, route: Route) -> Route:
        """Where in the spec stands what is at a route of the document: with the variant, or in the block below it.

        What nobody has written is missing in the variant when that says something of the block at all.
        """
        if self.says(route) or (not self.whole.written(route) and self.says(route[:1])):
            return (*self.at, *route)
        return route


def views(document: Document) -> Iterator[View]:
    """The views of a spec, in the order of its `variants`; none for an item that is no map."""
    items = document.value.get("variants") if isinstance(document.value, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield _view(document, index, item)


def _view(document: Document, index: int, item: dict[str, Value]) -> View:
    assert isinstance(document.value, dict)
    at: Route = ("variants", index)
    value = {key: block for key, block in document.value.items() if key != "variants"}
    where = {route: place for route, place in document.where.items() if route[:1] != ("variants",)}
    over = {name: item[name] for name in OVERLAID if isinstance(item.get(name), dict)}
    laid = _Laying(document, where).over(value, over, at, ())
    return View(at, document, Document(document.path, laid, where, document.texts))


class _Laying:
    """Lays values over others, and notes the places of what comes of it."""

    def __init__(self, document: Document, where: dict[Route, Place]) -> None:
        self._document, self._where = document, where

    def over(self, below: Value, above: Value, source: Route, at: Route) -> Value:
        """What stands at `source` over what stands `at` a route: maps merge by key, anything else replaces."""
        if not isinstance(above, dict):
            self._replace(at, source)
            return above
        merged = dict(below) if isinstance(below, dict) else {}
        if not isinstance(below, dict):
            self._replace(at, source)
        for key, item in above.items():
            if item is None:
                merged.pop(key, None)
                self._forget((*at, key))
            else:
                merged[key] = self.over(merged.get(key), item, (*source, key), (*at, key))
        return merged

    def _replace(self, at: Route, source: Route) -> None:
        self._forget(at)
        for route, place in self._document.where.items():
            if route[: len(source)] == source:
                self._where[(*at, *route[len(source) :])] = place

    def _forget(self, at: Route) -> None:
        for route in [route for route in self._where if route[: len(at)] == at]:
            del self._where[route]
