"""A Python file has a name by which the server can't import it.

TorchServe puts the files of an archive into one folder and imports the model's and the handler's by the name of the
file. A name with a dot in it means a package, and that of a module which is loaded already gives that module.

Bad:
```yaml
model: {handler: {file: json.py}}
```
Good:
```yaml
model: {handler: {file: model/handler.py}}
```
"""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterator

from servespec.checks.python_roles import PythonRole, python_roles
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "unimportable-file"
SEVERITY = Severity.ERROR

_LOADED = frozenset({"numpy", "PIL", "psutil", "torch", "ts", "yaml"}) | sys.stdlib_module_names
"""What a worker has imported before it comes to a model's own files (read: TorchServe 0.12.0, ts/)."""


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each Python file of the model whose name is in the way."""
    for role in python_roles(deployment, facts):
        name, suffix = posixpath.splitext(posixpath.basename(role.fact.path))
        if suffix == ".py" and (name in _LOADED or not name.isidentifier()):
            yield _unimportable(role, name)


def _unimportable(role: PythonRole, name: str) -> Diagnostic:
    taken = name in _LOADED
    return error(
        CODE,
        f"{shown(role.fact.path)} can't be imported by its name",
        Label(role.at, f"{shown(name)} is a module of the server's" if taken else "not the name of a Python module"),
        help=f"rename the file, as in `{role.role}.py`",
    )
