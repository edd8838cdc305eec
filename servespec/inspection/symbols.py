"""What a pickle would make, as a drawing of it: names instead of classes, and nothing that could run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Name:
    """A class or function that a pickle asks for."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class Made:
    """An object that a pickle would make: by calling `by`, then filled."""

    by: object
    arguments: object = ()
    state: object = None
    items: list[object] = field(default_factory=list)
    """The elements of a list or set; of a mapping keys and values by turns."""


OPAQUE = object()
"""A value that is not looked at: bytes, or something too large."""
LIST, DICT, SET = Name("builtins", "list"), Name("builtins", "dict"), Name("builtins", "set")

PERSISTENT = Name("", "persistent")
"""What is kept outside of the pickle, such as the storage of a tensor; the argument says which."""
_BUILDERS = (Name("copyreg", "_reconstructor"), Name("copy_reg", "_reconstructor"))


def class_of(value: object) -> Name | None:
    """The name of the class of an object, as far as it can be seen."""
    if not isinstance(value, Made):
        return None
    by = value.by
    if by in _BUILDERS and isinstance(value.arguments, tuple) and value.arguments:
        by = value.arguments[0]
    return by if isinstance(by, Name) else None


def pairs(value: object) -> Iterator[tuple[object, object]]:
    """The keys and values of a mapping; nothing for anything else."""
    if isinstance(value, Made):
        yield from zip(value.items[::2], value.items[1::2], strict=False)


def attribute(value: object, name: str) -> object:
    """An attribute of an object by the state that it is filled with; None when it is not there."""
    if not isinstance(value, Made):
        return None
    # With slots the state is a pair of mappings.
    states = value.state if isinstance(value.state, tuple) else (value.state,)
    found = [item for state in states for key, item in pairs(state) if key == name]
    return found[-1] if found else None
