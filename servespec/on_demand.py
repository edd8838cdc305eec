"""Tables whose values are modules' own, each loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain
from typing import TypeVar

_T = TypeVar("_T")


class OnDemand(Mapping[str, _T]):
    """A table with known names, in their order, and `more` that are found out only when a name is none of those.

    Start-up: a value that nobody asks for is never loaded.
    """

    def __init__(
        self, names: tuple[str, ...], load: Callable[[str], _T], *, more: Callable[[], Collection[str]] = tuple
    ) -> None:
        self._names = names
        self._load = load
        self._more = more
        self._loaded: dict[str, _T] = {}

    def __getitem__(self, name: str) -> _T:
        if name not in self._loaded:
            if name not in self:
                raise KeyError(name)
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names or name in self._more()

    def __iter__(self) -> Iterator[str]:
        return chain(self._names, self._more())

    def __len__(self) -> int:
        return sum(1 for _ in self)
