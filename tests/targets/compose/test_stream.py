"""A stream in compose: a broker for development, its topics, and a worker that waits for both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.streams import KAFKA, NATS, SECURE, compiled


@pytest.fixture
def services(tmp_path: Path) -> Callable[..., Any]:
    """The services of a spec."""

    def compile_(blocks: str, *, pattern: str = "streaming") -> Any:
        text = compiled(tmp_path, f"{blocks}targets: {{compose: }}\n", pattern=pattern)["compose/compose.yaml"]
        return YAML(typ="safe").load(text)["services"]

    return compile_


@pytest.mark.parametrize(("blocks", "port"), [(KAFKA, 19092), (NATS, 4222)])
def test_one_broker_for_all(services: Callable[..., Any], blocks: str, port: int) -> None:
    """Topics and worker are told of the broker beside them, and wait for what is before them."""
    found = services(blocks)
    assert set(found) == {"broker", "fraud-detector-topics", "fraud-detector-streaming"}
    topics, worker = found["fraud-detector-topics"], found["fraud-detector-streaming"]
    assert topics["command"] == worker["command"] == [f"--broker=broker:{port}"]
    assert topics["entrypoint"] == ["python", "/srv/streaming/topics.py"]
    assert topics["depends_on"] == ["broker"]
    assert worker["depends_on"] == {"fraud-detector-topics": {"condition": "service_completed_successfully"}}
    assert (topics["image"], topics["build"]) == (worker["image"], worker["build"])


def test_kafka_is_its_own_controller(services: Callable[..., Any]) -> None:
    """A node in KRaft mode, which tells the stack and the machine each an address that leads to it."""
    env = services(KAFKA)["broker"]["environment"]
    assert env["KAFKA_PROCESS_ROLES"] == "broker,controller"
    assert env["KAFKA_ADVERTISED_LISTENERS"] == "HOST://127.0.0.1:9092,STACK://broker:19092"
    names = {listener.partition(":")[0] for listener in env["KAFKA_LISTENERS"].split(",")}
    known = {pair.partition(":")[0] for pair in env["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")}
    assert names == known == {"CONTROLLER", "HOST", "STACK"}


def test_loopback_only(services: Callable[..., Any]) -> None:
    """Nobody else in the network sees the broker, and nobody at all a port of the worker."""
    found = services(KAFKA)
    assert found["broker"]["ports"] == ["127.0.0.1:9092:9092"]
    assert "ports" not in found["fraud-detector-streaming"]


def test_no_secret_of_the_real_broker(services: Callable[..., Any]) -> None:
    """What the brokers of the spec are shown, the one for development does not ask for; the spec's variables stay."""
    found = services(SECURE + "  env: {OMP_NUM_THREADS: '2'}\n")
    assert found["fraud-detector-streaming"]["environment"] == {"OMP_NUM_THREADS": "2"}


def test_a_server_beside_it(services: Callable[..., Any]) -> None:
    """A worker that asks the server starts when that is healthy."""
    found = services(KAFKA + "  scoring: realtime\n", pattern="[realtime, streaming]")
    assert found["fraud-detector-streaming"]["depends_on"]["fraud-detector"] == {"condition": "service_healthy"}
    assert "ports" in found["fraud-detector"]
