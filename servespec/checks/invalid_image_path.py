"""A file is to go to a place in the image that is no place for it.

The target is an absolute path without `..`. What the emitted Dockerfile puts into the image, and the system's devices
and processes, can't be written over.

Bad:
```yaml
image: {requirements: requirements.txt, files: [{source: ./lookup, target: lookup}]}
```
Good:
```yaml
image: {requirements: requirements.txt, files: [{source: ./lookup, target: /opt/lookup}]}
```
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.image import own_folders

CODE = "invalid-image-path"
SEVERITY = Severity.ERROR

_SYSTEM = ("/dev", "/proc", "/sys", "/run", "/tmp")
"""What a container gets anew at its start: nothing that the image has there is ever seen."""
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each target that can't be one."""
    ours = own_folders(deployment.runtime.server)
    for index, file in enumerate(deployment.image.files):
        path = posixpath.normpath(f"/{file.target.lstrip('/')}")  # by itself normpath keeps two slashes at the start
        if not file.target.startswith("/") or ".." in file.target.split("/") or re.search(_CONTROL, file.target):
            yield _no_path(index, file.target)
        elif path.strip("/") == "":
            yield _root(index)
        elif _below(path, _SYSTEM):
            yield _hidden(index, path)
        elif _below(path, ours):
            yield _ours(index, path)


def _below(path: str, folders: tuple[str, ...]) -> bool:
    return path in folders or path.startswith(tuple(f"{folder}/" for folder in folders))


def _no_path(index: int, target: str) -> Diagnostic:
    near = typed(posixpath.normpath(re.sub(r"[^A-Za-z0-9._/-]", "-", target)).lstrip("./").removeprefix("opt/"))
    return error(
        CODE,
        f"{shown(target)} is not an absolute path",
        Label(("image", "files", index, "target"), "starts with `/`, without `..` and `\\`"),
        help=f"write `/opt/{near or 'lookup'}`",
    )


def _root(index: int) -> Diagnostic:
    return error(
        CODE,
        "files can't replace `/`",
        Label(("image", "files", index, "target"), "the root of the image"),
        help="name a folder, such as `/opt/lookup`",
    )


def _hidden(index: int, path: str) -> Diagnostic:
    return error(
        CODE,
        f"nothing in {shown(path)} is seen at run time",
        Label(("image", "files", index, "target"), "a container gets this folder anew at its start"),
        help=f"write `/opt{typed(path) or '/lookup'}`",
    )


def _ours(index: int, path: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} belongs to the image itself",
        Label(("image", "files", index, "target"), "a folder that the emitted Dockerfile fills"),
        help="name a folder of your own, such as `/opt/lookup`",
    )
