"""What is compiled for Seldon Core, under the eyes of its resource definitions and of its own rules, made anew."""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.kube.compiled import LOCAL, STORED, VARIANTS, documents
from tests.kube.objects import pods, problems
from tests.targets.seldon import schedulers, webhook

_SECOND = "targets: {seldon: {apiVersion: mlops.seldon.io/v1alpha1, namespace: ml}}\n"
_SPECS = {
    **{f"local {name}": blocks + "targets: {seldon: }\n" for name, blocks in LOCAL.items()},
    **{f"stored {name}": blocks + "targets: {seldon: {namespace: ml}}\n" for name, blocks in STORED.items()},
    "orchestrated": LOCAL["mlserver"] + "targets: {seldon: {orchestrator: true}}\n",
    **{f"variants {name}": blocks + "targets: {seldon: {namespace: ml}}\n" for name, blocks in VARIANTS.items()},
}
_COURSES: dict[str, Any] = {
    "apiVersion": "machinelearning.seldon.io/v1",
    "kind": "SeldonDeployment",
    "metadata": {"name": "fraud-detector"},
    "spec": {
        "predictors": [
            {"name": "a", "traffic": 80, "graph": {"name": "model-a", "modelUri": "s3://models/a"}},
            {"name": "b", "traffic": 20, "graph": {"name": "model-b", "modelUri": "s3://models/b"}},
        ]
    },
}
"""An A/B as many courses write it."""


@pytest.fixture(params=_SPECS.values(), ids=_SPECS.keys())
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The one object of version 1 that a spec comes to."""
    (only,) = documents(request.param, "seldon")
    return only


def test_the_definition_takes_it(document: dict[str, Any], crds: Path) -> None:
    """No field is unknown, missing or of a wrong type, in the object and in its pod."""
    lifted = pods(document)
    assert len(lifted) == len(document["spec"]["predictors"])
    assert [problem for item in (document, *lifted) for problem in problems(item, crds)] == []


def test_the_webhook_takes_it(document: dict[str, Any]) -> None:
    """None of Seldon's own rules refuses it, and no prepackaged server is left without an image."""
    assert (webhook.refusals(document), webhook.empty_images(document)) == ([], [])


def test_the_form_of_the_courses_is_refused() -> None:
    """The rules that ours is held against do refuse what Seldon refuses."""
    assert webhook.refusals(_COURSES) == [
        "model-a: Can't find container for Predictive Unit",
        "model-b: Can't find container for Predictive Unit",
    ]


def test_what_the_courses_mean_is_taken(crds: Path) -> None:
    """The same models, shared out alike, as a spec says it: compiled, each has the server that theirs lacks."""
    shares = [(item["graph"]["modelUri"], item["traffic"]) for item in _COURSES["spec"]["predictors"]]
    (first, most), (second, rest) = shares
    blocks = f"""\
model: {{format: sklearn, uri: "{first}", framework: {{name: scikit-learn, version: "1.5.2"}}}}
variants: [{{name: a, weight: {most}}}, {{name: b, weight: {rest}, model: {{uri: "{second}"}}}}]
targets: {{seldon: }}
"""
    (made,) = documents(blocks, "seldon")
    assert (problems(made, crds), webhook.refusals(made), webhook.empty_images(made)) == ([], [], [])
    predictors = made["spec"]["predictors"]
    assert [(item["graph"]["modelUri"], item["traffic"]) for item in predictors] == shares
    assert {item["graph"]["implementation"] for item in predictors} == {"SKLEARN_SERVER"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"predictors": []}, "Graph contains no predictors"),
        ({"protocol": "v3"}, "Invalid protocol"),
        ({"transport": "http"}, "Invalid transport"),
        ({"serverType": "nats"}, "Invalid serverType"),
    ],
)
def test_a_twin_is_refused(change: dict[str, Any], words: str) -> None:
    """What is compiled, spoilt in one place, is refused for just that."""
    (twin,) = deepcopy(documents(_SPECS["local mlserver"], "seldon"))
    twin["spec"].update(change)
    assert words in webhook.refusals(twin)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"graph": {"name": "other"}}, "other: Can't find container for Predictive Unit"),
        ({"graph": {"name": "other", "implementation": "SKLEARN_SERVER"}}, "Predictive unit modelUri required"),
        ({"graph": {"name": "x", "implementation": "NO_SERVER", "modelUri": "s3://m"}}, "No entry in predictors map"),
        ({"shadow": True}, "Shadow can not exist as only predictor"),
        ({"traffic": 50}, "Traffic must sum be 100"),
    ],
)
def test_a_twin_s_predictor_is_refused(change: dict[str, Any], words: str) -> None:
    """The same of what is in its predictor."""
    (twin,) = deepcopy(documents(_SPECS["local mlserver"], "seldon"))
    twin["spec"]["predictors"][0].update(change)
    assert any(words in said for said in webhook.refusals(twin))


@pytest.mark.parametrize(
    ("index", "change", "words"),
    [
        (0, {"traffic": 70}, "Traffic must sum to 100 for multiple predictors"),
        (1, {"name": "current"}, "Duplicate predictor name"),
        (1, {"shadow": True}, "Multiple shadows are not allowed"),
        (2, {"traffic": 101}, "shadow traffic is illegal"),
        (1, {"graph": {"name": "model-b", "modelUri": "s3://models/b"}}, "model-b: Can't find container"),
    ],
)
def test_a_twin_of_variants_is_refused(index: int, change: dict[str, Any], words: str) -> None:
    """The same of several predictors, the form of the courses among them."""
    (twin,) = deepcopy(documents(_SPECS["variants in images"], "seldon"))
    twin["spec"]["predictors"][index].update(change)
    assert any(words in said for said in webhook.refusals(twin))


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_are_predictors(name: str) -> None:
    """Each is what the spec says: its share, its replicas, its model; a shadow has no share."""
    (made,) = documents(_SPECS[f"variants {name}"], "seldon")
    predictors = made["spec"]["predictors"]
    assert [(item["name"], item.get("traffic"), item.get("shadow")) for item in predictors] == [
        ("current", 80, None),
        ("next", 20, None),
        ("later", None, True),
    ]
    assert [item["componentSpecs"][0]["replicas"] for item in predictors][1:] == [1, 1]
    containers = [item["componentSpecs"][0]["spec"]["containers"][0] for item in predictors]
    told_apart = (
        [item["graph"]["modelUri"] for item in predictors]
        if name == "in a storage"
        else [c["image"] for c in containers]
    )
    assert len(set(told_apart)) == 3
    assert len({item["graph"]["name"] for item in predictors}) == 1


def test_variants_of_the_second_version(crds: Path) -> None:
    """Each is a Model on a Server of its own, and an Experiment shares requests out and mirrors them."""
    found = documents(VARIANTS["in a storage"] + _SECOND, "seldon")
    assert [item["kind"] for item in found] == [*["Model", "Server"] * 3, "Experiment"]
    assert [problem for item in found for problem in problems(item, crds)] == []
    assert schedulers.refusals(found) == []
    assert found[-1]["spec"] == {
        "default": "fraud-detector",
        "candidates": [{"name": "fraud-detector", "weight": 80}, {"name": "fraud-detector-next", "weight": 20}],
        "mirror": {"name": "fraud-detector-later", "percent": 100},
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"default": "other"}, "not found in experiment candidates"),
        ({"candidates": [], "mirror": {"name": "x", "percent": 1}}, "model x is not there"),
        ({"mirror": {"name": "fraud-detector", "percent": 100}}, "must be unique"),
    ],
)
def test_a_twin_of_an_experiment_is_refused(change: dict[str, Any], words: str) -> None:
    """The rules that ours is held against do refuse what the scheduler refuses."""
    twin = deepcopy(documents(VARIANTS["in a storage"] + _SECOND, "seldon"))
    twin[-1]["spec"].update(change)
    assert any(words in said for said in schedulers.refusals(twin))


def test_the_container_is_the_node_s(document: dict[str, Any]) -> None:
    """Seldon finds the server's container, and its ports, by their names."""
    for predictor in document["spec"]["predictors"]:
        (container,) = predictor["componentSpecs"][0]["spec"]["containers"]
        assert container["name"] == predictor["graph"]["name"]
        assert "http" in [port["name"] for port in container["ports"]]


def test_images_are_pinned(document: dict[str, Any]) -> None:
    """Neither a server nor what fetches its model is whatever the cluster has by default."""
    for predictor in document["spec"]["predictors"]:
        images = [predictor["componentSpecs"][0]["spec"]["containers"][0]["image"]]
        if "modelUri" in predictor["graph"]:
            images.append(predictor["graph"]["storageInitializerImage"])
        assert all(":" in image.rpartition("/")[2] for image in images)


@pytest.mark.parametrize(
    ("blocks", "port", "address", "path"),
    [
        (LOCAL["mlserver"], "metrics", None, "/prometheus"),
        (LOCAL["onnxruntime"], "metrics", None, "/prometheus"),
        (LOCAL["triton"], "metrics", None, "/metrics"),
        (STORED["sklearn"], "http", "8082", "/prometheus"),
        (STORED["xgboost"], "http", "8082", "/prometheus"),
        (STORED["lightgbm"], "metrics", None, "/prometheus"),
        (STORED["onnx"], "http", "8002", "/metrics"),
    ],
)
def test_metrics_are_where_seldon_has_moved_them(
    blocks: str, port: str, address: str | None, path: str, crds: Path
) -> None:
    """MLServer is told another path by Seldon, and a prepackaged server loses its port of the metrics: its pod is found
    by another one, whose number Prometheus replaces."""
    (_, monitor) = documents(f"{blocks}targets: {{seldon: {{prometheus: {{namespace: monitoring}}}}}}\n", "seldon")
    assert problems(monitor, crds) == []
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    assert (endpoint["port"], endpoint["path"]) == (port, path)
    asked = []
    for rule in endpoint.get("relabelings", ()):
        assert (rule["sourceLabels"], rule["targetLabel"]) == (["__address__"], "__address__")
        asked += [re.sub(f"^(?:{rule['regex']})$", rule["replacement"].replace("$", "\\"), at) for at in _PODS]
    assert asked == ([f"10.0.0.7:{address}", f"[fd00::7]:{address}"] if address else [])


_PODS = ("10.0.0.7:9000", "[fd00::7]:9000")
_CPU = 'scaling: {autoscaling: {min: 2, max: 6, metric: cpu, target: 60}}\nresources: {requests: {cpu: "1"}}\n'
_RPS = "scaling: {autoscaling: {max: 6, metric: rps, target: 50}}\n"
_PROMETHEUS = 'targets: {seldon: {prometheus: {address: "http://prometheus:9090"}}}\n'


@pytest.mark.parametrize("blocks", [LOCAL["mlserver"], STORED["onnx"]], ids=["local", "stored"])
def test_an_autoscaler_owns_the_number(blocks: str, crds: Path) -> None:
    """Where there is one, of Kubernetes or of KEDA, no number of replicas stands beside it."""
    for scaling, key in ((_CPU, "hpaSpec"), (_RPS, "kedaSpec")):
        (made,) = documents(blocks + scaling + _PROMETHEUS, "seldon")
        component = made["spec"]["predictors"][0]["componentSpecs"][0]
        assert problems(made, crds) == []
        assert "replicas" not in component
        assert len({"hpaSpec", "kedaSpec"} & component.keys()) == 1
        assert key in component


def test_the_load_is_said_in_todays_form() -> None:
    """CPU in the form of autoscaling/v2; of requests Prometheus is asked, by the pods that Seldon makes."""
    (by_cpu,), (by_requests,) = (documents(LOCAL["mlserver"] + item + _PROMETHEUS, "seldon") for item in (_CPU, _RPS))
    hpa = by_cpu["spec"]["predictors"][0]["componentSpecs"][0]["hpaSpec"]
    target = {"type": "Utilization", "averageUtilization": 60}
    metrics = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    assert hpa == {"minReplicas": 2, "maxReplicas": 6, "metricsv2": metrics}
    (trigger,) = by_requests["spec"]["predictors"][0]["componentSpecs"][0]["kedaSpec"]["triggers"]
    assert trigger["metadata"]["threshold"] == "50"
    assert '{pod=~"fraud-detector-default-0-fraud-detector-.*"}' in trigger["metadata"]["query"]


def test_pods_of_a_long_name_are_found() -> None:
    """Seldon hashes a name of more than 63 characters, and Prometheus is asked for pods that are called so."""
    name = "detector-of-fraud-in-payments-by-card"
    blocks = LOCAL["mlserver"].replace("sklearn, uri", f"sklearn, name: {name}, uri") + _RPS + _PROMETHEUS
    (made,) = documents(blocks, "seldon")
    (trigger,) = made["spec"]["predictors"][0]["componentSpecs"][0]["kedaSpec"]["triggers"]
    whole = f"fraud-detector-default-0-{name}"
    assert len(whole) <= 63
    assert f'{{pod=~"{whole}-.*"}}' in trigger["metadata"]["query"]
    (made,) = documents(blocks.replace(name, f"{name}-xx"), "seldon")
    (trigger,) = made["spec"]["predictors"][0]["componentSpecs"][0]["kedaSpec"]["triggers"]
    hashed = hashlib.md5(f"{whole}-xx".encode()).hexdigest()
    assert f'{{pod=~"seldon-{hashed}-.*"}}' in trigger["metadata"]["query"]


def test_several_pods_have_a_budget() -> None:
    """A lone one has none: it could never be moved."""
    (several,), (lone,) = (
        documents(LOCAL["mlserver"] + item + "targets: {seldon: }\n", "seldon")
        for item in ("scaling: {replicas: 3}\n", "")
    )
    component = several["spec"]["predictors"][0]["componentSpecs"][0]
    assert (component["replicas"], component["pdbSpec"]) == (3, {"maxUnavailable": 1})
    assert "pdbSpec" not in lone["spec"]["predictors"][0]["componentSpecs"][0]


def test_requests_go_to_the_server_itself() -> None:
    """Seldon's own container is in the way only of who asks for it."""
    (plain,), (orchestrated,) = (documents(_SPECS[name], "seldon") for name in ("local mlserver", "orchestrated"))
    assert plain["spec"]["predictors"][0]["annotations"] == {"seldon.io/no-engine": "true"}
    assert "annotations" not in orchestrated["spec"]["predictors"][0]


@pytest.mark.parametrize("name", ["sklearn", "xgboost", "lightgbm", "onnx"])
@pytest.mark.parametrize("options", ["", ", server: shared"])
def test_the_second_version(name: str, options: str, crds: Path) -> None:
    """A Model is placed on a Server that can run it, its own one unless the spec names another."""
    found = documents(STORED[name] + _SECOND.replace("ml}", f"ml{options}}}"), "seldon")
    assert [item["kind"] for item in found] == (["Model"] if options else ["Model", "Server"])
    assert [problem for item in found for problem in problems(item, crds)] == []
    assert schedulers.refusals(found) == []
    assert {item["metadata"]["namespace"] for item in found} == {"ml"}


def test_a_model_without_a_server_waits() -> None:
    """The rules that ours is held against do refuse what would never be placed."""
    made = documents(STORED["xgboost"] + _SECOND, "seldon")
    made[0]["spec"]["requirements"] = ["pytorch"]
    assert schedulers.refusals(made) == [
        "no server has the capabilities ['pytorch']",
        "server fraud-detector is not among those that have the capabilities",
        "more replicas of the model than of any server",
    ]
