"""The rules with their manual pages: docstrings, read from the source without running it."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import servespec
from servespec.records import dataclass

MESSAGES = (
    "source/messages/*.py",
    "spec/messages/*.py",
    "deployment/*messages.py",
    "pipeline/*.py",
    "suppression.py",
    "targets/**/*.py",
)
"""Where functions make diagnostics: each is named like its code, and its docstring is the rule's page."""
CHECKS = "checks/*.py"
"""Where a module with a `CODE` is a rule: its docstring is the page."""

_SEVERITIES = ("error", "warning")
_EXAMPLE = re.compile(r"^(Bad|Good):\n(?=    )((?:(?:    .*)?\n)*    .*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, how bad breaking it is, and its page as Markdown."""

    code: str
    severity: str
    page: str


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code, in alphabetical order."""
    package = Path(servespec.__file__).parent
    found = [rule for pattern in MESSAGES for path in sorted(package.glob(pattern)) for rule in _messages(path)]
    found += [rule for path in sorted(package.glob(CHECKS)) for rule in _check(path)]
    return {rule.code: rule for rule in sorted(found, key=lambda rule: rule.code)}


def _messages(path: Path) -> Iterator[Rule]:
    for function in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
            code = function.name.replace("_", "-")
            for made, severity in _made(function):
                if made == code:
                    yield Rule(code, severity, _page(function))
                    break


def _check(path: Path) -> Iterator[Rule]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: statement.value
        for statement in module.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    code, severity = constants.get("CODE"), constants.get("SEVERITY")
    if isinstance(code, ast.Constant) and isinstance(severity, ast.Attribute):
        yield Rule(str(code.value), severity.attr.lower(), _page(module))


def _made(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Codes and severities of the diagnostics that some code makes."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _SEVERITIES:
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, call.func.id


def _page(node: ast.Module | ast.FunctionDef) -> str:
    """The docstring, with examples that are merely indented fenced as Markdown wants them."""
    what, _, rest = (ast.get_docstring(node, clean=False) or "").partition("\n")  # cleaned it would have no tabs
    return _EXAMPLE.sub(_fenced, f"{what}\n{textwrap.dedent(rest)}".strip())


def _fenced(match: re.Match[str]) -> str:
    return f"{match[1]}:\n```yaml\n{textwrap.dedent(match[2])}\n```"
