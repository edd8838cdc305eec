"""The job in `gitlab.yml` that others include: its form, and what its script does in a shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from servespec import __version__
from tests.linting import schema
from tests.projects import SPEC, servespec, write

_FILE = Path(__file__).parents[1] / "gitlab.yml"
_JOB: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))["servespec"]


def test_it_is_sound() -> None:
    """GitLab's schema takes it, and it installs the version that it is part of."""
    schema(_FILE, "gitlab-ci")
    assert _JOB["variables"]["SERVESPEC_VERSION"] == __version__


def _run(project: Path, **variables: str) -> int:
    """The exit code of the job's script in a checkout, with servespec installed."""
    program = project.parent / "bin" / "servespec"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m servespec "$@"\n')
    program.chmod(0o755)
    path = {"PATH": f"{program.parent}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(project.parent / "cache")}
    given = {**_JOB["variables"], **variables}
    script = "\n".join(_JOB["script"])
    return subprocess.run(["sh", "-ec", script], cwd=project, env={**os.environ, **path, **given}).returncode


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with a spec that was built."""
    project = write(tmp_path / "project" / "a model", f"{SPEC}environments: {{staging: {{}}, live: {{owner: ml}}}}\n")
    assert servespec(project, "build").exit == 0
    return project.parent


def test_it_reports(project: Path) -> None:
    """What is up to date passes, a warning is in both reports; an error fails, and is in both."""
    assert _run(project) == 0
    (found,) = json.loads((project / "gl-code-quality-report.json").read_text())
    assert (found["check_name"], found["location"]["path"]) == ("runtime-end-of-life", "a model/serving.yaml")
    write(project / "a model", f"{SPEC}runtime: {{worker: 2}}\n", files={})
    assert _run(project) == 1
    assert ElementTree.parse(project / "servespec.xml").getroot()[0].get("failures") == "1"


def test_it_reports_what_is_out_of_date(project: Path) -> None:
    """A file that was not built again fails the job, and both reports say which one."""
    path = "a model/deploy/fraud-detector/live/docker/Dockerfile"
    (project / path).unlink()
    assert _run(project) == 3
    found = json.loads((project / "gl-code-quality-report.json").read_text())
    assert [item["location"]["path"] for item in found if item["check_name"] == "out-of-date"] == [path]
    suite = ElementTree.parse(project / "servespec.xml").getroot()[0]
    assert [case.get("name") for case in suite if case.find("failure") is not None] == [path]


def test_what_its_variables_say(project: Path) -> None:
    """Paths and environments are lines and nothing else; strict is off by default."""
    assert _run(project, SERVESPEC_PATHS="a model\n", SERVESPEC_ENVIRONMENT="staging\nlive") == 0
    assert _run(project, SERVESPEC_PATHS="$(touch made)") == 2
    assert _run(project, SERVESPEC_ENVIRONMENT="; touch made") == 2
    assert not list(project.rglob("made"))
    write(project / "a model", f"{SPEC}resources: {{requests: {{cpu: '1'}}}}\n", files={})
    assert servespec(project / "a model", "build").exit == 0
    assert (_run(project), _run(project, SERVESPEC_STRICT="true")) == (0, 1)
