"""Workers that show who they are, and want to be shown it: TLS with and without a certificate of their own, and SASL.

Tansu does not speak TLS here (0.6 takes `--cert` and `--key` one at a time only): a proxy of the tests does in front of it.
It asks for SCRAM, but lets nobody make its first user: what is shown of SASL is that a worker is refused, and ends.
"""

from __future__ import annotations

import ast
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Project
from tests.e2e.streaming.conftest import Worker, payments, until
from tests.e2e.streaming.kafka import Broker, Proxy, ids

pytestmark = pytest.mark.e2e

_MODEL = Path(__file__).parents[3] / "examples" / "13-batch-onnx" / "model" / "fraud_detector.onnx"
_CERTIFICATE = Path(__file__).parents[1] / "programs" / "certificate.py"
_SPEC = """\
apiVersion: servespec/v1
name: fraud
pattern: streaming
model: {{ format: onnx, uri: ./model.onnx }}
signature: {{ inputs: {{ tensors: [{{ name: input, datatype: FP32, shape: [-1, 4] }}] }} }}
connections: [{{ name: events, type: kafka, brokers: ["127.0.0.1:{port}"], {shown} }}]
streaming:
  source: {{ connection: events, topic: payments }}
  sink: {{ topic: scores }}
  features: [amount, category, hour, day]
  rebalance: {{ session: 6s }}
targets: {{ streaming: }}
"""
_OWN = "auth: { secret: worker, keys: { certificate: tls.crt, privateKey: tls.key } }"
_TLS = "tls: { ca: { secret: broker-ca } }"
Secured = Callable[[int, str], Project]


@pytest.fixture
def secured(tmp_path: Path, build: Callable[[Path], Project]) -> Secured:
    """Compiles a worker whose connection is shown things."""

    def make(port: int, shown: str) -> Project:
        folder = tmp_path / "project"
        folder.mkdir()
        (folder / "model.onnx").write_bytes(_MODEL.read_bytes())
        (folder / "serving.yaml").write_text(_SPEC.format(port=port, shown=shown))
        return build(folder)

    return make


@pytest.fixture(scope="session")
def certificates(environment: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with certificates and keys of a broker, of a worker, and of somebody else."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("broker", "worker", "other"):
        command = [environment("fetch"), _CERTIFICATE, folder / f"{name}.crt", folder / f"{name}.key", name]
        subprocess.run(command, check=True)
    return folder


def _variables(project: Project, values: dict[str, str]) -> dict[str, str]:
    """What the worker reads, by the variables that its literal names: values by what the client calls them."""
    tree = ast.parse(project.emitted("streaming/stream.py").read_text())
    (literal,) = (item.value for item in tree.body if isinstance(item, ast.Assign) and item.targets[0].id == "SPEC")  # type: ignore[attr-defined]
    named: dict[str, Any] = ast.literal_eval(literal)["source"]["secrets"]
    assert named.keys() == values.keys()
    return {named[name]["env"]: value for name, value in values.items()}


@pytest.mark.parametrize("own", [False, True])
def test_tls(
    own: bool, secured: Secured, certificates: Path, brokers: Callable[..., Broker], run: Callable[..., Worker],
    free_ports: Callable[[int], list[int]],
) -> None:  # fmt: skip
    """Through TLS, with a certificate of the worker's own when the broker wants one, each event has its prediction; all that
    is shown comes from variables. A worker that trusts somebody else, or shows a wrong certificate, says what it waits for."""
    behind, before = free_ports(2)
    texts = {file.name: file.read_text() for file in certificates.iterdir()}

    def shown(ca: str, who: str) -> dict[str, str]:
        mine = {"ssl.certificate.pem": texts[f"{who}.crt"], "ssl.key.pem": texts[f"{who}.key"]}
        return {"ssl.ca.pem": texts[f"{ca}.crt"], **(mine if own else {})}

    Proxy(before, behind, tls=_context(certificates, wants=own))
    process = brokers(behind, advertised=before).process
    broker = Broker(process, f"127.0.0.1:{before}", {"security.protocol": "SSL", **shown("broker", "worker")})
    broker.topics("payments", "scores", "scores.dead")
    broker.write("payments", payments(500))
    project = secured(before, f"{_OWN}, {_TLS}" if own else _TLS)
    model = f"--model={project.folder / 'model.onnx'}"
    wrong = run(project, model, env=_variables(project, shown("broker" if own else "other", "other")))
    until(lambda: "SSL" in wrong.asked("/ready")[1])
    wrong.stop()
    worker = run(project, model, env=_variables(project, shown("broker", "worker")))
    assert set(ids(broker.read("scores", 500))) == set(range(500))
    worker.stop()


def _context(certificates: Path, *, wants: bool) -> ssl.SSLContext:
    """How the broker shows itself; when it wants so, only the worker's certificate is good enough."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "broker.crt", certificates / "broker.key")
    if wants:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificates / "worker.crt")
    return context


def test_a_login_that_is_refused(
    secured: Secured, brokers: Callable[..., Broker], run: Callable[..., Worker], free_ports: Callable[[int], list[int]]
) -> None:
    """A broker that knows no such user ends the worker, which says so in a sentence."""
    (port,) = free_ports(1)
    brokers(port, "--authentication")
    project = secured(port, "auth: { secret: worker }")
    known = _variables(project, {"sasl.username": "ada", "sasl.password": "lovelace"})
    worker = run(project, f"--model={project.folder / 'model.onnx'}", env=known)
    assert worker.process.wait(30) == 8
    assert "kafka refuses" in worker.told
    assert "SASL" in worker.told
    assert "Traceback" not in worker.told
    assert "lovelace" not in worker.told
