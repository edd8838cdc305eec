"""Workers of a stream on a cluster: held against its schemas, KEDA's table of parameters, and Kubernetes' own rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.kube.objects import pods, problems, wrong_references
from tests.streams import KAFKA, LAG, MUTUAL, NATS, SECURE, compiled

Objects = dict[str, dict[str, Any]]


@pytest.fixture
def objects(tmp_path: Path, crds: Path) -> Callable[..., Objects]:
    """The objects that blocks compile to, by file; every one is passed by its schema, and finds the others."""

    def compile_(blocks: str, *, pattern: str = "streaming") -> Objects:
        texts = compiled(tmp_path, f"{blocks}targets: {{kubernetes: }}\n", pattern=pattern)
        found = {
            path.removeprefix("kubernetes/").removesuffix(".yaml"): YAML(typ="safe", pure=True).load(text)
            for path, text in texts.items()
            if path.startswith("kubernetes/") and path.endswith(".yaml")
        }
        lifted = [pod for item in found.values() for pod in pods(item)]
        assert [problem for item in (*found.values(), *lifted) for problem in problems(item, crds)] == []
        assert wrong_references(list(found.values())) == []
        return found

    return compile_


def _refused(crds: Path, trigger: dict[str, Any], shown: list[str]) -> Iterator[str]:
    """What KEDA's table of its scalers has against a trigger, and against the parameters that it is shown."""
    table = json.loads((crds / "keda-scalers-schema.json").read_text())["scalers"]
    (known,) = (item["parameters"] for item in table if item["type"] == trigger["type"])
    by_name = {item["name"]: item for item in known}
    for name, value in trigger["metadata"].items():
        if not by_name.get(name, {}).get("metadataVariableReadable"):
            yield f"{name} is no parameter"
        elif not isinstance(value, str):
            yield f"{name} is no text"
        elif value not in by_name[name].get("allowedValue", [value]):
            yield f"{name} is {value}"
    given = {*trigger["metadata"], *shown}
    yield from (f"{name} is not shown so" for name in shown if not _may_be_shown(by_name, name))
    for item in known:
        if not item.get("optional") and "default" not in item and item["name"] not in given:
            yield f"{item['name']} is missing"


def _may_be_shown(by_name: dict[str, Any], name: str) -> bool:
    return bool(by_name.get(name, {}).get("triggerAuthenticationVariableReadable"))


@pytest.mark.parametrize(("blocks", "shown"), [
    (KAFKA, []),
    (SECURE, ["username", "password", "ca"]),
    (MUTUAL, ["cert", "key"]),
    (NATS, []),
])  # fmt: skip
def test_what_the_scaler_is_told(objects: Callable[..., Objects], crds: Path, blocks: str, shown: list[str]) -> None:
    """Each parameter is one that the scaler has, and may be where it stands; none that it needs is missing."""
    made = objects(blocks + LAG)
    (trigger,) = made["scaledobject"]["spec"]["triggers"]
    authentication = made.get("triggerauthentication", {"spec": {"secretTargetRef": []}})
    assert [item["parameter"] for item in authentication["spec"]["secretTargetRef"]] == shown
    assert ("authenticationRef" in trigger) == bool(shown)
    assert list(_refused(crds, trigger, shown)) == []


def test_the_table_refuses_what_is_wrong(crds: Path) -> None:
    """The oracle above is none unless it finds these."""
    wrong = {"type": "kafka", "metadata": {"topics": "payments", "lagThreshold": 5, "sasl": "SCRAM"}}
    assert set(_refused(crds, wrong, ["user"])) == {
        "topics is no parameter", "lagThreshold is no text", "sasl is SCRAM", "user is not shown so",
        "bootstrapServers is missing", "consumerGroup is missing",
    }  # fmt: skip


def test_the_scaler_and_the_workers_mean_the_same(objects: Callable[..., Objects]) -> None:
    """The group, the topic, where a new group begins, and the brokers are one truth."""
    made = objects(SECURE + LAG)
    (trigger,) = made["scaledobject"]["spec"]["triggers"]
    assert trigger["metadata"] == {
        "bootstrapServers": "kafka-1:9093,kafka-2:9093",
        "consumerGroup": "fraud-detector",
        "topic": "payments",
        "lagThreshold": "50",
        "offsetResetPolicy": "earliest",
        "sasl": "scram_sha512",
        "tls": "enable",
    }
    spec = made["scaledobject"]["spec"]
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (0, 6)
    assert spec["scaleTargetRef"]["name"] == made["deployment"]["metadata"]["name"]
    assert "replicas" not in made["deployment"]["spec"]


def test_a_stream_of_nats(objects: Callable[..., Objects]) -> None:
    """KEDA asks the server's monitoring, of which nothing is told but the name of the server."""
    (trigger,) = objects(NATS + LAG)["scaledobject"]["spec"]["triggers"]
    assert trigger == {
        "type": "nats-jetstream",
        "metricType": "AverageValue",
        "metadata": {
            "natsServerMonitoringEndpoint": "nats.messaging:8222",
            "account": "$G",
            "stream": "SENSORS",
            "consumer": "fraud-detector",
            "lagThreshold": "50",
        },
    }


def test_nobody_reaches_a_worker(objects: Callable[..., Objects]) -> None:
    """No Service leads to it, nothing may come in, and out goes what brokers and names need."""
    made = objects(KAFKA)
    assert not {"service", "ingress", "scaledobject", "horizontalpodautoscaler"} & set(made)
    for name in ("networkpolicy", "networkpolicy-topics"):
        assert made[name]["spec"]["ingress"] == []
        ports = [port["port"] for rule in made[name]["spec"]["egress"] for port in rule["ports"]]
        assert ports == [53, 53, 9093]


def test_the_probes_ask_the_worker(objects: Callable[..., Objects]) -> None:
    """They ask the port where it tells its health, which the container names. A pod is killed for what the first and the
    last ask, so neither asks whether the broker is there."""
    (container,) = objects(KAFKA)["deployment"]["spec"]["template"]["spec"]["containers"]
    assert [port["name"] for port in container["ports"]] == ["metrics"]
    asked = {name: container[name]["httpGet"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert {get["port"] for get in asked.values()} == {"metrics"}
    assert {name.removesuffix("Probe"): get["path"] for name, get in asked.items()} == {
        "startup": "/started", "readiness": "/ready", "liveness": "/live",
    }  # fmt: skip


def test_topics_are_made_first(objects: Callable[..., Objects]) -> None:
    """A Job of the same image makes them, which ends; its pods are none of the workers'."""
    made = objects(SECURE)
    (once,) = made["job"]["spec"]["template"]["spec"]["containers"]
    (worker,) = made["deployment"]["spec"]["template"]["spec"]["containers"]
    assert (once["image"], once["env"]) == (worker["image"], worker["env"])
    assert once["command"] == ["python", "/srv/streaming/topics.py"]
    assert not {"readinessProbe", "livenessProbe", "ports"} & set(once)
    labels = made["job"]["spec"]["template"]["metadata"]["labels"]
    selected = made["deployment"]["spec"]["selector"]["matchLabels"]
    assert not set(selected.items()) <= set(labels.items())


@pytest.mark.parametrize("change", [
    "resources: {limits: {memory: 768Mi}}\n",
    "placement: {nodeSelector: {disk: ssd}}\n",
    "identity: {serviceAccount: other}\n",
    "labels: {team: risk}\n",
    "release: '2'\n",
    "  env: {LEVEL: debug}\n",
    "  rebalance: {drain: 40s}\n",
    "overrides: [{target: kubernetes, file: job.yaml, reason: r,"
    " merge: {spec: {template: {spec: {priorityClassName: low}}}}}]\n",
])  # fmt: skip
def test_another_template_is_another_job(objects: Callable[..., Objects], change: str) -> None:
    """The API server takes no change of a Job's template: two that differ in anything have two names, and the same spec has
    the same Job."""
    before, again, after = objects(KAFKA)["job"], objects(KAFKA)["job"], objects(KAFKA + change)["job"]
    assert before == again
    assert before["spec"]["template"] != after["spec"]["template"]
    assert before["metadata"]["name"] != after["metadata"]["name"]


def test_topics_know_no_registry(objects: Callable[..., Objects]) -> None:
    """What makes the topics is shown to the brokers only: neither the way to a schema registry nor its token, nor
    what the workers' own variables hold."""
    registry = (
        "connections: [{name: schemas, type: https, endpoint: 'https://schemas.example.com', auth: {secret: pair}}, "
    )
    own = "  env: {ZONE: a, TOKEN: {secret: store, key: token}}\nsecrets: [{name: store, keys: [token]}]\n"
    written = SECURE.replace("connections: [", registry).replace("6}", "6, format: avro, registry: schemas}")
    made = objects(written + own)
    ports, names = {}, {}
    for policy, item in (("networkpolicy", "deployment"), ("networkpolicy-topics", "job")):
        ports[item] = [port["port"] for rule in made[policy]["spec"]["egress"] for port in rule["ports"]]
        (container,) = made[item]["spec"]["template"]["spec"]["containers"]
        names[item] = {variable["name"] for variable in container["env"]}
    assert ports == {"deployment": [53, 53, 443, 9093], "job": [53, 53, 9093]}
    assert names["deployment"] - names["job"] == {"PAIR__TOKEN", "TOKEN"}


def test_time_to_drain(objects: Callable[..., Objects]) -> None:
    """A pod is killed only after the time to drain, and what it takes to leave the group."""
    spec = objects(KAFKA + "  rebalance: {drain: 40s}\n")["deployment"]["spec"]["template"]["spec"]
    assert spec["terminationGracePeriodSeconds"] >= 40 + 5


def test_secrets_of_the_connection(objects: Callable[..., Objects]) -> None:
    """What the broker is shown comes by variables, each from a key of a secret."""
    (worker,) = objects(SECURE)["deployment"]["spec"]["template"]["spec"]["containers"]
    found = {item["name"]: item["valueFrom"]["secretKeyRef"] for item in worker["env"]}
    assert found == {
        "KAFKA_CA__CA_PEM": {"name": "kafka-ca", "key": "ca.pem"},
        "KAFKA_USER__PASSWORD": {"name": "kafka-user", "key": "password"},
        "KAFKA_USER__USERNAME": {"name": "kafka-user", "key": "username"},
    }


def test_a_server_and_workers(objects: Callable[..., Objects]) -> None:
    """Two faces are two Deployments of their own images, each scaled by its own load; requests go to one of them."""
    own = "  scaling: {autoscaling: {max: 6, metric: lag}}\n  scoring: realtime\n"
    cpu = 'scaling: {autoscaling: {min: 2, max: 4}}\nresources: {requests: {cpu: "1"}}\n'
    made = objects(KAFKA + own + cpu, pattern="[realtime, streaming]")
    assert {"deployment", "service", "horizontalpodautoscaler"} <= set(made)
    assert {"deployment-streaming", "scaledobject-streaming"} <= set(made)
    images = {made[name]["spec"]["template"]["spec"]["containers"][0]["image"] for name in made if "deployment" in name}
    assert len(images) == 2
    assert made["scaledobject-streaming"]["spec"]["maxReplicaCount"] == 6
    assert made["horizontalpodautoscaler"]["spec"]["maxReplicas"] == 4


def test_workers_reach_the_server_that_they_ask(objects: Callable[..., Objects]) -> None:
    """With `scoring: realtime` the way from workers to the server is open at both ends, whoever else may call."""
    callers = "network: {callers: [{namespace: shop}]}\n"
    made = objects(KAFKA + "  scoring: realtime\n" + callers, pattern="[realtime, streaming]")
    *_, out = made["networkpolicy-streaming"]["spec"]["egress"]
    assert out["ports"] == [{"port": 8080, "protocol": "TCP"}]
    server = made["deployment"]["spec"]["template"]["metadata"]["labels"]
    assert set(out["to"][0]["podSelector"]["matchLabels"].items()) <= set(server.items())
    _, let_in = made["networkpolicy"]["spec"]["ingress"]
    worker = made["deployment-streaming"]["spec"]["template"]["metadata"]["labels"]
    assert set(let_in["from"][0]["podSelector"]["matchLabels"].items()) <= set(worker.items())


def test_several_workers_have_a_budget(objects: Callable[..., Objects]) -> None:
    """Where a node is emptied, one of several goes at a time."""
    made = objects(KAFKA + "scaling: {replicas: 3}\n")
    assert made["poddisruptionbudget"]["spec"]["maxUnavailable"] == 1
    assert made["deployment"]["spec"]["replicas"] == 3
