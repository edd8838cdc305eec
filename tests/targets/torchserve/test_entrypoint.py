"""The emitted entry point around a stand-in for Java: arguments, exit codes, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servespec.artifacts import Bundle

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the entry point asks Linux for its connections")

_JAVA = """\
#!{python}
import json, os, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
print(json.dumps([sys.argv[1:], os.getcwd(), os.umask(0)]), flush=True)
mode = os.environ["STAND_IN"]
if mode.isdigit():
    sys.exit(int(mode))
if mode == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
while True:
    time.sleep(1)
"""


@pytest.fixture
def start(
    tmp_path: Path, bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]
) -> Callable[[str], subprocess.Popen[str]]:
    """Starts the entry point with a Java that ends with a code, dies, or runs until it is told to end."""
    program, java = tmp_path / "home" / "entrypoint.py", tmp_path / "bin" / "java"
    for path in (program, java):
        path.parent.mkdir()
    program.write_text(text(bundles()["torchserve"], "entrypoint.py"))
    java.write_text(_JAVA.replace("{python}", sys.executable))
    java.chmod(0o755)
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def run(mode: str) -> subprocess.Popen[str]:
        # No server listens at 9: what can't be refused is not, and the stop goes on.
        addresses = {"TS_MANAGEMENT_ADDRESS": "http://127.0.0.1:9", "TS_INFERENCE_ADDRESS": "http://127.0.0.1:9"}
        environment = {"PATH": f"{java.parent}:{os.environ['PATH']}", "TEMP": str(scratch), "STAND_IN": mode}
        command: list[str | Path] = [sys.executable, "-I", program, "--more"]
        return subprocess.Popen(command, env=environment | addresses, stdout=subprocess.PIPE, text=True)

    return run


def _told(process: subprocess.Popen[str]) -> Any:
    assert process.stdout
    return json.loads(process.stdout.readline())


@pytest.mark.parametrize(("mode", "code"), [("0", 0), ("3", 3), ("killed", 137)])
def test_the_end_of_java_is_its_own(start: Callable[[str], subprocess.Popen[str]], mode: str, code: int) -> None:
    """A server that ends by itself gives its exit code, so that what restarts containers sees it."""
    with start(mode) as process:
        _told(process)
        assert process.wait(20) == code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_passed_on(start: Callable[[str], subprocess.Popen[str]], number: signal.Signals) -> None:
    """With nothing in flight Java is told soon, and the exit code is 0."""
    with start("runs") as process:
        _told(process)
        process.send_signal(number)
        assert process.wait(20) == 0
        assert "0 requests left" in (process.stdout.read() if process.stdout else "")


def test_how_java_is_started(start: Callable[[str], subprocess.Popen[str]], tmp_path: Path) -> None:
    """It runs in the scratch folder, hides its files from others, and is given the emitted configuration."""
    with start("0") as process:
        arguments, folder, umask = _told(process)
    assert (folder, umask) == (str(tmp_path / "scratch"), 0o077)
    assert f"-Djava.io.tmpdir={tmp_path / 'scratch'}" in arguments
    assert f"-Dlog4j.configurationFile=file://{tmp_path / 'home' / 'log4j2.properties'}" in arguments
    assert arguments[arguments.index("-f") + 1] == str(tmp_path / "home" / "config.properties")
    assert arguments[arguments.index("--python") + 1] == sys.executable
    assert arguments[-2:] == ["-ncs", "--more"]
