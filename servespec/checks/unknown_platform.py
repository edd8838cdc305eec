"""A platform is not one that the image can be built for.

The image is a Linux one, and the server's packages have wheels for two architectures.

Bad:
```yaml
image: {platforms: [linux/x86_64]}
```
Good:
```yaml
image: {platforms: [linux/amd64]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.fixes import instead, respelt
from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "unknown-platform"
SEVERITY = Severity.ERROR

# read: the wheels of torch 2.13 on PyPI, 2026-11
_PLATFORMS = ("linux/amd64", "linux/arm64")
_ALIASES = {
    "linux/x86_64": "linux/amd64",
    "linux/x86-64": "linux/amd64",
    "linux/aarch64": "linux/arm64",
    "linux/arm64/v8": "linux/arm64",
}


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each platform that is not known."""
    for index, platform in enumerate(deployment.image.platforms):
        if platform not in _PLATFORMS:
            yield _unknown(index, platform)


def _unknown(index: int, platform: str) -> Diagnostic:
    route: Route = ("image", "platforms", index)
    alias = _ALIASES.get(platform)
    near = alias or closest(platform, _PLATFORMS)
    return error(
        CODE,
        f"{shown(platform)} is not a platform to build for",
        Label(route, "not known"),
        help=f"did you mean `{near}`?" if near else f"write {one_of(_PLATFORMS)}",
        fix=instead(route, of=platform, write=alias) if alias else respelt(route, platform, _PLATFORMS),
    )
