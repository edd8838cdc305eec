"""The harness of hermetic compiling, a little of it; and programs that are not, each of which it finds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from trust import hermetic, leading_out, strace
from trust.rows import Scale
from trust.traps import EXAMPLES

pytestmark = pytest.mark.e2e

_START = "\nfrom servespec.cli.main import main\nmain()\n"
_BUGS = {
    "it starts": "import subprocess\nsubprocess.run(['true'])",
    "it asks": "import socket\nsocket.socket().connect_ex(('127.0.0.1', 9))",
    "it reads": "open('/etc/passwd').close()",
    "it writes": "open('left-behind', 'w').close()",
    "code of the project was run": "import runpy\nrunpy.run_path('click.py')",
}
"""What is said of a program, and the program."""
_BUILD = "\nfrom servespec.cli.main import run\ncode = run()\n"
_OFFLINE = """
import errno, pathlib, socket
if socket.socket().connect_ex(("127.0.0.1", 9)) == errno.ENETUNREACH:
    with next(pathlib.Path("deploy").rglob("Dockerfile")).open("a") as file:
        file.write("#")
"""
_FOLLOWING = """
from pathlib import Path
from servespec.cli import reading
reading.data_inside = lambda path: path.read_bytes()
"""
_BESIDE = "open('serving.cache', 'w').close()\n"
_LEAVE = "raise SystemExit(code)\n"


@pytest.fixture(autouse=True)
def tracing() -> None:
    """Only where strace can look on."""
    if not strace.available():
        pytest.skip("strace is not installed, or may not trace")


def test_some_examples() -> None:
    """Of some examples nothing is found."""
    for row in hermetic.run(Scale.QUICK):
        assert row.well, (row.what, row.details)


@pytest.mark.parametrize("said", _BUGS)
def test_what_is_not_hermetic(said: str, tmp_path: Path) -> None:
    """A program that starts another, asks a network, reads or writes elsewhere, or runs a project's code is found."""
    program = (sys.executable, "-P", "-c", _BUGS[said] + _START)
    row = hermetic.watched(EXAMPLES[:1], tmp_path, program, [("validate", "serving.yaml")])
    assert any(said in line for line in row.details), row.details


def test_a_build_that_is_another_without_a_network(tmp_path: Path) -> None:
    """A program that writes one byte more when it can ask nobody."""
    program = (sys.executable, "-P", "-c", _BUILD + _OFFLINE + _LEAVE)
    assert hermetic.offline(EXAMPLES[:1], tmp_path, program).details == (f"{EXAMPLES[0]}: what was compiled differs",)


def test_a_build_that_writes_beside_the_spec(tmp_path: Path) -> None:
    """A program that leaves a file of its own there, and so fails where nothing can be written."""
    program = (sys.executable, "-P", "-c", _BUILD + _BESIDE + _LEAVE)
    (said,) = hermetic.read_only(EXAMPLES[:1], tmp_path, program).details
    assert "Read-only file system: 'serving.cache'" in said


def test_code_that_is_imported_by_its_place(tmp_path: Path) -> None:
    """Modules beside a spec are not imported, also where Python itself looks there first."""
    program = (sys.executable, "-m", "servespec")
    row = hermetic.watched(EXAMPLES[:1], tmp_path, program, [("validate", "serving.yaml")])
    assert row.well, row.details


def test_a_link_that_is_followed(tmp_path: Path) -> None:
    """A program that reads what a spec is a link to, shows a line of it, and takes a device without an end for one."""
    program = (sys.executable, "-P", "-c", _FOLLOWING + _START)
    details = leading_out.row(tmp_path, program, ["serving.yaml"]).details
    for said in ("validate .: openat", "validate .: exit code", "a device without an end"):
        assert any(said in line for line in details), (said, details)
