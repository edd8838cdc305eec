"""Reads Python back: the template's statements, and in place of each hole a literal with the right value."""

from __future__ import annotations

import ast
from functools import lru_cache

from servespec.artifacts import Content
from servespec.emit.shape import HOLE, Shape, holes
from servespec.verify.compare import Difference, Unreadable, shape_of


def check(content: Content) -> Difference | None:
    """The first statement that is not the template's with each value as a literal."""
    shape, text = shape_of(content), content.text
    before, after = _around_holes(shape.neutral)
    if text.startswith(before) and text.endswith(after) and len(before) + len(after) <= len(text):
        # Whole statements of the template, letter by letter: nothing but what stands between them need be parsed.
        inner = _inner(shape.neutral, before, after), _inner(text, before, after)
        if _difference(*inner, shape) is None:
            return None
    return _difference(shape.neutral, text, shape)


def _difference(expected_text: str, found_text: str, shape: Shape) -> Difference | None:
    neutral, tree = _read_neutral(expected_text), read(found_text)
    if len(neutral.body) != len(tree.body):
        return Difference("", f"{len(neutral.body)} statements", f"{len(tree.body)} statements")
    used: set[int] = set()
    source, found = expected_text.split("\n"), found_text.split("\n")
    for expected, statement in zip(neutral.body, tree.body, strict=True):
        # The same text is the same statement: only one with a hole need be compared node by node.
        written = _lines(expected, source)
        if HOLE not in "\n".join(written) and written == _lines(statement, found):
            continue
        if there := _compare(expected, statement, shape, used):
            return there
    missing = [value for number, value in enumerate(shape.values) if number not in used]
    return Difference("", f"a place for {missing[0]}", "none that Python reads") if missing else None


def read(text: str) -> ast.Module:
    """The module."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"no Python: {error}") from error


_read_neutral = lru_cache(maxsize=256)(read)


@lru_cache(maxsize=256)
def _around_holes(neutral: str) -> tuple[str, str]:
    """The template's text before its first statement with a hole, and after its last."""
    lines = neutral.split("\n")
    held = [item for item in _read_neutral(neutral).body if HOLE in "\n".join(_lines(item, lines))]
    if not held:
        return neutral, ""
    before = "".join(f"{line}\n" for line in lines[: _start(held[0]) - 1])
    return before, "".join(f"\n{line}" for line in lines[held[-1].end_lineno :])


def _inner(text: str, before: str, after: str) -> str:
    return text[len(before) : len(text) - len(after)]


def _compare(expected: object, found: object, shape: Shape, used: set[int]) -> Difference | None:
    if isinstance(expected, ast.Constant) and isinstance(expected.value, str) and HOLE in expected.value:
        return _literal(expected.value, found, shape, used)
    if type(expected) is not type(found):
        return Difference(_line(found), _show(expected), _show(found))
    if isinstance(expected, ast.AST) and isinstance(found, ast.AST):
        fields = ((getattr(expected, name, None), getattr(found, name, None)) for name in expected._fields)
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        fields = ((one, other) for one, other in zip(expected, found, strict=True))
    else:
        return None if expected == found else Difference("", _show(expected), _show(found))
    return next((there for one, other in fields if (there := _compare(one, other, shape, used))), None)


def _literal(hole: str, found: object, shape: Shape, used: set[int]) -> Difference | None:
    numbers = list(holes(hole))
    used.update(numbers)
    try:
        value = repr(ast.literal_eval(found)) if isinstance(found, ast.expr) else _show(found)
    except (ValueError, TypeError):
        value = _show(found)
    expected = shape.values[numbers[0]] if len(numbers) == 1 and numbers[0] < len(shape.values) else hole
    return None if value == expected else Difference(_line(found), expected, value)


def _lines(statement: ast.stmt, source: list[str]) -> list[str]:
    return source[_start(statement) - 1 : statement.end_lineno]


def _start(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _line(node: object) -> str:
    return f"line {node.lineno}" if isinstance(node, ast.stmt | ast.expr) else ""


def _show(node: object) -> str:
    return ast.dump(node) if isinstance(node, ast.AST) else repr(node)
