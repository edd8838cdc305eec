"""A version is not one: a range, or text that can't stand where versions go.

`release` is a part of the image's tag and `model.version` of the archive's file name, so both are letters, digits,
`.`, `_` and `-`. A range says what would do, not what this is.

Bad:
```yaml
release: ">=1.4"
```
Good:
```yaml
release: "1.4.0"
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-version"
SEVERITY = Severity.ERROR

# An image's tag has 128 of these characters, of which `-` and 12 digits are ours
# (https://github.com/distribution/reference, read 2026-11).
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,114}"
_FILE_NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_-])?"
# https://packaging.python.org/en/latest/specifications/version-specifiers/ (read 2026-11)
_PACKAGE = (
    r"v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*(?:(?:a|b|rc)[0-9]+)?(?:\.post[0-9]+)?(?:\.dev[0-9]+)?"
    r"(?:\+[a-z0-9]+(?:\.[a-z0-9]+)*)?"
)
_RANGE = re.compile(r"[<>=~^*,|]|(?:^|\.)[xX](?:\.|$)|^latest$")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The versions that are none."""
    model = deployment.model
    yield from _examine(("release",), deployment.release, form=_TAG)
    yield from _examine(("model", "version"), model.version, form=_FILE_NAME)
    if model.framework:
        yield from _examine(("model", "framework", "version"), model.framework.version, form=_PACKAGE)


def _examine(route: Route, text: str, *, form: str) -> Iterator[Diagnostic]:
    if _RANGE.search(text):
        yield _range(route, text)
    elif not re.fullmatch(form, text):
        yield _malformed(route, text)


def _range(route: Route, text: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(text)} is not one version",
        Label(route, "stands for more than one"),
        help='write the one version that this is, as in `"1.4.0"`',
    )


def _malformed(route: Route, text: str) -> Diagnostic:
    near = typed(re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip(".-"))
    return error(
        CODE,
        f"{shown(text)} can't be a version",
        Label(route, "letters, digits, `.`, `_` and `-`, and no `.` or `-` first"),
        help=f'write `"{near}"`' if near else 'write a version such as `"1.4.0"`',
    )
