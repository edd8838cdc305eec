"""The handler's file does not hold the one class, or function, that the server takes from it.

TorchServe imports the file and takes a function called `handle`, if there is one; else its only class. A second class,
be it a helper, is one too many. Classes that are imported do not count.

Bad:
```yaml
model: {handler: {file: model/handler.py, className: FraudHandlr}}
```
Good:
```yaml
model: {handler: {file: model/handler.py, className: FraudHandler}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.python_file import Outline, outline
from servespec.checks.python_roles import PythonRole, python_roles
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import closest
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.torchserve import SERVER

CODE = "handler-class"
SEVERITY = Severity.ERROR

_FUNCTION = "handle"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with the handler's class."""
    if deployment.runtime.server != SERVER.name:
        return
    handler = deployment.model.handler
    named = handler.class_name if handler else None
    for role in python_roles(deployment, facts):
        if role.role == "handler" and role.fact.text is not None:
            yield from _examine(role, outline(role.fact.text), named=named)


def _examine(role: PythonRole, found: Outline, *, named: str | None) -> Iterator[Diagnostic]:
    classes = tuple(item.name for item in found.classes)
    if found.broken is not None:
        return
    if _FUNCTION in found.functions:
        if named is not None:
            yield _function_wins(role)
    elif named is not None and named not in classes:
        yield _not_there(named, role.fact.path, near=closest(named, classes))
    elif not classes:
        yield _none(role)
    elif len(classes) > 1:
        yield _several(role, classes)
    elif found.classes[0].needs_arguments:
        yield _arguments(role, classes[0])


def _function_wins(role: PythonRole) -> Diagnostic:
    return error(
        CODE,
        "the handler's class is never used",
        Label(("model", "handler", "className"), f"a function `handle` of {shown(role.fact.path)} comes first"),
        help="remove the function, or leave `className` out",
    )


def _not_there(name: str, path: str, *, near: str | None) -> Diagnostic:
    return error(
        CODE,
        f"there is no class {shown(name)} in the handler",
        Label(("model", "handler", "className"), f"not at the top of {shown(path)}"),
        help=f"did you mean {shown(near)}?" if near else f"define it in {shown(path)}, or leave `className` out",
    )


def _none(role: PythonRole) -> Diagnostic:
    return error(
        CODE,
        f"{shown(role.fact.path)} holds no handler",
        Label(role.at, "no class and no function `handle` at its top"),
        help="derive a class from `BaseHandler` of `ts.torch_handler.base_handler` there",
    )


def _several(role: PythonRole, names: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"{shown(role.fact.path)} has {len(names)} classes, not one",
        Label(role.at, "it has " + ", ".join(shown(name) for name in names[:4])),
        help="keep the handler there, and import the others from a file of `extraFiles`",
    )


def _arguments(role: PythonRole, name: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name)} can't be made without arguments",
        Label(role.at, f"the server calls {shown(f'{name}()')}, as {shown(role.fact.path)} defines it"),
        help="give every argument of `__init__` a default",
    )
