"""A signature that was written against the one of the model: each disagreement at its place, and no other."""

from __future__ import annotations

import pytest

from servespec.inspection.difference import Mismatch, signature_difference
from servespec.models import Column, Face, Signature, Tensor


def _columns(*items: tuple[str, str]) -> Face:
    return Face(tuple(Column(*item) for item in items), ())


def _tensors(*items: tuple[str, str, tuple[int, ...]]) -> Face:
    return Face((), tuple(Tensor(*item) for item in items))


def _found(spec: Face, model: Face) -> list[tuple[tuple[str | int, ...], str]]:
    found = signature_difference(Signature(spec, None), Signature(model, None))
    return [(item.route[2:], item.text) for item in found]


_X = ("x", "FP32", (-1, 4))
_AB = _columns(("a", "FP32"), ("b", "INT64"))


@pytest.mark.parametrize(
    ("spec", "model"),
    [
        (_tensors(_X), _tensors(_X)),
        (_tensors(_X), _tensors(("x", "FP32", (-1, -1)))),
        (_tensors(_X), _tensors(("x", "FP32", ()))),
        (_tensors(("any", "FP64", (-1, 4))), _tensors(("", "", (-1, 4)))),
        (_AB, _AB),
        (_AB, _columns(("a", ""), ("b", ""))),
        (_AB, _tensors(("", "", (-1, 2)))),
        (_AB, _tensors(("b", "INT64", (-1, 1)), ("a", "FP32", (-1, 1)))),
        (_tensors(("x", "FP32", (-1, 2))), _AB),
        (_tensors(("x", "FP32", (-1, -1))), _AB),
    ],
)
def test_they_agree(spec: Face, model: Face) -> None:
    """What fits is not reported, nor what only one of the two says."""
    assert _found(spec, model) == []


@pytest.mark.parametrize(
    ("spec", "model", "route", "text"),
    [
        (_tensors(("y", *_X[1:])), _tensors(_X), ("tensors", 0, "name"), "the model has no `y`: it takes `x`"),
        (_tensors(("x", "FP64", (-1, 4))), _tensors(_X), ("tensors", 0, "datatype"), "the model takes FP32"),
        (_tensors(("x", "FP32", (-1, 5))), _tensors(_X), ("tensors", 0, "shape"), "the model takes [-1, 4]"),
        (_tensors(("x", "FP32", (-1,))), _tensors(_X), ("tensors", 0, "shape"), "the model takes [-1, 4]"),
        (_tensors(_X), _tensors(("x", "FP32", (1, 4))), ("tensors", 0, "shape"), "the model takes [1, 4]"),
        (_tensors(_X), _tensors(_X, ("mask", "BOOL", (-1,))), ("tensors",), "the model also takes `mask`"),
        (_columns(("a", "FP32")), _AB, ("columns",), "the model also takes `b`"),
        (_columns(("a", "BOOL"), ("b", "INT64")), _AB, ("columns", "a"), "the model takes FP32"),
        (_columns(("b", "INT64"), ("a", "FP32")), _AB, ("columns",), "the model has them in another order: `a`, `b`"),
        (_AB, _tensors(("", "", (-1, 4))), ("columns",), "the model takes 4 features, not 2"),
        (_tensors(_X), _AB, ("tensors", 0, "shape"), "the model takes 2 features, not 4"),
    ],
)
def test_they_disagree(spec: Face, model: Face, route: tuple[str | int, ...], text: str) -> None:
    """One mistake is one disagreement, at the value that is wrong."""
    found = _found(spec, model)
    assert (route, text) in found
    assert len(found) == 1


def test_optional_columns() -> None:
    """A column that may be left out is not missed; one that is written is compared."""
    ab, optional = Signature(_AB, None), ("b",)
    assert signature_difference(Signature(_columns(("a", "FP32")), None), ab, optional=optional) == ()
    assert signature_difference(Signature(_columns(("a", "FP32"), ("b", "BOOL")), None), ab, optional=optional) != ()


def test_outputs() -> None:
    """Outputs that are written must be there, as they are written; the model may give more."""
    spec = Signature(_tensors(_X), _tensors(("label", "INT32", (-1,)), ("odds", "FP32", (-1, 2))))
    model = Signature(_tensors(_X), _tensors(("label", "INT64", (-1,)), ("other", "FP32", (-1, 2))))
    assert signature_difference(spec, model) == (
        Mismatch(("signature", "outputs", "tensors", 0, "datatype"), "the model gives INT64"),
        Mismatch(("signature", "outputs", "tensors", 1, "name"), "the model has no `odds`: it gives `label`, `other`"),
    )
    assert signature_difference(spec, Signature(_tensors(_X), None)) == ()
