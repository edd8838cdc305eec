"""Each server that is a Python package, from a clean folder to answers: `build`, `run` and `smoke` as a person types them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

_ROOT = Path(__file__).parents[3]
# Example and the environment that it runs in; TorchServe has a file of its own.
_CASES = [
    ("02-onnxruntime-fraud-detector", "onnxruntime"),
    ("03-mlserver-sklearn", "mlserver"),
    ("04-mlflow-fraud-detector", "mlflow"),
]


@pytest.mark.parametrize(("example", "environment"), _CASES, ids=[environment for _, environment in _CASES])
def test_from_a_clean_folder(
    tmp_path: Path, free_ports: Callable[[int], list[int]], example: str, environment: str
) -> None:
    """What is compiled starts, answers every example as the spec says, and ends when it is told to."""
    place = _ROOT / ".e2e" / environment
    if not place.is_dir():
        pytest.skip(f"{place} is not there: `make e2e-ready` makes it")
    folder = tmp_path / "project"
    shutil.copytree(_ROOT / "examples" / example, folder, ignore=shutil.ignore_patterns("deploy"))
    spec, ports = folder / "serving.yaml", free_ports(2)
    faces = dict(zip(("rest", "grpc") if environment != "mlflow" else ("rest",), ports, strict=False))
    protocols = ", ".join(f"{name}: {port}" for name, port in faces.items())
    spec.write_text(f"{spec.read_text()}\nruntime: {{ protocols: {{ {protocols} }} }}\n")

    def command(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "servespec", *arguments]

    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    built = subprocess.run(command("build"), cwd=folder, env=env, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    run = command("run", "--venv", str(place))
    with subprocess.Popen(run, cwd=folder, env=env, stdout=-1, stderr=subprocess.STDOUT, text=True) as server:
        try:
            smoke = command("smoke", "--timeout", "60s")
            done = subprocess.run(smoke, cwd=folder, env=env, capture_output=True, text=True)
        finally:
            server.send_signal(signal.SIGINT)
            log, _ = server.communicate(timeout=60)
    assert done.returncode == 0, done.stdout + log
    assert "examples are answered as the spec says" in done.stdout
    assert server.returncode == 130, log
