"""The pre-commit hook, as pre-commit itself installs and runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

_ROOT = Path(__file__).parents[1]
_EXAMPLE = _ROOT / "examples" / "01-torchserve-fraud-detector"
_PACKAGE = ("servespec", "templates", "schema", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
_IDENTITY = ("-c", "user.name=tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *_IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


def _commit(folder: Path) -> None:
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message=all")


def test_the_hook_takes_specs_only() -> None:
    """The hook's pattern matches specs wherever they are, and neither overlays' nor others' files."""
    import re

    (hook,) = yaml.safe_load((_ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["id"] == "servespec-validate"
    assert hook["entry"] == "servespec validate"
    taken = [name for name in _NAMES if re.search(hook["files"], name)]
    assert taken == ["serving.yaml", "models/fraud/serving.yaml"]


_NAMES = ["serving.yaml", "models/fraud/serving.yaml", "myserving.yaml", "serving.yaml.orig", "serving/yaml", "a.yaml"]


@pytest.mark.e2e
def test_pre_commit_runs_it(tmp_path: Path) -> None:
    """pre-commit installs servespec from its repository; a good spec passes, a bad one fails with its diagnostic."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    pytest.importorskip("pre_commit")
    hooks, project = tmp_path / "hooks", tmp_path / "project"
    hooks.mkdir()
    ignore = shutil.ignore_patterns("__pycache__", "_data", "deploy")
    for name in _PACKAGE:
        source = _ROOT / name
        if source.is_dir():
            shutil.copytree(source, hooks / name, ignore=ignore)
        else:
            shutil.copy(source, hooks / name)
    _commit(hooks)
    shutil.copytree(_EXAMPLE, project, ignore=ignore)
    _commit(project)

    def hook() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "servespec-validate", "--all-files"]
        env = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache"), "XDG_CACHE_HOME": str(tmp_path / "memory")}
        return subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)

    good = hook()
    assert good.returncode == 0, good.stdout + good.stderr
    assert "servespec validate" in good.stdout
    assert "Passed" in good.stdout
    spec = project / "serving.yaml"
    spec.write_text(spec.read_text("utf-8").replace("microBatch:", "microBach:"), encoding="utf-8")
    bad = hook()
    assert bad.returncode == 1, bad.stdout + bad.stderr
    assert "error[unknown-field]: `microBach` is not a field of `runtime`" in bad.stdout
    assert "did you mean `microBatch`?" in bad.stdout
