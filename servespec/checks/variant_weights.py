"""The variants do not share out the requests: their weights are not 100 percent, or one that is to share has none.

Each variant has a `weight`, but for a shadow, which gets copies of the requests and no share. Only one shadow can
be had, and a shadow needs something that it is the shadow of.

Bad:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
variants: [{name: current, weight: 80}, {name: next, weight: 30}]
```
Good:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
variants: [{name: current, weight: 80}, {name: next, weight: 20}]
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servespec.deployment.types import Deployment, Variant
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "variant-weights"
SEVERITY = Severity.ERROR

_WHOLE = 100


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with how the requests are shared out."""
    variants = list(enumerate(deployment.variants))
    sharing = [(index, variant) for index, variant in variants if not variant.shadow]
    shadows = [(index, variant) for index, variant in variants if variant.shadow]
    for index, variant in shadows:
        if variant.weight is not None:
            yield _share_of_shadow(index)
    for index, _ in shadows[1:]:
        yield _second_shadow(index, first=shadows[0][0])
    if shadows and not sharing:
        yield _only_shadows(shadows[0][0])
    without = [index for index, variant in sharing if variant.weight is None]
    for nth, index in enumerate(without):
        yield _no_weight(index, share=_even(_left(sharing), nth, of=len(without)))
    if sharing and not without and _left(sharing):
        yield _sum(sharing)


def _left(sharing: Sequence[tuple[int, Variant]]) -> int:
    return _WHOLE - sum(variant.weight or 0 for _, variant in sharing)


def _even(left: int, nth: int, *, of: int) -> int:
    """What one of several gets of what is left, so that together they get it all."""
    return left // of + (nth < left % of)


def _share_of_shadow(index: int) -> Diagnostic:
    return error(
        CODE,
        "a shadow has no `weight`",
        Label(("variants", index, "weight"), "a shadow gets copies, and no share of the requests"),
        Label(("variants", index, "shadow"), "it is one here"),
        help="remove `weight`, or `shadow`",
    )


def _second_shadow(index: int, *, first: int) -> Diagnostic:
    return error(
        CODE,
        "there are two shadows",
        Label(("variants", index, "shadow"), "another one"),
        Label(("variants", first, "shadow"), "the first"),
        help="requests are copied to one shadow at most; remove the others",
    )


def _only_shadows(index: int) -> Diagnostic:
    return error(
        CODE,
        "a shadow is all there is",
        Label(("variants", index, "shadow"), "nobody sees its answers"),
        help="add the variant that answers: `{name: current, weight: 100}`",
    )


def _no_weight(index: int, *, share: int) -> Diagnostic:
    name = Label(("variants", index, "name"), "its share of the requests is not known")
    return error(
        CODE,
        "this variant has no `weight`",
        Label(("variants", index, "weight"), otherwise=name),
        help=f"write `weight: {share}`" if share > 0 else "write its share in percent, or `shadow: true`",
    )


def _sum(sharing: Sequence[tuple[int, Variant]]) -> Diagnostic:
    (last, variant), whole = sharing[-1], _WHOLE - _left(sharing)
    wanted = (variant.weight or 0) + _left(sharing)
    others = (Label(("variants", index, "weight"), "and this") for index, _ in sharing[:-1])
    return error(
        CODE,
        f"the weights make {whole} percent",
        Label(("variants", last, "weight"), f"with the others this is {whole}, not 100"),
        *others,
        help=f"write `weight: {wanted}` here, or change the others" if 0 <= wanted <= _WHOLE else "let them make 100",
    )
