"""Where everything stands, kept as plain numbers until somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from servespec.spans import Place, Route, Span

Bounds: TypeAlias = tuple[int, int]


class Places(Mapping[Route, Place]):
    """The place of every route of one text.

    A run that finds nothing wrong asks for hardly any of them, and to make them all takes as long as reading.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._rows: dict[Route, tuple[Bounds | None, Bounds, bool]] = {}

    def put(self, route: Route, value: Bounds, *, key: Bounds | None, plain: bool = False) -> None:
        """Remember where the value of `route` stands, and its key."""
        self._rows[route] = (key, value, plain)

    def __getitem__(self, route: Route) -> Place:
        key, value, plain = self._rows[route]
        return Place(None if key is None else Span(self._path, *key), Span(self._path, *value), plain)

    def __contains__(self, route: object) -> bool:
        return route in self._rows

    def __iter__(self) -> Iterator[Route]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
