"""Workers with models of every format, in their own libraries, and with one that is served elsewhere."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Project
from tests.e2e.oip import program, serve
from tests.e2e.streaming.conftest import COLUMNS, Worker, payments, until
from tests.e2e.streaming.kafka import Broker

pytestmark = pytest.mark.e2e

_ROOT = Path(__file__).parents[3]
_FILES = Path(__file__).parents[1] / "programs" / "batch_files.py"
_TORCH = _ROOT / "examples" / "01-torchserve-fraud-detector" / "model"
_ONNX = _ROOT / "examples" / "02-onnxruntime-fraud-detector" / "model"
_COUNT = 300
_SPEC = """\
apiVersion: servespec/v1
name: fraud
pattern: {pattern}
model: {model}
signature: {{ inputs: {{ {inputs} }} }}
connections: [{{ name: events, type: kafka, brokers: ["127.0.0.1:9092"], auth: none }}]
streaming:
  source: {{ connection: events, topic: payments }}
  sink: {{ topic: scores }}
  deadLetter: {{ topic: payments.dead }}
  features: [amount, category, hour, day]
  keep: [id]
  append: {{ prediction: fraud, probability: p }}
  rebalance: {{ session: 6s }}
{more}
"""
_NUMBERS = "columns: { amount: FP64, category: INT64, hour: INT64, day: INT64 }"
_DOUBLES = "tensors: [{ name: input, datatype: FP64, shape: [-1, 4] }]"
_FLOATS = "tensors: [{ name: input, datatype: FP32, shape: [-1, 4] }]"
_REQUIREMENTS = "image: { requirements: requirements.txt }\ntargets: { streaming: }"
_ASKS = "  scoring: realtime\ntargets: { onnxruntime: , streaming: }"
Compiled = Callable[..., Project]


@pytest.fixture
def compiled(tmp_path: Path, build: Callable[[Path], Project]) -> Compiled:
    """Compiles a worker for a model that lies in a folder."""

    def make(files: Path, model: str, inputs: str, *, pattern: str = "streaming", more: str = "") -> Project:
        folder = tmp_path / "project"
        shutil.copytree(files, folder / "model")
        (folder / "requirements.txt").write_text("torch==2.13.0\nnumpy==2.4.6\n")
        (folder / "serving.yaml").write_text(_SPEC.format(model=model, inputs=inputs, pattern=pattern, more=more))
        return build(folder)

    return make


@pytest.fixture(scope="session")
def clients(python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables by which another environment finds the client of Kafka, and nothing else of the workers'."""
    folder = tmp_path_factory.mktemp("clients")
    (packages,) = python.parents[1].glob("lib/python*/site-packages")
    for name in ("confluent_kafka", "confluent_kafka.libs"):
        (folder / name).symlink_to(packages / name)
    return {"PYTHONPATH": str(folder)}


@pytest.fixture(scope="session")
def trained(environment: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a classifier of payments in each format."""
    folder = tmp_path_factory.mktemp("trained") / "model"
    _asked(environment("batch"), "train", str(folder))
    return folder


def _asked(python: Path, function: str, *given: Any) -> Any:
    """What a function of the program that writes files and asks libraries says."""
    command = [python, _FILES, function, *map(json.dumps, given)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _scored(broker: Broker, count: int) -> list[dict[str, Any]]:
    """Predictions in the order of their events."""
    found = [json.loads(message.value()) for message in broker.read("scores", count, quiet=0.5)]
    assert not broker.read("payments.dead", 1, seconds=0.2)
    return sorted(found, key=lambda value: value["id"])


@pytest.mark.parametrize(
    ("kind", "file", "inputs"),
    [
        ("sklearn", "forest.joblib", _NUMBERS),
        ("xgboost", "classifier.json", _NUMBERS),
        ("lightgbm", "booster.txt", _DOUBLES),
        ("mlflow", "mlflow", _NUMBERS),
    ],
)
def test_a_format(
    kind: str, file: str, inputs: str, trained: Path, compiled: Compiled, broker: Broker, run: Callable[..., Worker],
    environment: Callable[[str], Path], clients: dict[str, str], tmp_path: Path,
) -> None:  # fmt: skip
    """Classes and probabilities are the library's own."""
    python, events = environment("batch"), tmp_path / "events.jsonl"
    _asked(python, "write", str(events), _COUNT)
    truth = _asked(python, "truth", kind, str(trained / file), _COUNT)
    project = compiled(trained, f"{{ format: {kind}, uri: ./model/{file} }}", inputs)
    broker.write("payments", map(json.loads, events.read_text().splitlines()))
    model = project.folder / "model" / file
    worker = run(project, f"--broker={broker.address}", f"--model={model}", by=python, env=clients)
    found = _scored(broker, _COUNT)
    assert [value["fraud"] for value in found] == truth["prediction"]
    assert [value["p"] for value in found] == pytest.approx(truth["probability"], rel=0, abs=1e-6)
    worker.stop()


def test_torch(
    compiled: Compiled, broker: Broker, run: Callable[..., Worker], torch_python: Path, clients: dict[str, str]
) -> None:
    """A state dict with its class gives the probabilities that torch itself gives."""
    project = compiled(_TORCH, "{ format: pytorch, uri: ./model }", _FLOATS, more=_REQUIREMENTS)
    events = payments(_COUNT)
    weights = project.folder / "model" / "fraud_detector.pt"
    truth = program(torch_python, "torch_model.py", weights.parent, weights,
                    asked=[[event[name] for name in COLUMNS] for event in events])  # fmt: skip
    broker.write("payments", events)
    worker = run(project, f"--broker={broker.address}", f"--model={weights}", by=torch_python, env=clients)
    assert [value["p"] for value in _scored(broker, _COUNT)] == pytest.approx(truth, rel=0, abs=1e-6)
    worker.stop()


def test_a_model_that_is_served(
    compiled: Compiled, broker: Broker, run: Callable[..., Worker], environment: Callable[[str], Path],
    free_ports: Callable[[int], list[int]], truth: Callable[[Any], dict[int, tuple[int, float]]], tmp_path: Path,
) -> None:  # fmt: skip
    """With `scoring: realtime` the worker asks the server of the same spec. While that is away events wait, and the worker
    says what it waits for; then each event has the model's own prediction."""
    model = "{ format: onnx, uri: ./model/fraud_detector.onnx }"
    project = compiled(_ONNX, model, _FLOATS, pattern="[realtime, streaming]", more=_ASKS)
    events, python, ports = payments(2 * _COUNT), environment("onnxruntime"), free_ports(3)
    broker.write("payments", events[:_COUNT])
    with serve(project, tmp_path / "first", python=python, ports=ports) as server:
        server.wait_until_ready()
        service = f"http://127.0.0.1:{ports[0]}/v2/models/fraud/infer"
        worker = run(project, f"--broker={broker.address}", f"--service={service}")
        assert len(_scored(broker, _COUNT)) == _COUNT
    broker.write("payments", events[_COUNT:])
    until(lambda: worker.asked("/ready")[0] == 503)
    assert f"{service} does not answer" in worker.asked("/ready")[1]
    with serve(project, tmp_path / "second", python=python, ports=ports):
        found = _scored(broker, 2 * _COUNT)
        worker.stop()
    said = truth(events)
    labels, odds = zip(*(said[number] for number in range(2 * _COUNT)), strict=True)
    assert [value["fraud"] for value in found] == list(labels)
    assert [value["p"] for value in found] == pytest.approx(odds, abs=1e-6)
