"""A file of the model has a name that the archiver, or the server, takes for something else.

`torch-model-archiver` gets its extra files as one argument: a comma separates two of them, and `*`, `?` and `[` make
a pattern. MLServer reads the path of its model as an address, which ends at `#`, `?` or `;`.

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

import posixpath
import re
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.layout import model_file
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.torchserve import SERVER

CODE = "unarchivable-path"
SEVERITY = Severity.ERROR

# read: model_packaging_utils.py of torch-model-archiver 0.12.0, copy_artifacts
_SPECIAL = r"[,*?\[\]]"
# ran: get_model_uri of mlserver 1.7.1, by urllib.parse.urlparse
_ADDRESS = r"[#?;]"
_READS_ADDRESSES = ("mlserver", "onnxruntime")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model's file and each extra file, when it has such a name."""
    if deployment.runtime.server in _READS_ADDRESSES:
        name = posixpath.basename(model_file(deployment.model, facts))
        if match := re.search(_ADDRESS, name):
            yield _address(name, character=match[0])
    if deployment.runtime.server != SERVER.name:
        return
    for index, path in enumerate(deployment.model.extra_files):
        if match := re.search(_SPECIAL, path):
            yield _unarchivable(index, path, character=match[0])


def _unarchivable(index: int, path: str, *, character: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} can't be passed to the archiver",
        Label(("model", "extraFiles", index), f"it gives `{character}` a meaning of its own"),
        help=f"rename the file to one without `{character}`; two files are two items of the list",
    )


def _address(name: str, *, character: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name)} can't be passed to the server",
        Label(("model", "uri"), f"its path would end at `{character}`"),
        help=f"rename the file to one without `{character}`",
    )
