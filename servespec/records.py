"""`dataclass` as the standard library has it, but made quickly: for frozen classes, which share their methods.

`dataclasses.dataclass(frozen=True)` writes and compiles six methods for each class, 0.4 ms of start-up; validating a
spec needs some hundred and sixty classes, which would cost more than importing click and yaml. Everything else is as
there: `fields`, defaults, `slots`, `__post_init__`, and what type checkers know. Options of single fields that the
shared methods would have to heed (`compare`, `kw_only`, ...) are not offered, nor are `ClassVar` and `InitVar`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from itertools import count
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "replace"]

_REFUSED = ("ClassVar", "InitVar", "KW_ONLY", "typing.ClassVar", "dataclasses.")
_OFTEN = 500
"""Instances of a class from which on it pays to write a method for it: as often as they are made for some ten specs."""

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(*, frozen: bool, slots: bool = False) -> Callable[[type], type]:
        """A decorator for frozen dataclasses; for those that may change there is the standard library's."""
        assert frozen
        return lambda cls: _made(cls, slots=slots)

    def replace(record: Any, /, **changes: object) -> Any:
        """A copy of a record with other values in some of its fields."""
        values = [changes.pop(name) if name in changes else getattr(record, name) for name in record.__match_args__]
        return type(record)(*values, **changes)  # which refuses what is left


def _made(cls: Any, *, slots: bool) -> Any:
    cls.__doc__ = cls.__doc__ or cls.__name__
    own = {name: cls.__dict__.get(name, dataclasses.MISSING) for name in cls.__annotations__}
    given = {**getattr(cls, "__given__", {}), **own}
    assert not any(str(kind).startswith(_REFUSED) for kind in cls.__annotations__.values()), "not offered"
    if slots:
        cls = _slotted(cls, own)
    for name, value in own.items():
        if isinstance(value, dataclasses.Field) and not slots:
            delattr(cls, name)  # a default of the class would be a field's description
    known = {"__given__": given, "__match_args__": (*given,), "__dataclass_fields__": _Fields(cls)}
    for name, value in known.items():
        setattr(cls, name, value)
    for method in (_initializer(cls), __repr__, __eq__, __hash__, __setattr__, __delattr__, __reduce__):
        if method.__name__ not in cls.__dict__:
            setattr(cls, method.__name__, method)
    return cls


def _slotted(cls: Any, own: Iterable[str]) -> Any:
    """The class again: only one that is made with slots has them."""
    left = {name: value for name, value in cls.__dict__.items() if name not in (*own, "__dict__", "__weakref__")}
    inherited = {name for base in cls.__mro__ for name in getattr(base, "__slots__", ())}
    made = type(cls)(cls.__name__, cls.__bases__, {**left, "__slots__": (*(n for n in own if n not in inherited),)})
    made.__qualname__ = cls.__qualname__
    return made


class _Fields:
    """`__dataclass_fields__` of a class, which the standard library makes when they are first asked for."""

    def __init__(self, cls: Any) -> None:
        self._cls = cls

    def __get__(self, instance: object, owner: object) -> dict[str, dataclasses.Field[Any]]:
        cls = self._cls
        types = {name: kind for base in reversed(cls.__mro__) for name, kind in _annotations(base).items()}
        rows = [
            (name, types[name]) if value is dataclasses.MISSING else (name, types[name], value)
            for name, value in cls.__given__.items()
        ]
        kept = {"__doc__": cls.__doc__}  # or else a signature would be worked out for it
        twin: Any = dataclasses.make_dataclass(cls.__name__, rows, namespace=kept, init=False, repr=False, eq=False)
        fields: dict[str, dataclasses.Field[Any]] = twin.__dataclass_fields__
        cls.__dataclass_fields__ = fields
        return fields


def _annotations(cls: type) -> dict[str, Any]:
    return cls.__annotations__ if "__given__" in cls.__dict__ else {}


def _initializer(cls: Any) -> Callable[..., None]:
    names, complete = cls.__match_args__, _completion(cls)
    finish = getattr(cls, "__post_init__", None)
    # Around `__setattr__`, which refuses.
    put = [getattr(cls, name).__set__ for name in names] if "__slots__" in cls.__dict__ else None

    calls = count(1)

    def __init__(self: object, *given: object, **named: object) -> None:
        if next(calls) == _OFTEN:
            cls.__init__ = _written(cls)
        whole = len(given) == len(names) and not named
        values = given if whole else complete(given, named)
        if put is None:
            self.__dict__.update(zip(names, values, strict=True))
        else:
            for set_, value in zip(put, values, strict=True):
                set_(self, value)
        if finish is not None:
            finish(self)

    return __init__


def _written(cls: Any) -> Callable[..., None]:
    """What `dataclasses` would have written for a class, for one that is made time and again: thrice as fast."""
    slotted = "__slots__" in cls.__dict__
    known: dict[str, Any] = {"missing_": dataclasses.MISSING}
    heads, lines = ["self"], ["values_ = None" if slotted else "values_ = self.__dict__"]
    for name in cls.__match_args__:
        default, factory = _default(cls.__given__[name])
        made = factory is not dataclasses.MISSING
        known |= {f"default_{name}": default, f"make_{name}": factory}
        heads.append(f"{name}=default_{name}" if made or default is not dataclasses.MISSING else name)
        if made:
            lines.append(f"if {name} is missing_: {name} = make_{name}()")
        if slotted:
            known[f"put_{name}"] = getattr(cls, name).__set__
        lines.append(f"put_{name}(self, {name})" if slotted else f"values_[{name!r}] = {name}")
    lines += ["self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    exec(f"def __init__({', '.join(heads)}):\n " + "\n ".join(lines), known)
    method: Callable[..., None] = known["__init__"]
    return method


def _default(given: Any) -> tuple[Any, Any]:
    """The default of a field and what makes one, either of which may be missing."""
    if isinstance(given, dataclasses.Field):
        return given.default, given.default_factory
    return given, dataclasses.MISSING


def _completion(cls: Any) -> Callable[[tuple[object, ...], dict[str, object]], Iterable[object]]:
    """A function that makes the values of all fields of those that are given, by place or by name."""
    names, missing_ = cls.__match_args__, dataclasses.MISSING
    known = [(name, *_default(given)) for name, given in cls.__given__.items() if given is not missing_]
    defaults = {name: default for name, default, _ in known if default is not missing_}
    factories = {name: factory for name, _, factory in known if factory is not missing_}

    def complete(given: tuple[object, ...], named: dict[str, object]) -> Iterable[object]:
        found = {**defaults, **dict(zip(names, given, strict=False)), **named}
        for name, make in factories.items():
            if name not in found:
                found[name] = make()
        if len(given) > len(names) or len(found) != len(names) or any(name in named for name in names[: len(given)]):
            raise TypeError(f"{cls.__qualname__} takes {names}, not {len(given)} by place and {(*named,)} by name")
        try:
            return [found[name] for name in names]
        except KeyError as missing:
            raise TypeError(f"{cls.__qualname__} takes {names}, and {missing} is missing") from None

    return complete


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
