"""An extra file has a name that the archiver takes for something else.

`torch-model-archiver` gets its extra files as one argument: a comma separates two of them, and `*`, `?` and `[` make
a pattern.

Bad:
```yaml
model: {extraFiles: ["model/labels,old.json"]}
```
Good:
```yaml
model: {extraFiles: [model/labels.json]}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.torchserve import SERVER

CODE = "unarchivable-path"
SEVERITY = Severity.ERROR

# read: model_packaging_utils.py of torch-model-archiver 0.12.0, copy_artifacts
_SPECIAL = r"[,*?\[\]]"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each extra file with such a name."""
    if deployment.runtime.server != SERVER.name:
        return
    for index, path in enumerate(deployment.model.extra_files):
        if match := re.search(_SPECIAL, path):
            yield _unarchivable(index, path, character=match[0])


def _unarchivable(index: int, path: str, *, character: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} can't be named to the archiver",
        Label(("model", "extraFiles", index), f"it gives `{character}` a meaning of its own"),
        help=f"rename the file to one without `{character}`; two files are two items of the list",
    )
