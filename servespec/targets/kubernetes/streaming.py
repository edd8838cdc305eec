"""What workers of a stream have besides their pods: topics that are made first, and a scaler that asks the broker."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import cast

from servespec.deployment.called import TOPICS
from servespec.deployment.canonical import as_data
from servespec.deployment.cluster import Autoscaling
from servespec.deployment.connections import Connection
from servespec.deployment.streaming import KAFKA, Source
from servespec.deployment.types import Deployment
from servespec.deployment.workers import topic_maker
from servespec.deployment.workloads import STREAMING
from servespec.emit.quoted import Data, plain, traced
from servespec.records import replace
from servespec.runtimes import brokers as facts
from servespec.runtimes.operators import KEDA
from servespec.targets.container import Container
from servespec.targets.kube.load import keda_bounds
from servespec.targets.kube.members import Member, metadata, pod_labels
from servespec.targets.kube.pod import pod_spec
from servespec.targets.streaming.clients import keys, named
from servespec.targets.streaming.topics import SCRIPT

_WHY = "streaming.scaling.autoscaling"


def topics_of(member: Member) -> Member:
    """What makes the topics, with labels of its own: it is none of the workers."""
    return replace(member, name=f"{member.name.removesuffix(STREAMING)}{TOPICS}", component=TOPICS)


def topics_job(deployment: Deployment, member: Member) -> dict[str, Data]:
    """The Job that makes the topics and streams that are not there yet. A Job can't be changed, so what differs is
    another one: its name follows from what it is made of."""
    runs, head = member.image.container, metadata(deployment, member)
    pod = pod_spec(topic_maker(deployment), member, name=TOPICS)
    spec: dict[str, Data] = {
        "backoffLimit": traced(facts.TOPICS_TRIES.value, "fact:brokers.TOPICS_TRIES"),
        "ttlSecondsAfterFinished": traced(facts.TOPICS_KEPT_SECONDS.value, "fact:brokers.TOPICS_KEPT_SECONDS"),
        "template": {
            "metadata": {"labels": pod_labels(deployment, member)},
            "spec": {**pod, "containers": [_once(pod, runs)], "restartPolicy": "Never"},
        },
    }
    head["name"] = traced(f"{member.name}-{_digest(deployment, spec)}", "name", "image.repository")
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": head, "spec": spec}


def _digest(deployment: Deployment, spec: Data) -> str:
    """12 hex digits over a Job's spec, and over what the deployment's overrides may make of it afterwards."""
    changes = [as_data(item.merge) for item in deployment.overrides if item.target == "kubernetes"]
    return hashlib.sha256(json.dumps([plain(spec), changes], sort_keys=True).encode()).hexdigest()[:12]


def _once(pod: Mapping[str, Data], runs: Container) -> dict[str, Data]:
    """The container of a worker, told to do something else, which ends: nobody asks whether it is ready."""
    (container,) = cast("list[dict[str, Data]]", pod["containers"])
    ended = ("ports", "startupProbe", "readinessProbe", "livenessProbe", "lifecycle")
    command = traced(["python", f"{runs.home}/{SCRIPT}"], runs.why)
    return {**{key: value for key, value in container.items() if key not in ended}, "command": command}


def by_lag(deployment: Deployment, member: Member, scaling: Autoscaling) -> dict[str, Data]:
    """A ScaledObject by the events that wait for the group, which the broker knows."""
    streaming = deployment.streaming
    assert streaming is not None
    return {
        "apiVersion": KEDA.value,
        "kind": "ScaledObject",
        "metadata": metadata(deployment, member),
        "spec": {
            "scaleTargetRef": {"name": member.name},
            **keda_bounds(scaling, why=_WHY),
            "triggers": [_trigger(deployment, member, scaling, streaming.source)],
        },
    }


def _trigger(deployment: Deployment, member: Member, scaling: Autoscaling, source: Source) -> Data:
    connection, threshold = named(deployment, source.connection), traced(str(scaling.target), f"{_WHY}.target")
    if source.kind != KAFKA:
        return {
            "type": "nats-jetstream",
            "metricType": "AverageValue",
            "metadata": _nats(connection, source, threshold),
        }
    trigger: dict[str, Data] = {
        "type": "kafka",
        "metricType": "AverageValue",
        "metadata": _kafka(connection, source, threshold),
    }
    if keys(connection):
        trigger["authenticationRef"] = {"name": traced(member.name, "name")}
    return trigger


def _kafka(connection: Connection, source: Source, threshold: Data) -> dict[str, Data]:
    """The metadata of KEDA's scaler, all of it text. That a group begins at the same place as its workers do, keeps
    the scaler from taking a topic for empty that nobody has read yet."""
    data: dict[str, Data] = {
        "bootstrapServers": traced(",".join(connection.brokers), "connections"),
        "consumerGroup": traced(source.group, "streaming.source.group", "name"),
        "topic": traced(source.topic, "streaming.source.topic"),
        "lagThreshold": threshold,
        "offsetResetPolicy": traced(source.offset_reset, "streaming.source.offsetReset"),
    }
    shown = connection.credentials
    if shown and shown.mechanism:
        data["sasl"] = traced(facts.KEDA_MECHANISMS.value[shown.mechanism], "connections")
    if connection.tls:
        data["tls"] = traced("enable", "connections")
    return data


def _nats(connection: Connection, source: Source, threshold: Data) -> dict[str, Data]:
    monitoring = connection.endpoint or f"{connection.brokers[0].rpartition(':')[0]}:{facts.NATS_MONITORING.value}"
    return {
        "natsServerMonitoringEndpoint": traced(monitoring, "connections", "fact:brokers.NATS_MONITORING"),
        "account": traced(facts.NATS_ACCOUNT.value, "fact:brokers.NATS_ACCOUNT"),
        "stream": traced(source.stream, "streaming.source.stream"),
        "consumer": traced(source.group, "streaming.source.group", "name"),
        "lagThreshold": threshold,
    }


def authentication(deployment: Deployment, member: Member) -> dict[str, Data] | None:
    """The TriggerAuthentication by which KEDA shows the broker what the workers show it; None where that is nothing."""
    streaming = deployment.streaming
    assert streaming is not None
    connection = named(deployment, streaming.source.connection)
    shown = keys(connection)
    if streaming.source.kind != KAFKA or not shown:
        return None
    parameters = facts.KEDA_PARAMETERS.value
    return {
        "apiVersion": KEDA.value,
        "kind": "TriggerAuthentication",
        "metadata": metadata(deployment, member),
        "spec": {
            "secretTargetRef": [
                traced({"parameter": parameters[held], "name": key.secret, "key": key.key}, "connections")
                for held, key in shown.items()
            ]
        },
    }
