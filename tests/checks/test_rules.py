"""What of the rules no case can show: choices that there are not yet, and disks that a test can't have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from servespec.checks import python_syntax, secret_literal, unfit_server, unreadable_file
from servespec.checks.registry import RULES
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Severity
from servespec.edge.gather import gather
from servespec.facts import Facts, FileFact, Kind
from servespec.pipeline import Analysis, World
from tests.projects import analyse_text

_PROJECT = Path(__file__).parents[1] / "cases" / "_project"
_SPEC = """
apiVersion: servespec/v1
name: fraud-detector
pattern: realtime
model: {format: pytorch, uri: ./model}
image: {requirements: requirements.txt}
"""


def _analyse(more: str = "") -> Analysis:
    world = World(lambda paths: gather(_PROJECT, paths), "2026-11-23")
    return analyse_text((_SPEC + more).encode(), world)


@pytest.fixture
def deployment() -> Deployment:
    """A deployment without a mistake."""
    found = _analyse().deployment
    assert found is not None
    return found


def test_a_format_that_the_server_cannot_serve(deployment: Deployment) -> None:
    """Both places are shown, and what the server can serve."""
    unfit = replace(deployment, model=replace(deployment.model, format="onnx"))
    (found,) = unfit_server.check(unfit, Facts())
    assert [label.at for label in found.labels] == [("runtime", "server"), ("model", "format")]
    assert "`pytorch`" in found.labels[0].message


def test_a_target_that_the_server_cannot_run_on(deployment: Deployment) -> None:
    """The target's key is the place, and the others are what to choose from."""
    (found,) = unfit_server.check(replace(deployment, targets=("compose", "airflow")), Facts())
    assert found.labels[0].at == ("targets", "airflow")
    assert "`compose`" in found.help
    of_a_package = replace(deployment, targets=("compose", "nomad"))  # which knows itself where its servers run
    assert list(unfit_server.check(of_a_package, Facts())) == []


def test_a_file_that_this_user_may_not_read(deployment: Deployment) -> None:
    """It is told apart from one that is missing."""
    facts = Facts({"requirements.txt": FileFact("requirements.txt", Kind.UNREADABLE)})
    (found,) = unreadable_file.check(deployment, facts)
    assert found.labels[0].at == ("image", "requirements")


def test_code_for_a_newer_python_is_not_judged(deployment: Deployment) -> None:
    """The grammar at hand may not know what the image's Python does."""
    handler = FileFact("model/handler.py", Kind.FILE, text="class (:")
    folder = FileFact("model", Kind.FOLDER, children=("handler.py",))
    facts = Facts({"model": folder, "model/handler.py": handler})
    newer = replace(deployment, image=replace(deployment.image, python="3.99"))
    assert list(python_syntax.check(newer, facts)) == []
    assert [item.code for item in python_syntax.check(deployment, facts)] == ["python-syntax"]


def test_a_secret_is_never_shown() -> None:
    """No part of a finding about a secret repeats its value."""
    analysis = _analyse("runtime: {env: {STORE_TOKEN: opensesame}}")
    (found,) = [item for item in analysis.report.diagnostics if item.code == secret_literal.CODE]
    assert "opensesame" not in repr(found)


def test_every_severity_is_one_that_stops_or_does_not() -> None:
    """A rule is an error or a warning; notes are for what is no mistake."""
    assert {rule.SEVERITY for rule in RULES.values()} == {Severity.ERROR, Severity.WARNING}
