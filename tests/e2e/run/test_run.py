"""The example, started by `servespec run` as a process of this machine, and asked by `servespec smoke`."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

_ANSWER = "fraud_probability: 0.97386229"


def test_smoke(person: Callable[..., Any], torch_python: Path) -> None:
    """From a clean folder to answers with the right numbers, and back to a machine on which nothing runs."""
    done = person().types("run", "--venv", str(torch_python.parents[1]), "--smoke")
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.endswith("3 of 3 examples are answered as the spec says\n")
    assert "drain: " in done.stderr
    assert "by force" not in done.stderr


def test_smoke_fails(person: Callable[..., Any], torch_python: Path) -> None:
    """A number that is off by a little more than the tolerance is found in the answer of the real server."""
    wrong = (_ANSWER, "fraud_probability: 0.97386529")
    done = person(wrong).types("run", "--venv", str(torch_python.parents[1]), "--smoke")
    assert done.returncode == 1, done.stderr[-4000:]
    assert re.search(
        r"FAIL  a large payment at night .*\n +wrong answer: .* is 0\.9738\d+, not 0\.97386529", done.stdout
    )
    assert "2 of 3 examples" in done.stdout


def test_a_day_of_a_server(
    person: Callable[..., Any], torch_python: Path, truth: Callable[..., list[float]], fits: Callable[..., bool]
) -> None:
    """It says where it is; smoke, curl and a client without the key get what they should; Ctrl-C drains and ends it."""
    somebody = person()
    with somebody.starts("run", "--venv", str(torch_python.parents[1])) as run:
        ready, curl = (run.stdout.readline() for _ in range(2))
        assert ready.startswith("ready: http://127.0.0.1:")
        answer = subprocess.run(["sh", "-c", curl], cwd=somebody.folder, capture_output=True, text=True, check=True)
        probability = json.loads(answer.stdout)["predictions"][0]["fraud_probability"]
        assert [probability] == pytest.approx(truth([[86.2, 4, 13, 1]]), rel=0, abs=1e-6)
        done = somebody.types("smoke", "--format", "junit")
        assert done.returncode == 0, done.stdout
        assert ET.fromstring(done.stdout)[0].get("tests") == "3"
        refused = somebody.types("smoke", "--token", "not-the-key")
        assert refused.returncode == 1
        assert refused.stdout.count("error status: HTTP 400") == 3
        run.send_signal(signal.SIGINT)
        _, log = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "| drain: " in log
    gone = somebody.types("smoke", "--timeout", "100ms")
    assert gone.returncode == 1
    assert gone.stdout.count("absent: nothing answers at 127.0.0.1:") == 3


def test_a_model_that_never_loads(person: Callable[..., Any], torch_python: Path) -> None:
    """5, with what the health check says."""
    probes = ("examples:\n", "probes: { startup: { periodSeconds: 1, failureThreshold: 8 } }\nexamples:\n")
    somebody = person(probes)
    handler = somebody.folder / "model" / "handler.py"
    text = handler.read_text().replace("        super().initialize(context)\n", '        raise RuntimeError("no")\n')
    handler.write_text(text)
    done = somebody.types("run", "--venv", str(torch_python.parents[1]))
    assert done.returncode == 5
    assert "servespec: fraud-detector was not ready after 8 s: not ready: " in done.stderr


def test_install(person: Callable[..., Any], torch_python: Path) -> None:
    """The real pip makes the environment of the pinned requirements once, from the wheels that the spec names."""
    python = str(torch_python.resolve())
    somebody = person(PIP_NO_INDEX="1", PIP_CONFIG_FILE="/dev/null", PIP_FIND_LINKS="")
    for name, version in (("torchserve", "0.12.0"), ("PyYAML", "6.0.3"), ("torch", "2.13.0"), ("numpy", "2.4.6")):
        _wheel(somebody.folder / "wheels", name, version)
    before = somebody.types("run", "--python", python)
    assert before.returncode == 5
    assert "--install makes it" in before.stderr
    done = somebody.types("run", "--python", python, "--install")
    assert "Successfully installed PyYAML-6.0.3 numpy-2.4.6 torch-2.13.0 torchserve-0.12.0" in done.stderr
    # The wheels are empty, so that Java finds nothing to run: the environment is the one that was made.
    assert "| Error: Could not find or load main class org.pytorch.serve.ModelServer" in done.stderr
    assert done.returncode == 5
    again = somebody.types("run", "--python", python, "--install")
    assert "Successfully installed" not in again.stderr
    assert "Could not find or load main class" in again.stderr


def _wheel(folder: Path, name: str, version: str) -> None:
    """A package with nothing in it."""
    stem = f"{name}-{version}"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", metadata)
        wheel.writestr(
            f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
