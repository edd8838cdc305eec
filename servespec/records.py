"""`dataclass` as the standard library has it, but made quickly: for frozen classes, which share their methods.

`dataclasses.dataclass(frozen=True)` writes and compiles six methods for each class, 0.4 ms of start-up; validating a
spec needs some ninety classes, which would cost as much as importing click and yaml. Everything else is the original's:
`fields`, `replace`, defaults, `slots`, `__post_init__`, and what type checkers know. Options of single fields that
the shared methods would have to heed (`compare`, `kw_only`, ...) are not offered.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool = False) -> Callable[[type], type]:
        """A decorator for frozen dataclasses; for those that may change there is the standard library's."""
        assert frozen
        return lambda cls: _made(cls, slots=slots)


def _made(cls: type, *, slots: bool) -> type:
    cls.__doc__ = cls.__doc__ or cls.__name__  # or else a signature would be worked out for it
    cls = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    for method in (_initializer(cls), __repr__, __eq__, __hash__, __setattr__, __delattr__, __reduce__):
        if method.__name__ not in cls.__dict__:
            setattr(cls, method.__name__, method)
    return cls


def _initializer(cls: Any) -> Callable[..., None]:
    names, fields = cls.__match_args__, dataclasses.fields(cls)
    defaults = {field.name: field.default for field in fields if field.default is not dataclasses.MISSING}
    factories = {field.name: field.default_factory for field in fields if callable(field.default_factory)}
    finish = getattr(cls, "__post_init__", None)
    write = object.__setattr__  # around `__setattr__`, which refuses

    def complete(given: tuple[object, ...], named: dict[str, object]) -> list[object]:
        placed = dict(zip(names, given, strict=False))
        made = {name: make() for name, make in factories.items() if name not in placed and name not in named}
        values = {**defaults, **made, **placed, **named}
        if len(given) > len(names) or placed.keys() & named.keys() or values.keys() != set(names):
            raise TypeError(f"{cls.__qualname__} takes {names}, not {len(given)} by place and {(*named,)} by name")
        return [values[name] for name in names]

    def __init__(self: object, *given: object, **named: object) -> None:
        values = given if len(given) == len(names) and not named else complete(given, named)
        for name, value in zip(names, values, strict=True):
            write(self, name, value)
        if finish is not None:
            finish(self)

    return __init__


def _values(record: Any) -> tuple[object, ...]:
    return tuple([getattr(record, name) for name in record.__match_args__])


def __repr__(self: object) -> str:
    shown = (field.name for field in dataclasses.fields(self) if field.repr)  # type: ignore[arg-type]
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def __eq__(self: object, other: object) -> bool:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def __hash__(self: object) -> int:
    return hash(_values(self))


def __reduce__(self: object) -> tuple[type, tuple[object, ...]]:
    return type(self), _values(self)  # pickle would set attributes, which these refuse


def __setattr__(self: object, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def __delattr__(self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
