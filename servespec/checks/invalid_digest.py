"""A digest is not `sha256:` and 64 hexadecimal digits.

The digest says which weights are meant: they are compared when the archive is made, and it is part of the image's tag.

Bad:
```yaml
model: {digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
```
Good:
```yaml
model: {digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "invalid-digest"
SEVERITY = Severity.ERROR

_DIGEST = r"sha256:[0-9a-f]{64}"
_BARE = r"(?i:sha256:)?[0-9a-fA-F]{64}"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model's digest, when it is none."""
    digest = deployment.model.digest
    if digest is not None and not re.fullmatch(_DIGEST, digest):
        yield _invalid(digest)


def _invalid(digest: str) -> Diagnostic:
    meant = f"sha256:{digest.lower().removeprefix('sha256:')}" if re.fullmatch(_BARE, digest) else None
    return error(
        CODE,
        "`digest` is not a SHA-256 digest",
        Label(("model", "digest"), "not `sha256:` and 64 hexadecimal digits"),
        help=f"write `{meant}`" if meant else "`sha256sum` of the weights file prints the digits",
    )
