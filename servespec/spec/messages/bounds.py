"""What is said of values that are too much or too little."""

from __future__ import annotations

from collections.abc import Sequence

from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, error
from servespec.spans import Route, dotted


def out_of_range(route: Route, *, bound: str) -> Diagnostic:
    """A number is too small or too large for its field.

    Bad:
    ```yaml
    runtime: {protocols: {rest: 80800}}
    ```
    Good:
    ```yaml
    runtime: {protocols: {rest: 8080}}
    ```
    """
    return error(
        "out-of-range", f"`{dotted(route[_own(route) :])}` is out of range", Label(route, f"must be {bound}"),
        help=f"give a number {bound}",
    )  # fmt: skip


def _own(route: Route) -> int:
    """Where a field's own name begins: an item of a list is called by that list's."""
    return max((index for index, step in enumerate(route) if isinstance(step, str)), default=0)


def empty_text(route: Route) -> Diagnostic:
    """A field that must say something is empty.

    Bad:
    ```yaml
    suppress: [{rule: runtime-end-of-life, reason: ""}]
    ```
    Good:
    ```yaml
    suppress: [{rule: runtime-end-of-life, reason: "moving to ONNX Runtime in spring"}]
    ```
    """
    return error("empty-text", f"`{dotted(route[-1:])}` is empty", Label(route, "says nothing"), help="write it out")


def empty_list(route: Route, *, values: Sequence[str]) -> Diagnostic:
    """A list that must name something is empty.

    Bad:
    ```yaml
    pattern: []
    ```
    Good:
    ```yaml
    pattern: [realtime]
    ```
    """
    field = dotted(route[-1:])
    return error(
        "empty-list",
        f"`{field}` names nothing",
        Label(route, "an empty list"),
        help=f"write at least one `{field}`: {one_of(values)}",
    )


def long_list(route: Route, *, limit: int) -> Diagnostic:
    """A list has more items than anybody needs: each is compiled, or compared with all others.

    Bad:
    ```yaml
    # and so on, more than a hundred times
    connections: [{name: customer-1, type: s3}, {name: customer-2, type: s3}]
    ```
    Good:
    ```yaml
    connections: [{name: models, type: s3}]
    ```
    """
    field = dotted(route[-1:])
    return error(
        "long-list",
        f"`{field}` has more than {limit} items",
        Label((*route, limit), "one too many"),
        help="leave out what is not needed, or make several specs of this one",
    )
