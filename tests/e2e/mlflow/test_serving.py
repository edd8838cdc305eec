"""The example on MLflow's real scoring server, started by what was emitted."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e import tracking

pytestmark = pytest.mark.e2e

_PROGRAMS = Path(__file__).parents[1] / "programs"


@pytest.fixture(scope="module")
def project(example: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The example, built."""
    return example(tmp_path_factory.mktemp("project"))


def _truth(python: Path, model: Path, request: Any) -> list[list[float]]:
    done = subprocess.run(
        [python, "-I", _PROGRAMS / "mlflow_model.py", model],
        input=json.dumps(request["dataframe_split"]),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: list[list[float]] = json.loads(done.stdout)
    return answer


def test_the_examples_get_the_models_numbers(
    serve: Callable[..., Any], project: Any, python: Path, fits: Callable[..., bool]
) -> None:
    """Each example is answered as it expects, and as scikit-learn itself answers."""
    server = serve(project)
    for example in project.spec["examples"]:
        status, answer = server.post(example["request"])
        assert status == 200
        assert fits(answer, example["expect"], 1e-6)
        assert answer["predictions"] == _truth(python, project.folder / "model", example["request"])
    assert server.stop() == 0


def test_the_health_check_tells(project: Any, python: Path) -> None:
    """While nobody listens the health check fails with a reason."""
    done = subprocess.run(
        [python, "-I", project.emitted("mlflow/healthcheck.py")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout.startswith("not ready: URLError")


def test_servespec_runs_and_asks_it(project: Any, python: Path, tmp_path: Path) -> None:
    """`servespec run --smoke` starts it on this machine, and every example is answered as the spec says."""
    command = [sys.executable, "-m", "servespec", "run", f"--venv={python.parents[1]}", "--smoke"]
    variables = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=project.folder, env=variables, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert "3 of 3 examples" in done.stdout


def test_mlflows_own_command_serves_the_same(
    serve: Callable[..., Any], project: Any, python: Path, tmp_path: Path
) -> None:
    """The `mlflow models serve` line of the summary works with MLflow 3, and gives the same numbers."""
    (line,) = [line for line in project.next if line.startswith("mlflow models serve ")]
    environment = {**os.environ, "PATH": f"{python.parent}:{os.environ['PATH']}"}
    request = project.spec["examples"][0]["request"]
    port = project.spec["runtime"]["protocols"]["rest"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            shlex.split(line), cwd=project.folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        deadline = time.monotonic() + 90
        check: list[str | Path] = [python, "-I", project.emitted("mlflow/healthcheck.py")]
        while subprocess.run(check, capture_output=True).returncode:
            assert process.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.2)
        url = f"http://127.0.0.1:{port}/invocations"
        done = subprocess.run(
            ["curl", "--silent", "--noproxy", "*", "--json", json.dumps(request), url], capture_output=True, check=True
        )
        assert json.loads(done.stdout)["predictions"] == _truth(python, project.folder / "model", request)
    finally:
        os.killpg(process.pid, 15)
        process.wait(30)


def test_mlflow_knows_the_options_of_its_image(project: Any, python: Path) -> None:
    """Each option of the `mlflow models build-docker` line is one that MLflow has."""
    (line,) = [line for line in project.next if line.startswith("mlflow models build-docker ")]
    command: list[str | Path] = [python.parent / "mlflow", "models", "build-docker", "--help"]
    known = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    options = [word.partition("=")[0] for word in shlex.split(line)[3:]]
    assert options
    assert [option for option in options if option not in known] == []


def test_a_refusal_shows_no_code(serve: Callable[..., Any], slow: Callable[..., Any]) -> None:
    """An error in the model is answered without the lines of code where it came up; the log has them."""
    server = serve(slow())
    status, answer = server.sleep(-1)
    assert status == 400
    assert "stack_trace" not in answer
    assert "no such time" in server.log.read_text()


def test_a_slow_request_is_cut(serve: Callable[..., Any], slow: Callable[[str], Any]) -> None:
    """What takes longer than the limit for a request is answered 504."""
    server = serve(slow("  timeouts: { request: 1s }\n"))
    assert server.sleep(3)[0] == 504
    assert server.sleep(0)[0] == 200


def test_a_model_that_refuses_the_first_example_does_not_start(
    serve: Callable[..., Any], slow: Callable[[str], Any]
) -> None:
    """A model that can't answer the spec's first example is never listened for, and the log says why."""
    request = "{ dataframe_split: { columns: [seconds], data: [[-1]] } }"
    server = serve(slow(f"examples: [{{ name: a, request: {request}, expect: {{ predictions: [1] }} }}]\n"), wait=False)
    assert server.process.wait(60) == 1
    assert "no such time" in server.log.read_text()


@pytest.fixture
def registry(python: Path, tmp_path: Path, free_ports: Callable[[int], list[int]]) -> Iterator[tracking.Tracking]:
    """A real tracking server, empty."""
    folder = tmp_path / "registry"
    folder.mkdir()
    with tracking.running(python, folder, *free_ports(1)) as found:
        yield found


def test_a_model_of_a_registry(
    serve: Callable[..., Any], example: Callable[..., Any], python: Path, tmp_path: Path, registry: tracking.Tracking
) -> None:
    """By its alias a model is fetched from a real tracking server when the script starts. Locked, it is the version that
    the alias stood for, file by file; one byte that changed on the server is found before the model is loaded."""
    environment = registry.environment
    variables = f'image: {{ requirements: model/requirements.txt }}\nruntime: {{ env: {{ MLFLOW_TRACKING_URI: "{registry.url}" }},'
    project = example(
        tmp_path / "project", ("uri: ./model ", 'uri: "models:/fraud@champion" '), ("runtime: {", variables)
    )
    registry.register(project.folder / "model", "fraud", "champion")
    request = project.spec["examples"][2]["request"]
    truth = _truth(python, project.folder / "model", request)
    server = serve(project, environment=environment)
    assert server.post(request)[1]["predictions"] == truth
    assert server.stop() == 0
    _lock(project.folder, tmp_path / "images.yaml")
    assert "models:/fraud/1" in project.emitted("mlflow/serve.py").read_text()
    server = serve(project, environment=environment)
    assert server.post(request)[1]["predictions"] == truth
    assert server.stop() == 0
    (kept,) = registry.kept("requirements.txt")
    kept.write_text(kept.read_text() + "# one more line\n")
    server = serve(project, wait=False, environment=environment)
    assert server.process.wait(60) == 1
    assert "requirements.txt of models:/fraud/1 is not the file that was locked" in server.log.read_text()


def _lock(folder: Path, images: Path) -> None:
    """Lock the spec by what the registry of models says, and build it anew."""
    images.write_text(f'"python:3.11-slim-bookworm": "sha256:{"0" * 64}"\n')
    for command in (["lock", f"--images={images}"], ["build", "--locked"]):
        subprocess.run([sys.executable, "-m", "servespec", *command], cwd=folder, check=True, capture_output=True)
    (locked,) = yaml.safe_load((folder / "serving.lock").read_text())["models"].values()
    there = {path.relative_to(folder / "model").as_posix(): path for path in (folder / "model").rglob("*")}
    files = {name: path.read_bytes() for name, path in there.items() if path.is_file()}
    assert {name: (item["digest"], item["size"]) for name, item in locked["files"].items()} == {
        name: (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data)) for name, data in files.items()
    }
    assert locked["version"] == "1"
    assert locked["signature"]["inputs"]["columns"]["amount"] == "FP64"
