"""A service on a platform and as plain objects, in one namespace: each has its own pods."""

from __future__ import annotations

import pytest

from tests.kube.compiled import LOCAL, NEWEST, STORED, documents
from tests.kube.objects import started


@pytest.mark.parametrize("target", ["kserve", "seldon"])
@pytest.mark.parametrize("model", [LOCAL["mlserver"], STORED["xgboost"]], ids=["in an image", "in a storage"])
def test_no_selector_finds_the_pods_of_a_platform(target: str, model: str) -> None:
    """A Service would send requests to them, a policy shut them off from the platform's own gateway, and a budget count
    them."""
    blocks = f"{NEWEST}{model}scaling: {{replicas: 2}}\n"
    plain = documents(
        f"{blocks}{'' if 'image' in model else _IMAGE}targets: {{kubernetes: {{namespace: ml}}}}\n", "kubernetes"
    )
    labels = [
        pod["metadata"]["labels"]
        for pod in started(documents(f"{blocks}targets: {{{target}: {{namespace: ml}}}}\n", target))
    ]
    wanted = {
        item["kind"]: spec.get("matchLabels", spec)
        for item in plain
        if (spec := item["spec"].get("selector", item["spec"].get("podSelector")))
    }
    assert set(wanted) == {"Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service"}
    assert labels
    assert [kind for kind, these in wanted.items() for found in labels if these.items() <= found.items()] == []


def test_neither_budget_takes_the_place_of_the_other() -> None:
    """Applied to one namespace, objects of one kind and name are one object: the pods of the other would have none."""
    blocks = f"{NEWEST}{LOCAL['mlserver']}scaling: {{replicas: 2}}\n"
    names = [
        item["metadata"]["name"]
        for target in ("kserve", "kubernetes")
        for item in documents(f"{blocks}targets: {{{target}: {{namespace: ml}}}}\n", target)
        if item["kind"] == "PodDisruptionBudget"
    ]
    assert len(set(names)) == len(names) == 2


_IMAGE = "image: {repository: registry.example.com/fraud-detector}\n"
