"""The model's version is not a whole number, and its server takes no other.

TensorFlow Serving and Triton keep each version of a model in a folder whose name is its number, take the greatest for
the newest, and pass over every other folder without a word.

Bad:
```yaml
model: {format: tensorflow, uri: ./saved, version: "1.0"}
```
Good:
```yaml
model: {format: tensorflow, uri: ./saved, version: "1"}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.saved_model import is_version
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "unfit-model-version"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model's version, when its server would not take it for one."""
    server, version = SERVERS[deployment.runtime.server], deployment.model.version
    if server.whole_versions and not is_version(version):
        yield _unfit(version, server=server.title)


def _unfit(version: str, *, server: str) -> Diagnostic:
    digits = re.match(r"v?0*([1-9][0-9]{0,17})", version)
    return error(
        CODE,
        f"{shown(version, 12)} is not a whole number",
        Label(("model", "version"), f"{server} has no other versions"),
        help=f'write `"{digits[1] if digits else 1}"`; `release` is the place for a version with dots',
    )
