"""What `emit.jobs` writes, read as YAML and as GitHub reads expressions."""

from __future__ import annotations

import re

import pytest
import yaml

from servespec.emit import jobs


@pytest.mark.parametrize("value", ["plain", "a ${{ github.token }} b", "${{", "}}", "a: b", "$X", "'${{'"])
def test_github_puts_nothing_into_a_value(value: str) -> None:
    """Every expression that is left in it is a literal, and with those in their places the value is there again."""
    text = yaml.safe_load(jobs.github_scalar(value).text)
    assert re.sub(r"\$\{\{ '([^']*)' \}\}", r"\1", text) == value
    assert yaml.safe_load(jobs.scalar(value).text) == value


def test_names_are_looked_up() -> None:
    """An expression for GitHub, a variable for a shell."""
    assert jobs.github_expression("secrets.TOKEN").text == "${{ secrets.TOKEN }}"
    assert jobs.variable("CI_COMMIT_SHA").text == "$CI_COMMIT_SHA"
