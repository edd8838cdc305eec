"""What is wrong with the clusters that a root file describes."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.platform import number
from servespec.diagnostics.types import Diagnostic, Label, error
from servespec.diagnostics.wording import shown
from servespec.runtimes import kserve, kubernetes, seldon
from servespec.spans import Document, Route
from servespec.spec.messages import unknown_value
from servespec.spec.rootfile import Platform

_NONE = (0, 0)


def invalid_platform_version(at: Route, version: str, *, oldest: str, example: str) -> Diagnostic:
    """The version of something on a cluster is none, or one that is too old to be known of.

    What is emitted is held against the schemas of Kubernetes from 1.25 on, and against what Seldon Core 1.16 and 2.0,
    KServe 0.16 and Knative 1.15 take.

    Bad:
    ```yaml
    platforms: {production: {kubernetes: latest}}
    ```
    Good:
    ```yaml
    platforms: {production: {kubernetes: "1.34"}}
    ```
    """
    old = number(version) != _NONE
    return error(
        "invalid-platform-version",
        f"{shown(version)} is too old" if old else f"{shown(version)} is not a version",
        Label(at, f"nothing before {oldest} is known of" if old else f"not as in `{example}`"),
        help="upgrade the cluster" if old else f'write the first two numbers, as in `"{example}"`',
    )


def problems_of_platform(platform: Platform, document: Document, at: Route) -> Iterator[Diagnostic]:
    """Versions that are none or too old, and features that Knative does not have."""
    for field, version, oldest, example in _versions(platform):
        if number(version) < max(number(oldest), (0, 1)):
            yield invalid_platform_version((*at, *field), version, oldest=oldest, example=example)
    for index, feature in enumerate(platform.features):
        if feature not in kserve.FEATURES.value:
            yield unknown_value(document, (*at, "features", index), found=feature, values=kserve.FEATURES.value)


def _versions(platform: Platform) -> Iterator[tuple[Route, str, str, str]]:
    """Every version that is said, where, with the oldest that is known of and one that is good."""
    yield ("kubernetes",), platform.kubernetes, kubernetes.OLDEST.value, "1.34"
    if platform.keda is not None:
        yield ("keda",), platform.keda, "", "2.20"
    for index, version in enumerate(platform.seldon):
        known = seldon.OLDEST.value[seldon.V2 if number(version) >= (2, 0) else seldon.V1]
        yield ("seldon", index), version, known, "1.17"
    if platform.kserve is not None:
        yield ("kserve",), platform.kserve, kserve.OLDEST.value, "0.20"
    if platform.knative is not None:
        yield ("knative",), platform.knative, kserve.KNATIVE_OLDEST.value, "1.22"
