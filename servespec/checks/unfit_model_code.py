"""The model's Python file is not what the server can make a model from.

TorchServe imports the file, takes its only class and calls it without arguments. With two classes, none, or a
constructor that wants something, every worker fails. Classes that are imported do not count.

Bad:
```yaml
model: {uri: ./model/model.pt, code: helpers.py}
```
Good:
```yaml
model: {uri: ./model/model.pt, code: model/model.py}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.python_file import outline
from servespec.checks.python_roles import PythonRole, python_roles
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.torchserve import SERVER

CODE = "unfit-model-code"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model's file, when the server can't use it."""
    if deployment.runtime.server != SERVER.name:
        return
    for role in python_roles(deployment, facts):
        if role.role == "model" and role.fact.text is not None:
            found = outline(role.fact.text)
            if found.broken is None and len(found.classes) != 1:
                yield _count(role, tuple(item.name for item in found.classes))
            elif found.broken is None and found.classes[0].needs_arguments:
                yield _arguments(role, found.classes[0].name)


def _count(role: PythonRole, names: tuple[str, ...]) -> Diagnostic:
    if not names:
        label, help_ = "no class at the top of that file", "put the model's class into it"
    else:
        label = "it has " + ", ".join(shown(name) for name in names[:4])
        help_ = "keep the model's class there, and import the others from a file of `extraFiles`"
    return error(
        CODE,
        f"{shown(role.fact.path)} must hold one class, not {len(names) or 'none'}",
        Label(role.at, label),
        help=help_,
    )


def _arguments(role: PythonRole, name: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name)} can't be made without arguments",
        Label(role.at, f"the server calls {shown(f'{name}()')}, as {shown(role.fact.path)} defines it"),
        help="give every argument of `__init__` a default",
    )
