"""Names that objects of a cluster can't have."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Label, error
from servespec.diagnostics.wording import shown
from servespec.spans import Route


def invalid_namespace(route: Route, name: str) -> Diagnostic:
    """The name of a namespace is not one.

    It is at most 63 lower-case letters, digits and inner `-`.

    Bad:
    ```yaml
    targets: {kubernetes: {namespace: ML_Team}}
    ```
    Good:
    ```yaml
    targets: {kubernetes: {namespace: ml-team}}
    ```
    """
    return error(
        "invalid-namespace",
        f"{shown(name)} can't be the name of a namespace",
        Label(route, "at most 63 of `a-z`, `0-9` and inner `-`"),
        help="write a name such as `ml`",
    )
