"""Text that can't be the name of a Debian package.

Lower-case letters, digits, `+`, `-` and `.`, at least two; `=` and a version may follow.

Bad:
```yaml
image: {systemPackages: ["libgomp1 curl"]}
```
Good:
```yaml
image: {systemPackages: [libgomp1, curl]}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "invalid-package"
SEVERITY = Severity.ERROR

# Debian Policy 5.6.7 (names) and 5.6.12 (versions).
_NAME = r"[a-z0-9][a-z0-9+.-]+"
_PACKAGE = rf"{_NAME}(?:=(?:[0-9]+:)?[0-9][A-Za-z0-9.+~-]*)?"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each system package that is none."""
    for index, package in enumerate(deployment.image.system_packages):
        if not re.fullmatch(_PACKAGE, package):
            yield _invalid(index, package)


def _invalid(index: int, package: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(package)} is not the name of a Debian package",
        Label(("image", "systemPackages", index), "lower-case letters, digits, `+`, `-` and `.`"),
        help=_instead(package),
    )


def _instead(package: str) -> str:
    names = re.findall(_NAME, re.sub(r"\s*\(?[<>=]+\s*\S*", "", package.lower()))
    if not names or "/" in package or not typed(" ".join(names)):
        return "write a name such as `libgomp1`"
    several = ", each as an item of its own" if len(names) > 1 else ""
    return f"write {one_of(names, 'and')}{several}"
