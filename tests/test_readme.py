"""The README shows real output.

`SERVESPEC_UPDATE_GOLDENS=1` writes what the commands print now into it; read the difference before you keep it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from servespec import __version__

_ROOT = Path(__file__).parents[1]
_README = _ROOT / "README.md"
_EXAMPLE = _ROOT / "examples" / "02-onnxruntime-fraud-detector"
_BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _run(command: str, project: Path) -> str:
    """What a person would see of a command in a terminal, without colours."""
    program, *arguments = command.split()
    assert program == "servespec"
    if arguments[0] == "build":
        arguments.insert(1, "--summary")  # the default on a terminal
    cache = project.parent / "cache"
    done = subprocess.run(
        [sys.executable, "-m", "servespec", *arguments],
        cwd=project,
        env={**os.environ, "XDG_CACHE_HOME": str(cache), "COLUMNS": "120", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert "Traceback" not in done.stdout
    return done.stdout


def _played(readme: str, project: Path) -> str:
    """The README with its specs put in the project, its commands run there, and their output filled in."""

    def play(block: re.Match[str]) -> str:
        kind, text = block.groups()
        if kind == "yaml":
            if text.startswith("apiVersion:"):
                (project / "serving.yaml").write_text(text)
            return block[0]
        commands = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
        shown = "\n".join(f"$ {command}\n{_run(command, project)}" for command in commands)
        return f"```console\n{shown}```"

    return _BLOCK.sub(play, readme)


def test_readme_shows_real_output(tmp_path: Path) -> None:
    """Every command in the README, run on the example or on the spec above it, prints what stands below it."""
    project = tmp_path / "project"
    shutil.copytree(_EXAMPLE, project, ignore=shutil.ignore_patterns("deploy"))
    readme = _README.read_text(encoding="utf-8")
    played = _played(readme, project)
    if os.environ.get("SERVESPEC_UPDATE_GOLDENS") == "1":
        _README.write_text(played, encoding="utf-8")
    else:
        assert readme == played


def test_what_is_pinned_is_this_version() -> None:
    """Who copies the hook, the action or the job of the README gets the release that it describes."""
    pinned = re.findall(r"(?:rev: |@|/)v(\d+\.[\w.]+)(?=/|\s)", _README.read_text("utf-8"))
    assert pinned == [__version__] * 3


def test_the_changelog_begins_with_this_version() -> None:
    """It has the version that is installed from this checkout, and a link for each version."""
    text = (_ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[(.*?)\] - (?:Unreleased|\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    assert versions[0] == __version__
    assert re.findall(r"^\[(.*?)\]: https://", text, re.MULTILINE) == versions
