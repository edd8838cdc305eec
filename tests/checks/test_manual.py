"""The manual of every rule: its page is there, and its examples do what they say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
import yaml

from servespec.checks.registry import RULES
from servespec.diagnostics.types import Diagnostic
from servespec.edge.gather import gather
from servespec.pipeline import World
from tests.projects import analyse_text

_PROJECT = Path(__file__).parents[1] / "cases" / "_project"
_GOOD = """
apiVersion: servespec/v1
name: fraud-detector
pattern: realtime
model: {format: pytorch, uri: ./model}
image: {requirements: requirements.txt}
"""
_MODULES = cast("tuple[ModuleType, ...]", tuple(RULES.values()))
_EXAMPLE = r"^{}:\n```yaml\n(.*?)^```$"


def _example(rule: ModuleType, kind: str) -> str:
    match = re.search(_EXAMPLE.format(kind), rule.__doc__ or "", re.MULTILINE | re.DOTALL)
    assert match, f"{rule.__name__} has no {kind} example"
    return match[1]


@cache
def _findings(example: str) -> tuple[Diagnostic, ...]:
    """What is found in a good spec whose blocks have the example's fields laid over them."""
    spec: dict[str, Any] = yaml.safe_load(_GOOD)
    for block, given in yaml.safe_load(example).items():
        kept = spec.get(block)
        spec[block] = {**kept, **given} if isinstance(kept, dict) and isinstance(given, dict) else given
    text = yaml.safe_dump(spec, sort_keys=False, default_style='"')
    text = re.sub(r'!!(?:int|float|bool|null) "([^"]*)"', r"\1", text)
    analysis = analyse_text(text.encode(), World(lambda paths: gather(_PROJECT, paths), "2026-11-23"))
    return analysis.report.diagnostics


@pytest.mark.parametrize("rule", _MODULES, ids=lambda rule: rule.CODE)
def test_a_bad_example_has_the_problem(rule: ModuleType) -> None:
    """What a page shows as bad is found by its rule, with the severity that the rule declares."""
    found = _findings(_example(rule, "Bad"))
    codes = {item.code for item in found}
    assert rule.CODE in codes
    assert {item.severity for item in found if item.code == rule.CODE} == {rule.SEVERITY}


@pytest.mark.parametrize("rule", _MODULES, ids=lambda rule: rule.CODE)
def test_a_good_example_has_no_problem(rule: ModuleType) -> None:
    """What a page shows as good is free of every error, and of what the rule is about."""
    found = _findings(_example(rule, "Good"))
    assert [item for item in found if item.severity == "error" or item.code == rule.CODE] == []


@pytest.mark.parametrize("rule", _MODULES, ids=lambda rule: rule.CODE)
def test_a_page_can_be_found(rule: ModuleType) -> None:
    """A rule's module is called like its code, and its page opens with one sentence."""
    assert rule.__name__.rpartition(".")[2].replace("_", "-") == rule.CODE
    first, second, *_ = (rule.__doc__ or "").splitlines()
    assert first.endswith(".")
    assert second == ""


def test_every_rule_is_registered() -> None:
    """A module of a rule that the registry does not hold would never run."""
    folder = Path(cast("str", _MODULES[0].__file__)).parent
    written = {path.stem for path in folder.glob("*.py") if re.search(r"^CODE = ", path.read_text(), re.MULTILINE)}
    assert written == {rule.__name__.rpartition(".")[2] for rule in _MODULES}
    assert len(RULES) == len({rule.CODE for rule in _MODULES})


def test_headlines_are_short() -> None:
    """A headline stands on one line of any terminal, and starts with no capital but a name's."""
    for rule in _MODULES:
        for item in _findings(_example(rule, "Bad")):
            assert len(item.headline) <= 72, item.headline
