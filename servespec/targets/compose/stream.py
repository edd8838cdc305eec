"""A stream on one machine: a broker for development, what makes its topics, and a worker."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.mirrors import place_of
from servespec.deployment.streaming import NATS, Streaming
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import REALTIME, STREAMING, serves, service_name
from servespec.emit.quoted import Data, traced
from servespec.runtimes import brokers as facts
from servespec.targets.container import Container
from servespec.targets.streaming.topics import SCRIPT

BROKER = "broker"
"""The service that stands in for the brokers of the spec, by which the others call it."""
_PIDS = 512


def services(deployment: Deployment, worker: dict[str, Data], runs: Container) -> Iterator[tuple[str, dict[str, Data]]]:
    """The services of a stream; `worker` is what any service of an image of ours has."""
    streaming = deployment.streaming
    assert streaming is not None
    kind, topics = streaming.source.kind, f"{deployment.name}-topics"
    address = f"{BROKER}:{facts.STACK_PORTS.value[kind]}"
    command: list[Data] = [traced(f"--broker={address}", "fact:brokers.STACK_PORTS")]
    yield BROKER, _broker(deployment, streaming)
    yield topics, {**_once(worker, runs), "command": command, "depends_on": [BROKER]}
    after: dict[str, Data] = {topics: {"condition": "service_completed_successfully"}}
    if streaming.scoring == REALTIME and serves(deployment):
        after[deployment.name] = {"condition": "service_healthy"}
    yield service_name(deployment, STREAMING), {**worker, "command": command, "depends_on": after}


def _once(worker: dict[str, Data], runs: Container) -> dict[str, Data]:
    """The image of a worker, told to do something else, which ends."""
    left_out = ("healthcheck", "stop_grace_period", "restart")
    entrypoint = traced(["python", f"{runs.home}/{SCRIPT}"], runs.why)
    return {**{key: value for key, value in worker.items() if key not in left_out}, "entrypoint": entrypoint}


def _broker(deployment: Deployment, streaming: Streaming) -> dict[str, Data]:
    """One node, whose events end with it."""
    kind = streaming.source.kind
    port = facts.HOST_PORTS.value[kind]
    image = place_of(facts.IMAGES.value[kind], deployment)
    data: dict[str, Data] = {"image": traced(image, "fact:brokers.IMAGES")}
    if kind == NATS:
        data["command"] = traced([*facts.NATS_COMMAND.value], "fact:brokers.NATS_COMMAND")
    else:
        data["environment"] = traced({**facts.KAFKA_ENV.value}, "fact:brokers.KAFKA_ENV")
    limits: dict[str, Data] = {
        "memory": traced(facts.BROKER_MEMORY.value[kind], "fact:brokers.BROKER_MEMORY"),
        "pids": _PIDS,
    }
    return {
        **data,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "ports": [traced(f"127.0.0.1:{port}:{port}", "fact:brokers.HOST_PORTS")],
        "restart": "unless-stopped",
        "deploy": {"resources": {"limits": limits}},
    }
