"""Checkov, which takes seconds for each question, on the emitted Dockerfiles."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

_EXAMPLES = Path(__file__).parents[2] / "examples"
_DOCKERFILES = sorted(_EXAMPLES.glob("*/deploy/*/*/*Dockerfile"))
_CHECKS = {True: 26, False: 12}
"""Checks that Checkov makes of a Dockerfile with a RUN and of one without: most are about what is run. One that
it no longer makes must not look like one that passes."""


def _checks(python: Path, path: Path) -> tuple[set[str], set[str]]:
    """The checks that passed wherever they apply, and those that failed."""
    command: list[str | Path] = [
        python.parent / "checkov",
        "--skip-download",
        "--framework=dockerfile",
        f"--file={path}",
        "--output=json",
    ]
    done = subprocess.run([*command, "--compact"], capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == report["summary"]["skipped"] == 0
    passed, failed = (
        {item["check_id"] for item in report["results"][f"{kind}_checks"]} for kind in ("passed", "failed")
    )
    return passed - failed, failed


@pytest.mark.parametrize("path", _DOCKERFILES, ids=lambda path: f"{path.parents[3].name}-{path.name}")
def test_dockerfile(path: Path, tmp_path: Path, environment: Callable[[str], Path]) -> None:
    """Every check passes; a twin that runs as root, is not watched and trusts anybody fails three of them."""
    python = environment("checkov")
    passed, failed = _checks(python, path)
    runs = any(line.startswith("RUN") for line in path.read_text().splitlines())
    assert (len(passed), failed) == (_CHECKS[runs], set())
    lines = [line for line in path.read_text().splitlines() if not line.startswith(("USER", "HEALTHCHECK"))]
    twin = tmp_path / "Dockerfile"
    twin.write_text("\n".join([*lines, "RUN curl --insecure https://example.com", ""]))
    _, failed = _checks(python, twin)
    assert failed == {"CKV_DOCKER_2", "CKV_DOCKER_3", "CKV2_DOCKER_2"}
