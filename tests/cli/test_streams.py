"""Standard streams that the caller has closed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import write


def _run(project: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", "-c", f'exec "$0" -m servespec {arguments}', sys.executable]
    return subprocess.run(command, cwd=project, capture_output=True, text=True)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream(project: Path, closed: str) -> None:
    """What can't be said is not said, and everything else is as ever: the exit code, and what is written."""
    assert _run(project, f"validate {closed}").returncode == 0
    assert _run(project, f"build --summary {closed}").returncode == 0
    assert (project / "deploy" / "fraud-detector" / "docker" / "Dockerfile").is_file()
    write(project, "apiVersion: servespec/v1\n", files={})
    assert _run(project, f"validate {closed}").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "wanted"), [(["validate", "nowhere.yaml"], 2), (["validate"], 5), (["--help"], 5)]
)
def test_a_full_disk_for_both_streams(project: Path, arguments: list[str], wanted: int) -> None:
    """Where nobody can be told what is wrong, the exit code still tells it."""
    with open("/dev/full", "w") as full:
        ran = subprocess.run([sys.executable, "-m", "servespec", *arguments], cwd=project, stdout=full, stderr=full)
    assert ran.returncode == wanted
