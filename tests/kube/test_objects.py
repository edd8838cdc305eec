"""The eyes of `tests.kube.objects` are open: what is wrong is seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.kube.objects import VERSIONS, pods, problems, wrong_references

_POD: dict[str, Any] = {"containers": [{"name": "server", "image": "server:1"}]}


def _deployment(**spec: Any) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": "a"}}, "spec": _POD}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a"},
        "spec": {"selector": {"matchLabels": {"app": "a"}}, "template": template, **spec},
    }


def _seldon(**predictor: Any) -> dict[str, Any]:
    graph = {"name": "classifier", "implementation": "SKLEARN_SERVER", "modelUri": "gs://bucket/model"}
    return {
        "apiVersion": "machinelearning.seldon.io/v1",
        "kind": "SeldonDeployment",
        "metadata": {"name": "a", "namespace": "ml"},
        "spec": {"predictors": [{"name": "default", "graph": graph, **predictor}]},
    }


def test_versions_are_far_apart() -> None:
    """What is emitted holds for clusters of several years."""
    oldest, newest = (int(version.partition(".")[2]) for version in VERSIONS)
    assert (oldest, newest) == (25, 37)


@pytest.mark.parametrize("document", [_deployment(), _seldon(replicas=3)], ids=["built in", "custom"])
def test_a_good_object_has_no_problem(crds: Path, document: dict[str, Any]) -> None:
    """What a cluster would take is passed."""
    assert problems(document, crds) == []


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (_deployment(replica=3), "'replica' was unexpected"),
        (_deployment(replicas="3"), "'3' is not of type 'integer'"),
        ({**_deployment(), "apiVersion": "apps/v1beta1"}, "Couldn't find schema"),
        ({**_deployment(), "kind": "Deploymint"}, "Couldn't find schema"),
        (_seldon(replica=3), "'replica' was unexpected"),
        (_seldon(graph={"implementation": "SKLEARN_SERVER"}), "'name' is a required property"),
        ({**_seldon(), "spec": {"predictors": []}, "speck": {}}, "'speck' was unexpected"),
    ],
)
def test_a_bad_object_has_a_problem(crds: Path, document: dict[str, Any], words: str) -> None:
    """An unknown field, a wrong type, a missing field and an unknown kind are all seen."""
    assert any(words in problem for problem in problems(document, crds))


def test_every_pod_spec_is_lifted(crds: Path) -> None:
    """Of a custom resource too, which checkers of pods know nothing of."""
    (pod,) = pods(_seldon(componentSpecs=[{"metadata": {"labels": {"app": "a"}}, "spec": _POD}]))
    assert pod["spec"] == _POD
    assert pod["metadata"]["labels"] == {"app": "a"}
    assert problems(pod, crds) == []


def test_references_between_objects() -> None:
    """A service that finds no pod, a port that no container has, and a route to no service are seen."""
    service: dict[str, Any] = {
        "kind": "Service",
        "metadata": {"name": "a"},
        "spec": {"selector": {"app": "a"}, "ports": [{"targetPort": "http"}]},
    }
    assert wrong_references([_deployment(), service]) == ["no port http"]
    route = {"kind": "HTTPRoute", "spec": {"rules": [{"backendRefs": [{"name": "a"}, {"name": "b"}]}]}}
    assert wrong_references([_deployment(), {**service, "spec": {"selector": {}, "ports": []}}, route]) == [
        "no service b"
    ]
    service["spec"] = {"selector": {"app": "b"}, "ports": []}
    assert wrong_references([_deployment(), service]) == ["Service selects no pod: {'app': 'b'}"]
