"""A Python file of the model is not Python.

The files are parsed, never run. The server would start, fail to import the file, and try again until it gives up.

Bad:
```yaml
model: {handler: {file: broken/handler.py}}
```
Good:
```yaml
model: {handler: {file: model/handler.py}}
```
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from servespec.checks.python_file import outline
from servespec.checks.python_roles import PythonRole, python_roles
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "python-syntax"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each Python file of the model that can't be parsed."""
    for role in python_roles(deployment, facts):
        if role.fact.text is None and role.fact.path.endswith(".py"):
            yield _no_text(role)
        elif role.fact.text is not None and not _newer(deployment.image.python):
            line = outline(role.fact.text).broken
            if line is not None:
                yield _broken(role, line)


def _newer(python: str) -> bool:
    """Whether the image's Python may have a grammar that the one at hand does not know."""
    numbers = tuple(int(part) for part in python.split(".") if part.isascii() and part.isdigit())
    return numbers > sys.version_info[:2]


def _broken(role: PythonRole, line: int) -> Diagnostic:
    return error(
        CODE,
        f"{shown(role.fact.path)} is not valid Python",
        Label(role.at, f"the {role.role}'s code has a syntax error at line {line}"),
        help=f'`python -m py_compile "{role.fact.path}"` shows the place',
    )


def _no_text(role: PythonRole) -> Diagnostic:
    return error(
        CODE,
        f"{shown(role.fact.path)} is not valid Python",
        Label(role.at, f"the {role.role}'s code is not UTF-8 text, or larger than 1 MiB"),
        help="save it as UTF-8",
    )
