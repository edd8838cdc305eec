"""Options that say nothing where others decide what is made."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.diagnostics.types import Diagnostic, Label, Part, warning
from servespec.node import Node


def idle_options(target: str, options: Node, fields: tuple[str, ...], *, where: str) -> Iterator[Diagnostic]:
    """Those of the fields that are written."""
    for field in fields:
        if field in options.model_fields_set:
            yield idle_option(target, field, where=where)


def idle_option(target: str, field: str, *, where: str) -> Diagnostic:
    """An option has no effect here: it belongs to another version or mode of the platform.

    Seldon Core 1 has a protocol and an orchestrator, version 2 a server that is there already. On Knative a pod has one
    port, from which nobody collects metrics, and the load is measured by Knative itself.

    Bad:
    ```yaml
    targets: {kserve: {mode: Knative, prometheus: {namespace: monitoring}}}
    ```
    Good:
    ```yaml
    targets: {kserve: {mode: Standard, prometheus: {namespace: monitoring}}}
    ```
    """
    return warning(
        "idle-option",
        f"`{field}` has no effect on {where}",
        Label(("targets", target, field), "nothing is made of it", Part.KEY),
        help="take it out",
    )
