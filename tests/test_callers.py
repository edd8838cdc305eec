"""Nothing of the package is there for its tests alone: what is public has a caller in the package."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = Path(__file__).parents[1] / "servespec"
_MODULES = {
    path.relative_to(_PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(_PACKAGE.rglob("*.py"))
    if "_data" not in path.relative_to(_PACKAGE).parts
}
_BY_NAME = re.compile(r"[\w.]+:\w+")


def _public(body: list[ast.stmt]) -> Iterator[str]:
    """The functions of a module, and of its classes what does not answer to a base: all that have no underscore."""
    for node in body:
        match node:
            case ast.FunctionDef(name=name) if not name.startswith("_"):
                yield name
            case ast.ClassDef(name=name, bases=[], body=inner) if not name.startswith("_"):
                yield from _public(inner)


def _named(module: ast.Module) -> Iterator[str]:
    """Every name that is read, and the functions that are found by text: `module:function`."""
    for node in ast.walk(module):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                yield name
            case ast.Constant(value=str() as text) if _BY_NAME.fullmatch(text):
                yield text.partition(":")[2]


def test_what_is_public_has_a_caller() -> None:
    """A function that only tests would call proves a thing that nobody is given."""
    named = {name for module in _MODULES.values() for name in _named(module)}
    public = [(path, name) for path, module in _MODULES.items() for name in _public(module.body)]
    assert len(public) > 1000
    assert [f"{path}: {name}" for path, name in public if name not in named] == []
