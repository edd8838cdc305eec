"""What is not on the cluster that a spec names."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Label, error


def not_installed(at: Label, what: str, *, platform: str, field: str) -> Diagnostic:
    """A spec is compiled to objects of something that its cluster does not have.

    The cluster would know none of their kinds. The root file says of each cluster what is on it; a spec that names no
    cluster is for any one.

    Bad:
    ```yaml
    platform: production   # with `platforms: {production: {kubernetes: "1.34"}}` in servespec.yaml
    model: {format: sklearn, uri: ./absent.joblib}
    targets: {kserve: }
    ```
    Good:
    ```yaml
    platform: production   # with `platforms: {production: {kubernetes: "1.34", kserve: "0.20"}}` in servespec.yaml
    model: {format: sklearn, uri: ./absent.joblib}
    targets: {kserve: }
    ```
    """
    return error(
        "not-installed",
        f"there is no {what} on this cluster",
        at,
        Label(("platform",), f"`platforms.{platform}` of the root file names none"),
        help=f"where it is installed, say so there: `{field}`",
    )
