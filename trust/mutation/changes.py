"""What a mutation puts in the place of a piece of Python: small mistakes that a person could have made."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_CALLED = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "startswith": "endswith",
    "endswith": "startswith",
    "fullmatch": "match",
    "search": "match",
    "match": "fullmatch",
    "partition": "rpartition",
    "rpartition": "partition",
    "strip": "lstrip",
    "removeprefix": "removesuffix",
    "removesuffix": "removeprefix",
    "sorted": "list",
    "lower": "upper",
}
# One thing within the brackets of a pattern: a character, an escape, or a range of them.
_CHARACTER = r"(?:\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)|[^\\\]])"
_CLASS = re.compile(rf"(\[\^?)(\]?(?:{_CHARACTER})+)(\])", re.DOTALL)
_MEMBER = re.compile(rf"{_CHARACTER}(?:-{_CHARACTER})?", re.DOTALL)
_REPEATED = re.compile(r"(?<=[\])])[*+?]")
_REPEATS = {"*": "+", "+": "*", "?": ""}


def of_expression(node: ast.expr) -> Iterator[ast.expr]:
    """What may stand in the place of an expression."""
    match node:
        case ast.Compare():
            yield from _of_comparison(node)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            yield from node.values
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp(op=operator) if type(operator) in _COMPUTED and not _is_text(node):
            yield ast.BinOp(node.left, _COMPUTED[type(operator)](), node.right)
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.Call():
            yield from _of_call(node)
        case ast.Slice():
            yield from _of_slice(node)
        case ast.Constant():
            yield from map(ast.Constant, _of_value(node.value))


def of_statement(node: ast.stmt) -> Iterator[ast.stmt]:
    """What may stand in the place of a statement."""
    match node:
        case ast.Expr() | ast.Raise() | ast.AugAssign() | ast.Delete():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Break() | ast.Continue():
            yield ast.Pass()
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.If():
            yield from (ast.If(ast.Constant(forced), node.body, node.orelse) for forced in (True, False))
        case ast.While() if not isinstance(node.test, ast.Constant):
            yield ast.While(ast.Constant(False), node.body, node.orelse)
        case ast.With() if all(item.optional_vars is None for item in node.items):
            yield ast.If(ast.Constant(True), node.body, [])
        case ast.Try(finalbody=[]):
            yield ast.If(ast.Constant(True), [*node.body, *node.orelse], [])


def of_pattern(pattern: str) -> Iterator[str]:
    """What may stand in the place of a regular expression: each class without one of its members, other repetitions."""
    for found in _CLASS.finditer(pattern):
        members = [member.span() for member in _MEMBER.finditer(pattern, *found.span(2))]
        yield from (pattern[:start] + pattern[end:] for start, end in members if len(members) > 1)
    for found in _REPEATED.finditer(pattern):
        yield pattern[: found.start()] + _REPEATS[found[0]] + pattern[found.end() :]


def _of_comparison(node: ast.Compare) -> Iterator[ast.expr]:
    for place, operator in enumerate(node.ops):
        for other in _COMPARED[type(operator)]:
            yield ast.Compare(node.left, [*node.ops[:place], other(), *node.ops[place + 1 :]], node.comparators)


def _of_slice(node: ast.Slice) -> Iterator[ast.expr]:
    if node.lower:
        yield ast.Slice(upper=node.upper, step=node.step)
    if node.upper:
        yield ast.Slice(lower=node.lower, step=node.step)


def _of_call(node: ast.Call) -> Iterator[ast.expr]:
    for place, keyword in enumerate(node.keywords):
        # What is a truth value is turned round instead.
        if keyword.arg and not (isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, bool)):
            yield ast.Call(node.func, node.args, [*node.keywords[:place], *node.keywords[place + 1 :]])
    match node.func:
        case ast.Name(id="sorted") if node.keywords:
            yield ast.Call(ast.Name("list", ast.Load()), node.args, [])
        case ast.Name(id=name) if name in _CALLED:
            yield ast.Call(ast.Name(_CALLED[name], ast.Load()), node.args, node.keywords)
        case ast.Attribute(value=value, attr=name) if name in _CALLED:
            yield ast.Call(ast.Attribute(value, _CALLED[name], ast.Load()), node.args, node.keywords)


def _of_value(value: object) -> Iterator[str | bytes | int | bool]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str | bytes) and value:
        yield type(value)()


def _is_text(node: ast.BinOp) -> bool:
    # Text has no minus: such a mutant dies at once and would say nothing.
    sides = (node.left, node.right)
    return any(isinstance(side, ast.JoinedStr | ast.List | ast.Tuple) or _is_string(side) for side in sides)


def _is_string(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
