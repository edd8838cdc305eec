"""Everything that the examples emit for a cluster, under the eyes of Kubernetes and of who makes the custom resources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.kube.objects import VERSIONS, pods, problems, wrong_references

_EXAMPLES = Path(__file__).parents[2] / "examples"
_PLATFORMS = ("kubernetes", "seldon", "kserve")
_FOLDERS = sorted(path for name in _PLATFORMS for path in _EXAMPLES.glob(f"*/deploy/**/{name}") if path.is_dir())


@pytest.fixture(params=_FOLDERS, ids=lambda path: f"{path.relative_to(_EXAMPLES)}")
def folder(request: pytest.FixtureRequest) -> Path:
    """The folder of one target of an example."""
    found: Path = request.param
    return found


@pytest.fixture
def documents(folder: Path) -> list[dict[str, Any]]:
    """Its objects."""
    paths = sorted(folder.glob("*.yaml"))
    return [item for path in paths for item in yaml.safe_load_all(path.read_text())]


def _versions(folder: Path) -> tuple[str, ...]:
    """The oldest and the newest version of Kubernetes that it is for: the oldest is what its root file says, if any."""
    root = _EXAMPLES / folder.relative_to(_EXAMPLES).parts[0] / "servespec.yaml"
    platforms = yaml.safe_load(root.read_text())["platforms"].values() if root.is_file() else ()
    oldest = [platform["kubernetes"] for platform in platforms] or VERSIONS[:1]
    return min(oldest), VERSIONS[-1]


def test_there_are_examples() -> None:
    """The folders are found: a wrong path here would make every other test pass."""
    assert len(_FOLDERS) >= 1


def test_the_schemas(folder: Path, documents: list[dict[str, Any]], crds: Path) -> None:
    """Every object has a schema, which passes it and each pod in it, in the oldest and the newest version."""
    versions = _versions(folder)
    lifted = [pod for document in documents for pod in pods(document)]
    assert lifted
    assert {
        f"{item['kind']}/{item['metadata']['name']}": found
        for item in (*documents, *lifted)
        if (found := problems(item, crds, versions=versions))
    } == {}


def test_objects_find_each_other(documents: list[dict[str, Any]]) -> None:
    """Selectors select pods, and services lead to ports that these have."""
    assert wrong_references(documents) == []


def test_names_are_taken_once(documents: list[dict[str, Any]]) -> None:
    """Two objects of one kind with one name would be one object."""
    names = [(item["kind"], item["metadata"]["name"]) for item in documents]
    assert len(set(names)) == len(names)
