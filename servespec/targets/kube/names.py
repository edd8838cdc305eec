"""Names that objects of a cluster can't have."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.names import is_label, is_label_key, is_label_value
from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.diagnostics.wording import shown
from servespec.spans import Route
from servespec.targets.kube.options import Prometheus


def wrong_names(target: str, namespace: str | None, prometheus: Prometheus | None) -> Iterator[Diagnostic]:
    """The names among the options of a target that are none."""
    given = {("namespace",): namespace, ("prometheus", "namespace"): prometheus.namespace if prometheus else None}
    for route, name in given.items():
        if name is not None and not is_label(name):
            yield invalid_namespace(("targets", target, *route), name)
    for key, value in (prometheus.labels if prometheus else {}).items():
        if not (is_label_key(key) and is_label_value(value)):
            yield invalid_prometheus_label(target, key)


def invalid_namespace(route: Route, name: str) -> Diagnostic:
    """The name of a namespace is not valid.

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


def invalid_prometheus_label(target: str, key: str) -> Diagnostic:
    """A label by which Prometheus finds what to collect is not valid.

    Key and value are letters, digits, `-`, `_` and `.`; the key may have a domain and `/` before it.

    Bad:
    ```yaml
    targets: {kubernetes: {prometheus: {namespace: monitoring, labels: {"scraped by": prometheus}}}}
    ```
    Good:
    ```yaml
    targets: {kubernetes: {prometheus: {namespace: monitoring, labels: {release: prometheus}}}}
    ```
    """
    return error(
        "invalid-prometheus-label",
        f"{shown(key)} is not a label",
        Label(
            ("targets", target, "prometheus", "labels", key), "at most 63 letters, digits, `-`, `_` and `.`", Part.KEY
        ),
        help="write a label such as `release: prometheus`",
    )
