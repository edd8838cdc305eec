"""One spec, four platforms: what becomes of each example on Seldon Core 1 and 2, KServe and plain Kubernetes.

An outcome is that everything which a platform's own schemas and rules ask for is met, with what is lost by the names of
its fields; or the code with which the spec is refused before anything is made of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from servespec.artifacts import Content
from servespec.diagnostics.types import Severity
from servespec.edge.gather import gather
from servespec.pipeline import Analysis, File, Texts, World, analyse
from servespec.pipeline.making import make
from servespec.spans import dotted
from servespec.targets.contract import Output
from tests.kube.objects import problems, started, wrong_references
from tests.targets.kserve import webhook as kserve
from tests.targets.seldon import schedulers, webhook

_EXAMPLES = Path(__file__).parents[2] / "examples"
_PAGE = _EXAMPLES / "18-four-platforms" / "README.md"
_CLUSTER = """\
platforms:
  production: {kubernetes: "1.25", keda: "2.20", seldon: ["1.17", "2.6"], kserve: "0.21", enableGatewayApi: true}
"""
_TARGETS: Mapping[str, dict[str, Any]] = {
    "Seldon Core 1": {"seldon": {"apiVersion": "machinelearning.seldon.io/v1"}},
    "Seldon Core 2": {"seldon": {"apiVersion": "mlops.seldon.io/v1alpha1"}},
    "KServe": {"kserve": {}},
    "Kubernetes": {"kubernetes": {}},
}
_ROWS = ("11-seldon-sklearn", "08-ab-fraud-detector", "09-canary-with-shadow", "18-four-platforms")
_CELLS = [(example, platform) for example in _ROWS for platform in _TARGETS]


def _table() -> dict[tuple[str, str], str]:
    """What the page says, by example and platform."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in _PAGE.read_text().splitlines()
        if "](../" in line
    ]
    found = {re.sub(r".*\(\.\./([^)]*)\).*", r"\1", first): cells for first, *cells in rows}
    return {
        (example, platform): cell
        for example, cells in found.items()
        for platform, cell in zip(_TARGETS, cells, strict=True)
    }


def _read(example: str, platform: str) -> Analysis:
    folder = _EXAMPLES / example
    spec = yaml.safe_load((folder / "serving.yaml").read_text())
    spec.pop("environments", None)
    whole = {**spec, "platform": "production", "targets": _TARGETS[platform]}
    texts = Texts(File("serving.yaml", json.dumps(whole).encode()), {}, File("servespec.yaml", _CLUSTER.encode()))
    (only,) = analyse(texts, World(lambda wanted: gather(folder, wanted), "2026-11-25")).each
    return only


def _outcome(analysis: Analysis) -> str:
    refused = dict.fromkeys(f"`{item.code}`" for item in analysis.report.diagnostics if item.severity is Severity.ERROR)
    if refused:
        return f"refused: {', '.join(refused)}"
    (target,) = analysis.deployment.targets if analysis.deployment else ()
    lost = dict.fromkeys(f"`{_field(item.route)}`" for item in analysis.losses if item.target == target)
    return f"lost: {', '.join(lost)}" if lost else "all of it"


def _field(route: tuple[str | int, ...]) -> str:
    return dotted(tuple(step for step in route if isinstance(step, str)))


@pytest.mark.parametrize(("example", "platform"), _CELLS, ids=lambda name: name)
def test_a_cell(example: str, platform: str) -> None:
    """The page says of it what is so."""
    assert _table()[example, platform] == _outcome(_read(example, platform))


@pytest.mark.parametrize(("example", "platform"), _CELLS, ids=lambda name: name)
def test_what_is_made_is_taken(example: str, platform: str, crds: Path) -> None:
    """What is not refused passes the schemas in the oldest and newest version, the platform's own rules, and names no
    object that is not there."""
    analysis = _read(example, platform)
    if not analysis.ok:
        assert _table()[example, platform].startswith("refused: ")
        return
    (target,) = _TARGETS[platform]
    made = make(analysis.sound, Output("/project", "/project/deploy/x"))
    contents = [item.content for bundle in made.bundles if bundle.target == target for item in bundle.artifacts]
    documents = [yaml.safe_load(item.text) for item in contents if isinstance(item, Content)]
    documents = [item for item in documents if "kind" in item]
    pods = started(documents)
    assert [problem for item in (*documents, *pods) for problem in problems(item, crds)] == []
    assert _refusals(platform, documents) == []
    assert {pod["spec"]["securityContext"]["runAsNonRoot"] for pod in pods} <= {True}


def _refusals(platform: str, documents: list[dict[str, Any]]) -> list[str]:
    """What the platform's own rules say of what was made."""
    if platform == "Seldon Core 1":
        return [said for item in documents if item["kind"] == "SeldonDeployment" for said in webhook.refusals(item)]
    if platform == "Seldon Core 2":
        return schedulers.refusals(documents)
    if platform == "KServe":
        return [said for item in documents if item["kind"] == "InferenceService" for said in kserve.refusals(item)]
    return wrong_references(documents)


def test_every_platform_and_every_example_is_in_the_table() -> None:
    """It is the whole of it, and somewhere something is refused, lost, and wholly kept."""
    table = _table()
    assert set(table) == set(_CELLS)
    assert {cell.partition(":")[0] for cell in table.values()} == {"refused", "lost", "all of it"}
