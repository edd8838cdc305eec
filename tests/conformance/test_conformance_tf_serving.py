"""TensorFlow Serving, whose program can't be had: its own messages read what is emitted, and a stand-in that answers by
its REST paths is asked by the emitted health check and by `servespec smoke`."""

from __future__ import annotations

import shlex
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, message_factory, text_format, wrappers_pb2
from google.protobuf.descriptor_pool import DescriptorPool
from tensorflow_serving.config import model_server_config_pb2, monitoring_config_pb2

from servespec.running.protocols import wire
from servespec.running.smoke import Aim, smoke
from tests.conformance.tf_serving import STATES, TfServing, tf_serving
from tests.projects import HEAD, analyse, made, write

_MODEL = "model: {name: fraud_detector, format: tensorflow, uri: ./saved}\n"
_FILES = {"saved/1/saved_model.pb": "x", "saved/2/saved_model.pb": "x"}
# tensorflow_serving/servables/tensorflow/session_bundle_config.proto, 2.20.0: numbers and kinds of the fields.
_BATCHING = {
    "max_batch_size": (1, "Int64Value"),
    "batch_timeout_micros": (2, "Int64Value"),
    "max_enqueued_batches": (3, "Int64Value"),
    "num_batch_threads": (4, "Int64Value"),
    "thread_pool_name": (5, "StringValue"),
}


def _batching() -> Any:
    """The message of batching parameters, of which no package has the generated class."""
    kind = descriptor_pb2.FieldDescriptorProto
    message = descriptor_pb2.DescriptorProto(name="BatchingParameters")
    for name, (number, wrapper) in _BATCHING.items():
        type_name = f".google.protobuf.{wrapper}"
        message.field.add(
            name=name, number=number, label=kind.LABEL_OPTIONAL, type=kind.TYPE_MESSAGE, type_name=type_name
        )
    pool = DescriptorPool()
    pool.AddSerializedFile(wrappers_pb2.DESCRIPTOR.serialized_pb)
    file = descriptor_pb2.FileDescriptorProto(
        name="session_bundle_config.proto", package="tensorflow.serving", syntax="proto3", message_type=[message]
    )
    file.dependency.append("google/protobuf/wrappers.proto")
    pool.Add(file)
    found = pool.FindMessageTypeByName("tensorflow.serving.BatchingParameters")
    return message_factory.GetMessageClass(found)()


def _emitted(project: Path, more: str = "") -> dict[str, str]:
    analysis = analyse(write(project, HEAD + _MODEL + more, _FILES))
    assert analysis.ok, analysis.report
    return made(analysis)


def _model(text: str) -> Any:
    (model,) = text_format.Parse(text, model_server_config_pb2.ModelServerConfig()).model_config_list.config
    return model


def test_conformance_models_config(tmp_path: Path) -> None:
    """The server reads the model's name, its folder in the image, the one version and its labels."""
    text = _emitted(tmp_path, "targets: {tf-serving: {versions: [2, 1], labels: {stable: 1, canary: 2}}}\n")
    model = _model(text["tf-serving/models.config"])
    assert (model.name, model.base_path, model.model_platform) == (
        "fraud_detector",
        "/models/fraud_detector",
        "tensorflow",
    )
    assert list(model.model_version_policy.specific.versions) == [1, 2]
    assert dict(model.version_labels) == {"stable": 1, "canary": 2}


@pytest.mark.parametrize(
    ("more", "choice", "versions"),
    [("", "specific", [1]), ("targets: {tf-serving: {versions: latest}}\n", "latest", [])],
)
def test_conformance_version_policy(tmp_path: Path, more: str, choice: str, versions: list[int]) -> None:
    """Without a word the model's own version is served; `latest` is the newest one alone."""
    policy = _model(_emitted(tmp_path, more)["tf-serving/models.config"]).model_version_policy
    assert policy.WhichOneof("policy_choice") == choice
    assert list(policy.specific.versions) == versions
    assert policy.latest.num_versions == (1 if choice == "latest" else 0)


def test_conformance_batching_and_monitoring(tmp_path: Path) -> None:
    """Numbers of batching are messages, as the server wants them; metrics are on."""
    emitted = _emitted(tmp_path, "runtime: {workers: 3, microBatch: {size: 8, delay: 2ms}}\n")
    found = text_format.Parse(emitted["tf-serving/batching_parameters.txt"], _batching())
    assert (found.max_batch_size.value, found.batch_timeout_micros.value) == (8, 2000)
    assert (found.num_batch_threads.value, found.max_enqueued_batches.value) == (3, 100)
    metrics = text_format.Parse(emitted["tf-serving/monitoring.config"], monitoring_config_pb2.MonitoringConfig())
    assert metrics.prometheus_config.enable
    assert metrics.prometheus_config.path == "/monitoring/prometheus/metrics"
    with pytest.raises(text_format.ParseError):
        text_format.Parse("max_batch_size: 8", _batching())


def test_conformance_no_batching(tmp_path: Path) -> None:
    """The server does not start with parameters of batching while batching is off, so there are none then."""
    emitted = _emitted(tmp_path)
    assert "tf-serving/batching_parameters.txt" not in emitted
    assert "batching" not in emitted["docker/Dockerfile"]


@pytest.fixture
def server() -> Iterator[TfServing]:
    """The stand-in, with no version yet."""
    with tf_serving("fraud_detector") as one:
        yield one


def _health(project: Path, port: int, more: str = "") -> int:
    """The exit code of the emitted health check, called as in the image but for the port."""
    emitted = _emitted(project, more)
    script = project / "healthcheck.sh"
    script.write_text(emitted["tf-serving/healthcheck.sh"])
    (line,) = [line for line in emitted["docker/Dockerfile"].splitlines() if line.startswith("HEALTHCHECK ")]
    shell, _, path, number, seconds = shlex.split(line.partition(" CMD ")[2].strip("[]").replace(",", " "))
    assert (number, seconds) == ("8501", "5")
    return subprocess.run([shell, script, path, str(port), "1"], env={}).returncode


@pytest.mark.parametrize("state", STATES)
def test_conformance_health(server: TfServing, tmp_path: Path, state: str) -> None:
    """Healthy is a version that answers, and no other state of it, though the server tells them all with a 200."""
    server.states = {1: state}
    assert server.say("/v1/models/fraud_detector")[0] == 200
    assert (_health(tmp_path, server.server_port) == 0) == (state == "AVAILABLE")


def test_conformance_health_of_the_version(server: TfServing, tmp_path: Path) -> None:
    """Another version that answers is not enough, but with `latest` it is."""
    server.states = {1: "LOADING", 2: "AVAILABLE"}
    assert _health(tmp_path, server.server_port) == 1
    assert _health(tmp_path, server.server_port, "targets: {tf-serving: {versions: latest}, docker: {}}\n") == 0


def test_conformance_health_without_a_model(server: TfServing, tmp_path: Path) -> None:
    """A server without the model, one that says nothing, and none at all are not healthy, and none takes for ever."""
    assert _health(tmp_path, server.server_port) == 1
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        assert _health(tmp_path, port) == 1
    assert _health(tmp_path, port) == 1


_EXAMPLE = "examples: [{name: one, request: {instances: [[1, 2]]}, expect: {predictions: [[0.5]]}}]\n"


@pytest.mark.parametrize("state", ["LOADING", "AVAILABLE", "END"])
def test_conformance_smoke(server: TfServing, tmp_path: Path, state: str) -> None:
    """A smoke test waits for the version that answers: one that loads, or that failed to, is not taken for it."""
    server.states = {1: state}
    deployment = analyse(write(tmp_path, HEAD + _MODEL + _EXAMPLE, _FILES)).deployment
    assert deployment is not None
    how = wire(deployment)
    assert how is not None
    patience = 30 if state == "AVAILABLE" else 0.1
    aim = Aim(url=f"http://127.0.0.1:{server.server_port}", wait_seconds=patience, answer_seconds=20)
    problems = [verdict.problem for verdict in smoke(deployment, how, aim)]
    assert (problems == [None]) == (state == "AVAILABLE")
