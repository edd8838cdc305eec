"""What is compiled for KServe, under the eyes of its resource definitions and of its own rules, made anew."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.kube.compiled import LOCAL, NEWEST, STORED, VARIANTS, documents, read
from tests.kube.objects import pods, problems, started
from tests.targets.kserve import knative, webhook

_MODES = ("Standard", "Knative")
_SPECS = {
    f"{mode} {name}": f"{blocks}targets: {{kserve: {{mode: {mode}, namespace: ml}}}}\n"
    for mode in _MODES
    for name, blocks in {**LOCAL, **STORED}.items()
}
_VARIANTS = {name: f"{NEWEST}{blocks}targets: {{kserve: }}\n" for name, blocks in VARIANTS.items()}


@pytest.fixture(params=_SPECS.values(), ids=_SPECS.keys())
def made(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """The objects that a spec comes to, the service first."""
    return documents(request.param, "kserve")


def _whole(made: list[dict[str, Any]]) -> dict[str, Any]:
    """The predictor with what its runtime says, as KServe puts the two together."""
    runtime = made[1]["spec"] if len(made) > 1 else {}
    return {
        **made[0]["spec"]["predictor"],
        **{key: runtime[key] for key in ("containers", "volumes") if key in runtime},
    }


def test_the_definitions_take_it(made: list[dict[str, Any]], crds: Path) -> None:
    """No field is unknown, missing or of a wrong type, in the objects and in the pod."""
    lifted = [pod for item in made for pod in pods(item)]
    assert len(lifted) == 1
    assert [problem for item in (*made, *lifted) for problem in problems(item, crds)] == []


def test_the_webhook_takes_it(made: list[dict[str, Any]]) -> None:
    """None of KServe's own rules refuses it."""
    assert webhook.refusals(made[0]) == []


def test_knative_takes_it(made: list[dict[str, Any]]) -> None:
    """In the mode that stands on Knative, what that lets nobody say is not said."""
    if made[0]["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] == "Knative":
        assert knative.refusals(_whole(made)) == []


def test_knative_would_not_take_the_other() -> None:
    """The rules that ours is held against do refuse what Knative refuses."""
    found = knative.refusals(_whole(documents(_SPECS["Standard mlserver"], "kserve")))
    assert {words.partition(": ")[2] or words for words in found} == {
        "securityContext",
        "terminationGracePeriodSeconds",
        "lifecycle",
        "more than one container port is set",
        "Port name http is not allowed",
    }


@pytest.mark.parametrize("name", _SPECS)
def test_a_pod_is_hardened_in_each_mode(name: str) -> None:
    """What Knative has no place for at the pod stands with its container."""
    whole = _whole(documents(_SPECS[name], "kserve"))
    (container,) = whole["containers"]
    said = {**whole.get("securityContext", {}), **container["securityContext"]}
    assert said["runAsNonRoot"] is True
    assert said["seccompProfile"] == {"type": "RuntimeDefault"}
    assert said["capabilities"] == {"drop": ["ALL"]}
    assert (said["readOnlyRootFilesystem"], said["allowPrivilegeEscalation"]) == (True, False)


def test_a_stored_model_has_a_runtime_of_its_own(made: list[dict[str, Any]]) -> None:
    """The service asks for just the runtime that is beside it, which takes no other's models."""
    model = made[0]["spec"]["predictor"].get("model")
    assert [item["metadata"]["name"] for item in made[1:]] == ([model["runtime"]] if model else [])
    for runtime in made[1:]:
        (known,) = runtime["spec"]["supportedModelFormats"]
        assert known == {"name": model["modelFormat"]["name"], "autoSelect": False}
        assert runtime["metadata"]["namespace"] == made[0]["metadata"]["namespace"]


@pytest.mark.parametrize("blocks", [LOCAL["mlserver"], STORED["xgboost"]])
def test_a_variable_is_no_template(blocks: str) -> None:
    """KServe makes a template of a runtime's container, and takes a predictor's own as it is."""
    text = blocks + 'runtime: {env: {PROMPT: "{{ messages }}"}}\ntargets: {kserve: }\n'
    whole = _whole(documents(text, "kserve"))
    (said,) = (item["value"] for item in whole["containers"][0]["env"] if item["name"] == "PROMPT")
    assert said == ("{{ messages }}" if blocks == LOCAL["mlserver"] else "{{`{{`}} messages }}")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": {"modelFormat": {"name": "sklearn"}}}, "Exactly one of"),
        ({"minReplicas": 3, "maxReplicas": 2}, "replicas out of bounds"),
        ({"scaleMetric": "cpu"}, "[cpu] is not a supported metric"),
    ],
)
def test_a_twin_is_refused(change: dict[str, Any], words: str) -> None:
    """What is compiled, spoilt in one place, is refused for just that."""
    twin = deepcopy(documents(_SPECS["Knative mlserver"], "kserve")[0])
    twin["spec"]["predictor"].update(change)
    assert any(words in said for said in webhook.refusals(twin))


@pytest.mark.parametrize("name", _VARIANTS)
def test_variants_are_canaries(name: str, crds: Path) -> None:
    """The variant with the most requests is the stable one, and the others get theirs; a shadow is left out."""
    found = documents(_VARIANTS[name], "kserve")
    service, runtimes = found[0], [item for item in found if item["kind"] == "ServingRuntime"]
    assert [problem for item in found for problem in problems(item, crds)] == []
    assert webhook.refusals(service) == []
    (canary,) = service["spec"]["canary"]
    assert ("name" in service["spec"]["predictor"], canary["predictor"]["name"]) == (False, "next")
    assert canary["trafficPercent"] == 20
    used = [item["model"]["runtime"] for item in (service["spec"]["predictor"], canary["predictor"])]
    assert [item["metadata"]["name"] for item in runtimes] == used
    assert canary["predictor"]["model"]["name"] == "kserve-container"
    assert webhook.running(service) == {"": 3 if name == "in images" else 2, "next": 1}


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_come_change_places_and_go(name: str) -> None:
    """Each is an update of the same service, which the webhook takes: nothing has to be deleted before."""
    text = _VARIANTS[name]
    none = re.sub(r"variants:\n(  - .*\n)+", "", text)
    turned = text.replace("weight: 80, replicas: ", "weight: 30, replicas: ").replace("weight: 20", "weight: 70")
    steps = [documents(step, "kserve")[0] for step in (none, text, turned, none)]
    assert len({json.dumps(step["spec"]) for step in steps}) == 3
    for before, after in pairwise(steps):
        assert webhook.refused_changes(before, after) == []


def test_a_name_of_the_stable_one_would_not_be_taken() -> None:
    """The rule that ours is held against does refuse one that comes with the variants."""
    service = documents(_VARIANTS["in images"], "kserve")[0]
    named = deepcopy(service)
    named["spec"]["predictor"]["name"] = "current"
    assert webhook.refused_changes(service, named) == [
        "predictor.name change requires a model change (e.g. storageUri)"
    ]


_REGISTRY = """\
model: {format: mlflow, uri: "models:/fraud/4", credentials: {registry: reg}}
image: {repository: registry.example.com/fraud, requirements: requirements.txt}
connections: [{name: reg, type: mlflow, endpoint: "https://mlflow.example.com"}]
"""


def test_each_variant_fetches_its_own_model() -> None:
    """A canary, which KServe lays over the stable predictor, has the registry's model that the spec gives it."""
    variants = 'variants: [{name: current, weight: 90}, {name: next, weight: 10, model: {uri: "models:/fraud/5"}}]\n'
    found = documents(f"{NEWEST}{_REGISTRY}{variants}targets: {{kserve: }}\n", "kserve")
    assert webhook.refusals(found[0]) == []
    specs = [pod["spec"] for pod in started(found)]
    assert [spec["initContainers"][0]["args"][0] for spec in specs] == ["models:/fraud/4", "models:/fraud/5"]
    for spec in specs:
        there = {volume["name"] for volume in spec["volumes"]}
        (fetcher,), (server,) = spec["initContainers"], spec["containers"]
        assert {mount["name"] for mount in (*fetcher["volumeMounts"], *server["volumeMounts"])} == there


@pytest.mark.parametrize("mode", _MODES)
@pytest.mark.parametrize(
    "scaling",
    [
        "replicas: 3",
        *(f"autoscaling: {{max: 6, metric: {name}, target: 50}}" for name in ("cpu", "memory", "rps", "concurrency")),
    ],
)
def test_how_many_there_are(mode: str, scaling: str, crds: Path) -> None:
    """Each metric is asked of whoever measures it, in a form that the webhook takes."""
    options = f'targets: {{kserve: {{mode: {mode}, prometheus: {{address: "http://prometheus:9090"}}}}}}\n'
    requests = 'resources: {requests: {cpu: "1", memory: 512Mi}}\n'
    service = documents(f"{LOCAL['mlserver']}scaling: {{{scaling}}}\n{requests}{options}", "kserve")[0]
    assert (problems(service, crds), webhook.refusals(service)) == ([], [])
    notes, predictor = service["metadata"]["annotations"], service["spec"]["predictor"]
    asked = {"rps": "keda", "concurrency": "keda", "cpu": "hpa", "memory": "hpa"}
    wanted = next((word for name, word in asked.items() if name in scaling), "none")
    if mode == "Standard":
        assert notes["serving.kserve.io/autoscalerClass"] == wanted
        assert ("autoScaling" in predictor) == (wanted == "keda")
    else:
        assert ("autoscaling.knative.dev/class" in notes) == (wanted == "hpa")
    assert (predictor["minReplicas"], predictor["maxReplicas"]) == ((3, 3) if "replicas" in scaling else (1, 6))


def test_memory_on_knative_is_a_number() -> None:
    """Of what is set aside, in MiB: Knative would take the percents for that."""
    scaling = "scaling: {autoscaling: {max: 6, metric: memory, target: 75}}\nresources: {requests: {memory: 2Gi}}\n"
    service = documents(f"{LOCAL['mlserver']}{scaling}targets: {{kserve: {{mode: Knative}}}}\n", "kserve")[0]
    notes, prefix = service["metadata"]["annotations"], "autoscaling.knative.dev"
    assert (notes[f"{prefix}/metric"], notes[f"{prefix}/target"]) == ("memory", str(2048 * 3 // 4))
    assert "scaleTarget" not in service["spec"]["predictor"]
    assert webhook.refusals(service) == []


@pytest.mark.parametrize(("startup", "deadline"), [("2m", None), ("20m", "1680s")])
def test_a_slow_start_on_knative(startup: str, deadline: str | None) -> None:
    """A revision that has not started in 10 min has failed for good: one that may take longer is given longer."""
    runtime = f"runtime: {{timeouts: {{startup: {startup}}}}}\n"
    service = documents(f"{LOCAL['mlserver']}{runtime}targets: {{kserve: {{mode: Knative}}}}\n", "kserve")[0]
    assert service["metadata"]["annotations"].get("serving.knative.dev/progress-deadline") == deadline
    assert webhook.refusals(service) == []


def test_canaries_are_not_scaled() -> None:
    """Only the stable variant is, from what the spec says for it alone; that a canary is not is told."""
    scaling = "scaling: {autoscaling: {min: 2, max: 6, metric: memory}}\nresources: {requests: {memory: 512Mi}}\n"
    blocks = _VARIANTS["in a storage"].replace(", replicas: 2", "") + scaling
    service = documents(blocks, "kserve")[0]
    assert webhook.refusals(service) == []
    assert webhook.running(service) == {"": 2, "next": 2}
    assert service["spec"]["predictor"]["maxReplicas"] == 6
    assert ("variants",) in {item.route for item in read(blocks).losses if item.target == "kserve"}


def test_a_shadow_is_a_loss() -> None:
    """It is told that KServe has none."""
    lost = [(item.route, item.reason) for item in read(_VARIANTS["in images"]).losses if item.target == "kserve"]
    assert (("variants", 2, "shadow"), "KServe copies no requests: a shadow is left out") in lost


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "stable"}, "duplicated"),
        ({"name": ""}, "missing"),
        ({"maxReplicas": 3}, "must not set maxReplicas"),
        ({"scaleMetric": "cpu"}, "must not set scaleMetric"),
        ({"minReplicas": 5}, "minReplicas must not exceed"),
    ],
)
def test_a_twin_s_canary_is_refused(change: dict[str, Any], words: str) -> None:
    """What is compiled, spoilt in one place, is refused for just that."""
    twin = deepcopy(documents(_VARIANTS["in images"], "kserve")[0])
    twin["spec"]["predictor"]["name"] = "stable"
    twin["spec"]["canary"][0]["predictor"].update(change)
    assert any(words in said for said in webhook.refusals(twin))


def test_canaries_belong_to_one_mode() -> None:
    """On Knative, without a model of the stable predictor, and with more than all requests they are refused."""
    twin = deepcopy(documents(_VARIANTS["in images"], "kserve")[0])
    twin["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] = "Knative"
    twin["spec"]["predictor"] = {"name": "current", "minReplicas": 3, "containers": [{"name": "kserve-container"}]}
    twin["spec"]["canary"][0]["trafficPercent"] = 101
    assert webhook.refusals(twin) == [
        "canary is only supported in Standard deployment mode",
        "canary requires a stable predictor with a model",
        "sum of canary trafficPercent values must be <= 100",
    ]


def test_a_wrong_name_is_refused() -> None:
    """So is a name that does not begin with a letter, and PYTHONPATH."""
    twin = deepcopy(documents(_SPECS["Standard mlserver"], "kserve")[0])
    twin["metadata"]["name"] = "3d"
    twin["spec"]["predictor"]["containers"][0]["env"] = [{"name": "PYTHONPATH", "value": "/x"}]
    assert webhook.refusals(twin) == [
        "InferenceService name is invalid",
        "setting PYTHONPATH is not allowed for security reasons",
    ]
