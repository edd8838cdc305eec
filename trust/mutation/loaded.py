"""A module that is loaded, changed as if it had been written otherwise."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import CodeType, FunctionType, ModuleType
from typing import Any

from trust.mutation.mutants import Mutant, mutants, read

Scope = tuple[str, int]
"""A function's qualified name, and the line on which its code starts."""


class Loaded:
    """One module with its mutants."""

    def __init__(self, name: str) -> None:
        self.module = import_module(name)
        self.path = Path(str(self.module.__file__))
        self._tree = read(self.path)
        self._functions = {_scope(held.function.__code__): held for held in _held(self.module, self.module.__name__)}
        self.mutants = tuple(mutants(name, self._tree))
        known = {scope for scope, _ in self._functions}
        if lost := {mutant.scope for mutant in self.mutants if not mutant.outside} - known:
            raise LookupError(f"functions of {name} that are not found in it: {lost}")

    def put(self, mutant: Mutant) -> bool:
        """Whether anything changed: the module behaves like its mutant, also for those who imported from it."""
        with mutant.planted():
            if mutant.outside:
                changed = self._assign(mutant)
            else:
                changed = self._replace(compile(self._tree, str(self.path), "exec", dont_inherit=True))
        for clear in _caches(self.module):
            clear()
        return changed

    def names(self, mutant: Mutant) -> set[str]:
        """The names that are assigned where the mutant stands, and those that are made of them."""
        return {name for statement in self._following(mutant) for name in _targets(statement)}

    def _replace(self, whole: CodeType) -> bool:
        replaced = 0
        for code in _codes(whole):
            held = self._functions.get(_scope(code))
            if held is not None and code != held.function.__code__:
                held.put(code)
                replaced += 1
        return replaced > 0

    def _assign(self, mutant: Mutant) -> bool:
        before = dict(vars(self.module))
        statements = self._following(mutant)
        exec(compile(ast.Module(statements, []), str(self.path), "exec", dont_inherit=True), vars(self.module))
        for name in self.names(mutant):
            for module in tuple(sys.modules.values()):
                # Whoever has imported it holds the same thing under the same name.
                if name in before and getattr(module, "__dict__", {}).get(name) is before[name]:
                    setattr(module, name, vars(self.module)[name])
        return True

    def _following(self, mutant: Mutant) -> list[ast.stmt]:
        """The assignment with the mutant, and those after it that use its names."""
        found: list[ast.stmt] = []
        names: set[str] = set()
        for statement in self._tree.body:
            here = statement.lineno == mutant.lines[0]
            if here or (isinstance(statement, ast.Assign | ast.AnnAssign) and names & _used(statement)):
                found.append(statement)
                names.update(_targets(statement))
        return found


def modules(package: str) -> Iterator[str]:
    """The names of a package and of all that is in it; of a module, its own."""
    yield package
    folder = getattr(import_module(package), "__path__", ())
    yield from sorted(found.name for found in walk_packages(folder, f"{package}."))


@dataclass(frozen=True)
class _Held:
    """A function, and how another one takes its place where its owner keeps it."""

    function: FunctionType
    owner: type | ModuleType
    name: str
    wrap: Callable[[FunctionType], object] | None

    def put(self, code: CodeType) -> None:
        old = self.function
        if code.co_freevars == old.__code__.co_freevars:
            old.__code__ = code
            return
        cells = dict(zip(old.__code__.co_freevars, old.__closure__ or (), strict=True))
        made = FunctionType(
            code, old.__globals__, old.__name__, old.__defaults__, tuple(cells[n] for n in code.co_freevars)
        )
        made.__kwdefaults__ = old.__kwdefaults__
        setattr(self.owner, self.name, self.wrap(made) if self.wrap else made)


def _held(owner: type | ModuleType, module: str) -> Iterator[_Held]:
    for name, value in tuple(vars(owner).items()):
        if isinstance(value, type):
            if value.__module__ == module and value is not owner:
                yield from _held(value, module)
            continue
        function, wrap = _unwrapped(value)
        if isinstance(function, FunctionType) and function.__module__ == module:
            yield _Held(function, owner, name, wrap)


def _unwrapped(value: Any) -> tuple[Any, Callable[[FunctionType], object] | None]:
    """What stands behind a decorator, and what makes the same of another function."""
    if isinstance(value, property):
        return value.fget, property
    if isinstance(value, classmethod | staticmethod):
        return value.__func__, type(value)
    return inspect.unwrap(value) if callable(value) else value, None


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _scope(code: CodeType) -> Scope:
    return code.co_qualname, code.co_firstlineno


def _caches(module: ModuleType) -> Iterator[Callable[[], None]]:
    return (value.cache_clear for value in vars(module).values() if hasattr(value, "cache_clear"))


def _targets(statement: ast.stmt) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    for target in targets:
        yield from (node.id for node in ast.walk(target or ast.Pass()) if isinstance(node, ast.Name))


def _used(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
