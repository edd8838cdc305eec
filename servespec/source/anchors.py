"""Who is named with `&` and meant with `*`: one mistake however often it is used."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from servespec.diagnostics.types import Diagnostic
from servespec.source import messages
from servespec.spans import Span

_MAX_TOLD = 20
"""Of more anchors nobody would read."""


class Anchors:
    """The anchors of one document, in the order in which they were written."""

    def __init__(self) -> None:
        self._written: list[tuple[str, Span, list[Span]]] = []
        self._current: dict[str, tuple[Span, list[Span]]] = {}
        self._merged: set[Span] = set()

    def define(self, name: str, span: Span) -> None:
        """Remember an anchor. A name may be given again; what was meant before is not touched."""
        uses: list[Span] = []
        self._current[name] = (span, uses)
        self._written.append((name, span, uses))

    def use(self, name: str, span: Span) -> bool:
        """Whether there is such an anchor; its use is remembered."""
        if name not in self._current:
            return False
        self._current[name][1].append(span)
        return True

    def merge(self, name: str) -> Span | None:
        """The place of the anchor that a merge key means, which then is the merge key's mistake."""
        if name not in self._current:
            return None
        self._merged.add(self._current[name][0])
        return self._current[name][0]

    def problems(self) -> Iterator[Diagnostic]:
        """One finding for each anchor, unless all that it was for is a merge key."""
        told = (item for item in self._written if item[2] or item[1] not in self._merged)
        for name, span, uses in islice(told, _MAX_TOLD):
            yield messages.yaml_anchor(span, name, tuple(uses))
