"""The mutants of a module: each a place, what stands there, and what is put there instead."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from trust.mutation import changes

_LONGEST = 60
# What only the makers of servespec read: checks keep users from meeting these.
_OURS = ("Unwritable", "ValueError", "TypeError", "RuntimeError")
_DECLARED = (ast.Import, ast.ImportFrom, ast.Assert, ast.Global, ast.Nonlocal)


@dataclass(frozen=True)
class Mutant:
    """One mutation of a module."""

    module: str
    scope: str
    """The function or method; for what stands outside of them, the names that are assigned."""
    change: str
    """What stood there, and what stands there now."""
    lines: tuple[int, int]
    """The first and the last line of the statement."""
    at: tuple[ast.AST, str, int | None]
    """The node, its field, and which of that field's list."""
    instead: ast.AST
    number: int = 1
    """Which of those that look alike in one scope."""
    outside: bool = False
    """Whether it stands outside of any function."""

    @property
    def key(self) -> str:
        """A name that lasts while other lines of the module change."""
        return f"{self.module} {self.scope}: {self.change}" + (f" ({self.number})" if self.number > 1 else "")

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The tree that the mutant was found in has it."""
        node, field, index = self.at
        place = getattr(node, field)
        if index is None:
            setattr(node, field, self.instead)
        else:
            old, place[index] = place[index], self.instead
        try:
            yield
        finally:
            if index is None:
                setattr(node, field, place)
            else:
                place[index] = old


def mutants(module: str, tree: ast.Module) -> Iterator[Mutant]:
    """All mutants of a module, in the order of its lines."""
    seen: Counter[tuple[str, str]] = Counter()
    for mutant in _Walk(module).body(tree, "body", scope=""):
        seen[mutant.scope, mutant.change] += 1
        yield replace(mutant, number=seen[mutant.scope, mutant.change])


class _Walk:
    """One way through a module."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._statement: ast.stmt = ast.Pass()
        self._scope = ""
        self._outside = True

    def body(self, parent: ast.AST, field: str, *, scope: str) -> Iterator[Mutant]:
        """The mutants of a list of statements."""
        for index, statement in enumerate(getattr(parent, field)):
            if isinstance(statement, ast.ClassDef):
                yield from self._class(statement, scope=f"{scope}{statement.name}.")
            elif isinstance(statement, ast.FunctionDef):
                # One that is made in another one is a part of that.
                yield from self._function(statement, scope=scope if not self._outside else f"{scope}{statement.name}")
            elif not self._is_idle(statement):
                yield from self._of(statement, (parent, field, index), scope=scope)

    def _class(self, node: ast.ClassDef, *, scope: str) -> Iterator[Mutant]:
        # What stands between methods is made once, when the class is: a loaded class does not follow it.
        methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
        for method in methods:
            yield from self._function(method, scope=f"{scope}{method.name}")

    def _function(self, node: ast.FunctionDef, *, scope: str) -> Iterator[Mutant]:
        outer, self._outside = self._outside, False
        yield from self.body(node, "body", scope=f"{scope}")
        self._outside = outer

    def _of(self, statement: ast.stmt, at: tuple[ast.AST, str, int], *, scope: str) -> Iterator[Mutant]:
        self._statement, self._scope = statement, scope or _assigned(statement)
        if not self._outside:
            yield from (self._mutant(at, statement, instead) for instead in changes.of_statement(statement))
        if isinstance(statement, ast.Raise) and ast.unparse(statement).removeprefix("raise ").startswith(_OURS):
            return
        for field, value in ast.iter_fields(statement):
            if field == "annotation":
                continue
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield from self.body(statement, field, scope=scope)
                self._statement, self._scope = statement, scope or _assigned(statement)
            else:
                yield from self._field(statement, field, value)

    def _field(self, parent: ast.AST, field: str, value: object) -> Iterator[Mutant]:
        for index, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(item, ast.ExceptHandler | ast.match_case):
                yield from self.body(item, "body", scope=self._scope)
            elif isinstance(item, ast.AST):
                yield from self._expression(item, (parent, field, index))

    def _expression(self, node: ast.AST, at: tuple[ast.AST, str, int | None]) -> Iterator[Mutant]:
        if isinstance(node, ast.expr):
            yield from (self._mutant(at, node, instead) for instead in changes.of_expression(node))
            if isinstance(node, ast.FormattedValue):
                yield self._mutant(at, node, ast.Constant(""))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and self._is_pattern():
                yield from (self._mutant(at, node, ast.Constant(other)) for other in _valid(node.value))
        if isinstance(node, ast.comprehension):
            for index, condition in enumerate(node.ifs):
                yield self._mutant((node, "ifs", index), condition, ast.Constant(True))
        for field, value in ast.iter_fields(node):
            if field != "format_spec" and not _is_type(node, field):
                yield from self._field(node, field, value)

    def _is_pattern(self) -> bool:
        return self._outside or "re." in ast.unparse(self._statement)

    def _is_idle(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Expr(value=ast.Constant()):
                return True
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                return True
            case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")):
                return True
            case ast.Assign(targets=[ast.Name(id="__all__")]):
                return True
        return isinstance(statement, _DECLARED)

    def _mutant(self, at: tuple[ast.AST, str, int | None], node: ast.AST, instead: ast.AST) -> Mutant:
        ast.copy_location(instead, node)
        ast.fix_missing_locations(instead)
        last = self._statement.end_lineno or self._statement.lineno
        if (inner := getattr(self._statement, "body", None)) and isinstance(inner, list):
            last = min(last, max(self._statement.lineno, inner[0].lineno - 1))
        lines = (self._statement.lineno, last)
        change = f"{_shown(node)} → {_shown(instead)}"
        return Mutant(self._module, self._scope, change, lines, at, instead, outside=self._outside)


def _is_type(node: ast.AST, field: str) -> bool:
    """Whether it is what only type checkers read: the first thing that `cast` is given."""
    return field == "args" and isinstance(node, ast.Call) and ast.unparse(node.func) == "cast"


def _valid(pattern: str) -> Iterator[str]:
    for other in changes.of_pattern(pattern):
        try:
            re.compile(other)
        except re.error:
            continue
        yield other


def _assigned(statement: ast.stmt) -> str:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return ", ".join(ast.unparse(target) for target in targets if target is not None)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).partition(":\n")[0].split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 20]} … {text[-17:]}"


def read(path: Path) -> ast.Module:
    """The tree of a module's source."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))
