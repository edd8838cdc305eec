"""Values that wear the syntax of one language. Only modules of `emit` make them; templates print nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from servespec.artifacts import Origin
from servespec.records import dataclass
from servespec.spans import Scalar, Value


@dataclass(frozen=True, slots=True)
class Quoted:
    """A plain value, written so that the language it is for reads back just that value.

    `neutral` is a harmless value in the same form: a text whose slots are all neutral has the shape
    that the real text must have too. `origins` says where the value came from.
    """

    text: str
    plain: str
    neutral: str
    origins: tuple[Origin, ...] = ()


class Unwritable(ValueError):
    """A value that a language cannot carry at all, such as a newline in a Dockerfile.

    Checks refuse such values at their place in the spec; reaching this is our bug, never a user's error.
    """


@dataclass(frozen=True, slots=True)
class Traced:
    """A piece of data for a serializer, with the origins of the lines that it becomes."""

    value: Data
    origins: tuple[Origin, ...]


Data: TypeAlias = "Scalar | Traced | Sequence[Data] | Mapping[str, Data]"
"""What a serializer is given. Its maps are dicts, its sequences lists and tuples; the types let each hold less."""


_SCALARS = frozenset({str, int, float, bool, type(None)})


def traced(value: Data, *origins: Origin) -> Traced:
    """The value, remembering why it is there."""
    return Traced(value, origins)


def plain(data: Data) -> Value:
    """The data without its origins: what a reader of the text must get back."""
    if type(data) in _SCALARS:  # most of it is
        return cast("Scalar", data)
    if isinstance(data, Traced):
        return plain(data.value)
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [plain(value) for value in data]
    return cast("Scalar", data)


def unwrap(
    data: Data, inherited: tuple[Origin, ...]
) -> tuple[Scalar | list[Data] | dict[str, Data], tuple[Origin, ...]]:
    """One level of data with its own origins, or those of what holds it."""
    if type(data) in _SCALARS:
        return cast("Scalar", data), inherited
    while isinstance(data, Traced):
        inherited = data.origins or inherited
        data = data.value
    value = list(data) if isinstance(data, tuple) else data
    return cast("Scalar | list[Data] | dict[str, Data]", value), inherited


def retraced(data: Data, change: Callable[[Origin], Origin]) -> Data:
    """The data with other origins."""
    if type(data) in _SCALARS:
        return data
    if isinstance(data, Traced):
        return Traced(retraced(data.value, change), tuple(map(change, data.origins)))
    if isinstance(data, dict):
        return {key: retraced(value, change) for key, value in data.items()}
    return [retraced(value, change) for value in data] if isinstance(data, list | tuple) else data
