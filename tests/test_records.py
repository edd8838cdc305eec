"""Frozen classes behave like the standard library's frozen dataclasses."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from servespec import records

_Maker = Callable[..., Any]


def _point(dataclass: _Maker, *, slots: bool) -> _Maker:
    @dataclass(frozen=True, slots=slots)
    class Point:
        x: int
        y: int = 2
        tags: list[str] = dataclasses.field(default_factory=list)
        hidden: str = dataclasses.field(default="", repr=False)

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("negative")

    return Point


@pytest.fixture(
    params=[
        (records.dataclass, True, 0),
        (records.dataclass, False, 0),
        (records.dataclass, True, 600),
        (records.dataclass, False, 600),
        (dataclasses.dataclass, True, 0),
    ]
)
def point(request: pytest.FixtureRequest) -> _Maker:
    """The same class, made by both: what is asserted of ours holds of theirs, also when many were made before."""
    dataclass, slots, before = request.param
    made = _point(dataclass, slots=slots)
    for number in range(before):
        made(number)
    return made


def test_values_come_by_place_by_name_and_by_default(point: _Maker) -> None:
    """Every way of giving a value leads to the same object, and each object has its own default list."""
    assert point(1) == point(x=1) == point(1, 2, []) == point(1, tags=[], y=2)
    assert point(1).tags is not point(1).tags


def test_equality_is_of_type_and_values(point: _Maker) -> None:
    """Objects differ when a value or the class does, and equal ones have one hash."""
    assert point(1) != point(2)
    assert point(1) != (1, 2, [], "")
    assert hash(point(1, 2, ())) == hash(point(1, 2, ()))  # type: ignore[call-arg]


def test_representation_names_the_shown_fields(point: _Maker) -> None:
    """A representation reads like the call that makes the object, without fields that are not to be shown."""
    assert repr(point(1, hidden="secret")).endswith(".Point(x=1, y=2, tags=[])")


def test_nothing_can_be_changed(point: _Maker) -> None:
    """A field can neither be set nor deleted; a changed copy comes from `replace`."""
    one = point(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.x
    assert dataclasses.replace(one, x=2) == point(2)
    assert [field.name for field in dataclasses.fields(one)] == ["x", "y", "tags", "hidden"]


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), ((), {"y": 1}), ((1,), {"x": 1}), ((1,), {"z": 1}), ((1, 2, [], "", 5), {}), ((), {"z": 1})],
)
def test_wrong_values_are_refused(point: _Maker, given: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Missing, unknown, doubled and surplus values are a TypeError, not an object that lacks something."""
    with pytest.raises(TypeError):
        point(*given, **named)


def test_a_class_may_check_itself(point: _Maker) -> None:
    """`__post_init__` runs once the fields are set."""
    with pytest.raises(ValueError, match="negative"):
        point(-1)


def test_a_copy_differs_in_what_is_given(point: _Maker) -> None:
    """`replace` is the standard library's, also in what it refuses."""
    one = point(1, 3, ["a"], hidden="b")
    assert records.replace(one, y=4) == dataclasses.replace(one, y=4) == point(1, 4, ["a"], hidden="b")
    with pytest.raises(TypeError):
        records.replace(one, z=1)


@pytest.mark.parametrize("slots", [True, False])
def test_a_class_may_have_more_than_its_base(slots: bool) -> None:
    """Fields of a base come first, with their defaults; one that is written again keeps its place."""

    @records.dataclass(frozen=True, slots=slots)
    class Base:
        x: int
        y: int = 2

    @records.dataclass(frozen=True, slots=slots)
    class More(Base):
        y: int = 3
        z: tuple[int, ...] = dataclasses.field(default=())

    assert repr(More(1)).endswith(".More(x=1, y=3, z=())")
    assert [(field.name, field.default) for field in dataclasses.fields(More)][1:] == [("y", 3), ("z", ())]
    assert hasattr(More(1), "__dict__") is not slots
