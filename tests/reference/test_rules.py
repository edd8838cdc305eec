"""The pages of rules: all of them, found without running any."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import servespec
from servespec.checks.registry import FROM_TARGETS, severities
from servespec.reference.rules import Rule, rules

_PACKAGE = Path(servespec.__file__).parent


def _said() -> Iterator[str]:
    """Every code that some call of `error` or `warning` in the package says."""
    for path in _PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            match call:
                case ast.Call(func=ast.Name(id="error" | "warning"), args=[ast.Constant(value=str() as code), *_]):
                    yield code


def test_warnings_of_targets_may_be_suppressed() -> None:
    """A warning that comes of a target's options can be accepted like any other."""
    found = {
        call.args[0].value
        for path in (_PACKAGE / "targets").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "warning"
        if isinstance(call.args[0], ast.Constant)
    }
    assert found == set(FROM_TARGETS)


def test_no_rule_is_missed() -> None:
    """Every code that servespec can say has a page, wherever its message is made."""
    said = set(_said())
    assert len(said) > 40
    assert said - rules().keys() == set()


def test_severities_are_those_of_the_registry() -> None:
    """The reference and the compiler know the same rules, equally bad."""
    assert len(severities()) > 40
    assert {code: rules()[code].severity for code in severities()} == dict(severities())


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.code)
def test_a_page_explains(rule: Rule) -> None:
    """A page begins with a sentence, and shows what is bad and what is good, each in a fence of its own."""
    assert re.match(r"[A-Z`][^\n]*[.:,\w]", rule.page)
    assert re.findall(r"^(Bad|Good):\n```yaml\n", rule.page, re.MULTILINE) == ["Bad", "Good"]
    assert rule.page.count("```") == 4
