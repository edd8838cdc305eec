"""What a Python file defines, read from its text: user code is never imported."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from servespec.records import dataclass

if TYPE_CHECKING:
    import ast

# Blocks that do not run, or not in a server.
_ASIDE = ("TYPE_CHECKING", "__name__")


@dataclass(frozen=True, slots=True)
class Class:
    """A class at the top of a file."""

    name: str
    line: int
    needs_arguments: bool
    """Whether its own constructor can't be called without arguments."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file defines at its top; or, with `broken`, the line at which it stops being Python."""

    classes: tuple[Class, ...] = ()
    functions: frozenset[str] = frozenset()
    broken: int | None = None


@lru_cache(maxsize=32)
def outline(text: str) -> Outline:
    """The outline of a file with this text."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python would print what it thinks of `"\d"`
            return _outline(text)
    except SyntaxError as failure:
        return Outline(broken=failure.lineno or 1)
    except (ValueError, RecursionError, MemoryError):  # NUL, or nested beyond what a parser can take
        return Outline(broken=1)


def _outline(text: str) -> Outline:
    import ast  # start-up: only for specs that name code

    statements = list(_statements(ast.parse(text).body))
    classes = {node.name: _class(node) for node in statements if isinstance(node, ast.ClassDef)}
    functions = frozenset(n.name for n in statements if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return Outline(tuple(classes.values()), functions)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a file that run when it is imported, those in conditions included."""
    import ast

    for node in body:
        yield node
        if isinstance(node, ast.If) and any(name in ast.dump(node.test) for name in _ASIDE):
            yield from _statements(node.orelse)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            for block in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(node, block, []))
            for handler in getattr(node, "handlers", []):
                yield from _statements(handler.body)


def _class(node: ast.ClassDef) -> Class:
    import ast

    inits = (n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__")
    return Class(node.name, node.lineno, any(_wants(init.args) for init in inits))


def _wants(arguments: ast.arguments) -> bool:
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return positional > 1 or any(default is None for default in arguments.kw_defaults)
