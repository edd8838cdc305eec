"""A variant as a spec of its own: what it says lies over the spec's own blocks, and every value keeps its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.records import dataclass
from servespec.source.overlay import Layer, overlay
from servespec.spans import Document, Place, Route, Value

VARIANTS = "variants"
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
    idle: tuple[Place, ...]
    """Each `null` of the variant under which there was nothing to delete."""

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
    items = document.value.get(VARIANTS) if isinstance(document.value, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield _view(document, (VARIANTS, index), item)


def _view(document: Document, at: Route, item: Mapping[str, Value]) -> View:
    # What can't be a block was reported as such.
    other = tuple(key for key, value in item.items() if key not in OVERLAID or not isinstance(value, dict))
    spec = Layer(document, "the spec", without=(VARIANTS,), own=True)
    laid = overlay((spec, Layer(document, "the variant", at=at, without=other)))
    return View(at, document, laid.document, laid.idle)
