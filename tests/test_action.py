"""The GitHub Action in `action.yml`: read by others' linters, and its steps run as a runner runs them."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import runner
from tests.linting import actionlint, schema, zizmor
from tests.projects import SPEC, servespec, write

_ROOT = Path(__file__).parents[1]
_ACTION: dict[str, Any] = yaml.safe_load((_ROOT / "action.yml").read_text("utf-8"))
_DEFAULTS: dict[str, str] = {name: given["default"] for name, given in _ACTION["inputs"].items()}


def test_it_is_sound() -> None:
    """zizmor finds nothing in it, and its form is what GitHub's schema says."""
    zizmor(_ROOT / "action.yml")
    schema(_ROOT / "action.yml", "github-actions")


def test_a_job_can_use_it(tmp_path: Path) -> None:
    """actionlint takes a job that gives it each of its inputs, and reads its output."""
    given = {"uses": "./", "id": "it", "with": dict.fromkeys(_DEFAULTS, "x")}
    shown = {"run": 'echo "$FILE"', "env": {"FILE": "${{ steps.it.outputs.sarif }}"}}
    job = {"runs-on": "ubuntu-24.04", "steps": [given, shown]}
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text(yaml.safe_dump({"on": "push", "jobs": {"a": job}}))
    (tmp_path / "action.yml").write_bytes((_ROOT / "action.yml").read_bytes())
    actionlint(folder / "a.yml")


def _run(project: Path, scratch: Path, *, only: str = "", **inputs: str) -> runner.Ran:
    """The action's own steps, or one of them, run in a workspace."""
    known = {f"inputs.{name}": value for name, value in {**_DEFAULTS, **inputs}.items()}
    known["steps.python.outputs.python-path"] = sys.executable
    env = {"GITHUB_ACTION_PATH": str(_ROOT), "XDG_CACHE_HOME": str(scratch / "cache")}
    steps = [step for step in _ACTION["runs"]["steps"] if only in step["name"]]
    return runner.run(steps, cwd=project, env=env, known=known, scratch=scratch)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The runner's folder for what a job may throw away, with servespec installed as the action does it."""
    folder = tmp_path / "runner's temp" / "servespec" / "bin"
    folder.mkdir(parents=True)
    program = folder / "servespec"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m servespec "$@"\n')
    program.chmod(0o755)
    return folder.parents[1]


def _check(project: Path, scratch: Path, **inputs: str) -> runner.Ran:
    return _run(project, scratch, only="check", **inputs)


def test_what_is_up_to_date_passes(tmp_path: Path, scratch: Path) -> None:
    """Warnings are annotations, and where the SARIF file is stands in the output."""
    servespec(write(tmp_path / "one"), "build")
    done = _check(tmp_path, scratch)
    assert done.exit == 0, done.said
    assert done.said.startswith("::warning file=one/serving.yaml,")
    results = json.loads(Path(done.outputs["sarif"]).read_text())["runs"][0]["results"]
    assert [item["ruleId"] for item in results] == ["runtime-end-of-life"]


def test_mistakes_and_stale_files_fail(tmp_path: Path, scratch: Path) -> None:
    """An error in one spec and a stale output of another are both shown, and both are in the pull request."""
    servespec(write(tmp_path / "a b" / "one"), "build")
    write(tmp_path / "a b" / "one", f"{SPEC}owner: ml\nruntime: {{workers: 2}}\n", files={})
    write(tmp_path / "two", f"{SPEC}runtime: {{worker: 2}}\n")
    done = _check(tmp_path, scratch, paths="a b\ntwo\n")
    assert done.exit == 1
    told = {command.properties["title"]: command for command in runner.commands(done.said) if command.name == "error"}
    assert {title: command.properties["file"] for title, command in told.items()} == {
        "out-of-date": "a b/one/serving.yaml",
        "unknown-field": "two/serving.yaml",
    }
    assert "\n  torchserve/config.properties: spec changed\n" in told["out-of-date"].data
    assert "sarif" in done.outputs


def test_inputs_stay_values(tmp_path: Path, scratch: Path) -> None:
    """Nothing of an input is run or taken for an option: it is a name that does not exist."""
    evil = '--help\n$(touch made) "; touch made; `touch made`'
    for inputs in ({"paths": evil}, {"environment": evil}, {"strict": evil}, {"paths": "--version"}):
        servespec(write(tmp_path), "build")
        done = _check(tmp_path, scratch, **inputs)
        assert done.exit == (0 if "strict" in inputs else 2), done.said
        assert not (tmp_path / "made").exists()


def test_strict_and_environments(tmp_path: Path, scratch: Path) -> None:
    """Both reach the command: a loss fails, and an environment that was not asked for is not looked at."""
    spec = f"{SPEC}environments:\n  staging: {{runtime: {{workers: 2}}}}\n  production: {{owner: ml}}\n"
    servespec(write(tmp_path, spec), "build", "-e", "production")
    assert _check(tmp_path, scratch, environment="production").exit == 0
    assert _check(tmp_path, scratch, environment="production\nstaging").exit == 3
    lossy = f"{SPEC}resources: {{requests: {{cpu: '1'}}}}\n"
    servespec(write(tmp_path, lossy), "build", "--force")
    assert _check(tmp_path, scratch).exit == 0
    assert _check(tmp_path, scratch, strict="true").exit == 1


@pytest.mark.e2e
def test_it_installs_itself(tmp_path: Path) -> None:
    """Without a version the servespec of the action's own commit is installed, and does its work."""
    servespec(write(tmp_path / "project"), "build")
    scratch = tmp_path / "temp"
    scratch.mkdir()
    done = _run(tmp_path / "project", scratch)
    assert done.exit == 0, done.said
    assert "::warning file=serving.yaml," in done.said


def test_an_action_of_others_is_pinned_once() -> None:
    """The workflow that `servespec ci` prints and our own action use the same commit of each action of others."""
    root = Path(__file__).parents[1]
    texts = [(root / name).read_text(encoding="utf-8") for name in ("action.yml", "templates/ci/github.yml")]
    pins = [set(re.findall(r"uses: ([^@\s]+)@([0-9a-f]{40}) # (\S+)", text)) for text in texts]
    assert all(pins)
    names = [name for name, _, _ in pins[0] | pins[1]]
    assert sorted(names) == sorted(set(names))
