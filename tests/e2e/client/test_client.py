"""The emitted clients, run as programs against the real servers that `servespec run` starts."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.oip import program

pytestmark = pytest.mark.e2e

_EXAMPLES = Path(__file__).parents[3] / "examples"
_ROWS = [[86.2, 4, 13, 1], [1850.0, 10, 3, 6], [310.0, 11, 2, 5]]
_FLOWERS = [[5.1, 3.5, 1.4, 0.2], [6.0, 2.7, 4.1, 1.2], [7.2, 3.2, 6.0, 1.9]]
_COLUMNS = ["amount", "category_encoded", "hour", "day_of_week"]


@dataclass(frozen=True)
class Case:
    """An example, the environment that its server runs in, the rows to ask for, and where in an answer the numbers are."""

    example: str
    environment: str
    rows: list[list[float]]
    numbers: Callable[[Any], Any]
    grpc: bool = True


_CASES = [
    Case(
        "01-torchserve-fraud-detector", "torchserve", _ROWS, lambda found: [item["fraud_probability"] for item in found]
    ),
    Case("02-onnxruntime-fraud-detector", "onnxruntime", _ROWS, lambda found: found["probabilities"]),
    Case("03-mlserver-sklearn", "mlserver", _FLOWERS, lambda found: found["predict_proba"]),
    Case("04-mlflow-fraud-detector", "mlflow", _ROWS, lambda found: found, grpc=False),
]


def _truth(case: Case, python: Path, model: Path) -> Any:
    """What the model itself says, without a server."""
    match case.environment:
        case "torchserve":
            return program(python, "torch_model.py", model, model / "fraud_detector.pt", asked=case.rows)
        case "onnxruntime":
            (flat,) = program(
                python, "model_says.py", "onnx", model / "fraud_detector.onnx", "probabilities", asked=[case.rows]
            )
            return [flat[at : at + 2] for at in range(0, len(flat), 2)]
        case "mlserver":
            (flat,) = program(
                python, "model_says.py", "sklearn", model / "iris.joblib", "predict_proba", asked=[case.rows]
            )
            return [flat[at : at + 3] for at in range(0, len(flat), 3)]
        case _:
            return program(python, "mlflow_model.py", model, asked={"columns": _COLUMNS, "data": case.rows})


@dataclass(frozen=True)
class Served:
    """An example that is served, and its clients."""

    case: Case
    folder: Path
    truth: Any

    def runs(self, client: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """One call of a client in the project folder."""
        (path,) = self.folder.glob(f"deploy/*/client/{client}")
        (token,) = list(self.folder.glob(".servespec/run/*/token")) or [None]
        options = [f"--token-file={token}"] if token else []
        command = [sys.executable, "-I", str(path), *options, *arguments]
        return subprocess.run(command, cwd=self.folder, input=given, capture_output=True, text=True, timeout=60)

    def says(self, client: str, *arguments: str, given: str = "") -> Any:
        """The answer that a client prints."""
        done = self.runs(client, *arguments, given=given)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module", params=_CASES, ids=lambda case: case.environment)
def served(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    environment: Callable[[str], Path],
    free_ports: Callable[[int], list[int]],
) -> Iterator[Served]:
    """Each example, built and run from a clean folder on free ports."""
    case: Case = request.param
    python = environment(case.environment)
    folder = tmp_path_factory.mktemp("project")
    ignored = shutil.ignore_patterns("deploy", "__pycache__", "*.whl")
    shutil.copytree(_EXAMPLES / case.example, folder, ignore=ignored, dirs_exist_ok=True)
    rest, grpc = free_ports(2)
    ports = f"protocols: {{ rest: {rest}, grpc: {grpc} }}" if case.grpc else f"protocols: {{ rest: {rest} }}"
    spec = folder / "serving.yaml"
    text = spec.read_text()
    old = "\nruntime:\n" if "\nruntime:\n" in text else "\nexamples:\n"
    spec.write_text(text.replace(old, f"\nruntime:\n  {ports}\n{'' if 'runtime' in old else 'examples:'}\n"))
    servespec = [sys.executable, "-m", "servespec"]
    subprocess.run([*servespec, "build", "serving.yaml"], cwd=folder, check=True, capture_output=True)
    command = [*servespec, "run", "--venv", str(python.parents[1])]
    log = folder / "run.log"
    with log.open("w") as file, subprocess.Popen(command, cwd=folder, stdout=-1, stderr=file, text=True) as run:
        try:
            assert run.stdout is not None
            assert run.stdout.readline().startswith("ready: "), log.read_text()[-4000:]
            yield Served(case, folder, _truth(case, python, folder / "model"))
        finally:
            os.kill(run.pid, signal.SIGINT)
            run.wait(60)


def _clients(case: Case) -> list[str]:
    return ["rest.py", "rpc.py"] if case.grpc else ["rest.py"]


def test_rows(served: Served) -> None:
    """Rows from the command line and from standard input get the model's own numbers, over each protocol."""
    for client in _clients(served.case):
        answers = [
            served.says(client, json.dumps(served.case.rows)),
            served.says(client, "-", given=json.dumps(served.case.rows)),
        ]
        for answer in answers:
            assert _flat(served.case.numbers(answer)) == pytest.approx(_flat(served.truth), rel=0, abs=1e-6)


def _flat(values: Any) -> list[float]:
    return [number for item in values for number in _flat(item)] if isinstance(values, list) else [values]


def test_one_row(served: Served) -> None:
    """A row alone will do, by the names of the columns too where they have names."""
    row, wanted = served.case.rows[1], pytest.approx(_flat(served.truth[1]), rel=0, abs=1e-6)
    for client in _clients(served.case):
        assert _flat(served.case.numbers(served.says(client, json.dumps(row)))) == wanted
        if served.case.environment in ("torchserve", "mlflow"):
            named = json.dumps(dict(reversed(list(zip(_COLUMNS, row, strict=True)))))
            assert _flat(served.case.numbers(served.says(client, named))) == wanted


def test_the_first_example(served: Served, fits: Callable[..., bool]) -> None:
    """REST prints the whole answer, which is as the spec expects."""
    import yaml

    example = yaml.safe_load((served.folder / "serving.yaml").read_text())["examples"][0]
    assert fits(served.says("rest.py"), example["expect"], example.get("tolerance", 1e-6))
    if served.case.grpc:
        assert served.says("rpc.py")


def test_a_refusal(served: Served) -> None:
    """What the model can't take is refused by the client, or by the server with its reason; the exit code says which."""
    for client in _clients(served.case):
        done = served.runs(client, '[["no", "numbers", "at", "all"]]')
        assert (done.returncode, done.stdout) in ((1, ""), (2, ""))
        assert done.stderr.startswith(("Refused: ", "BadInput: "))


def test_a_missing_number(served: Served) -> None:
    """NaN arrives as such at a server of ONNX, by JSON that has no word for it as by gRPC."""
    if served.case.environment == "onnxruntime":
        rest, rpc = (served.runs(client, "[[NaN, 4, 13, 1]]") for client in ("rest.py", "rpc.py"))
        assert (rest.returncode, rpc.returncode) == (0, 0), rest.stderr + rpc.stderr
        found, wanted = (
            _flat(served.case.numbers(json.loads(run.stdout.replace("NaN", "null")))) for run in (rest, rpc)
        )
        assert found == pytest.approx(wanted, rel=0, abs=1e-6)


def test_without_the_token(served: Served) -> None:
    """TorchServe answers nobody who does not show its key."""
    if served.case.environment == "torchserve":
        for client in _clients(served.case):
            (path,) = served.folder.glob(f"deploy/*/client/{client}")
            done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, timeout=60)
            assert done.returncode == 1
            assert "Token Authorization failed" in done.stderr
