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
_SERVER, _SERVER_AS_IT_IS, _PROXY, _WORKER, _JOB = (
    (26, set[str]()), (12, set[str]()), (6, set[str]()), (25, set[str]()), (24, {"CKV_DOCKER_2"})
)  # fmt: skip
"""How many checks pass, and which fail, of a server with a RUN, of one without, of nginx with a file of ours, of a worker,
whose port is nobody's but its cluster's, and of a job, which ends and so has no health to watch. Most checks are about what is run. One that Checkov no longer makes must
not look like one that passes."""


def _expected(path: Path) -> tuple[int, set[str]]:
    text = path.read_text()
    if path.name == "proxy.Dockerfile":
        return _PROXY
    if "\nEXPOSE " not in text:
        return _WORKER if "\nHEALTHCHECK " in text else _JOB
    return _SERVER if "\nRUN " in text else _SERVER_AS_IT_IS


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
    assert (len(passed), failed) == _expected(path)
    lines = [line for line in path.read_text().splitlines() if not line.startswith(("USER", "HEALTHCHECK"))]
    twin = tmp_path / "Dockerfile"
    twin.write_text("\n".join([*lines, "RUN curl --insecure https://example.com", ""]))
    _, failed = _checks(python, twin)
    assert failed == {"CKV_DOCKER_2", "CKV_DOCKER_3", "CKV2_DOCKER_2"}
