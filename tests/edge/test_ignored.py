"""Whether git ignores a folder: the same answer as git's own."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from servespec.edge.ignored import ignored

_PATTERNS = (
    "deploy", "deploy/", "/deploy", "**/deploy", "*", "dep*", "/project/deploy", "project/deploy/", "project/*",
    "project/**", "deploy/*", "**/deploy/*", "deploy/fraud", "/deploy/fraud", "fraud/", "# deploy", "", "deployed",
    "*\n!deploy", "deploy\n!deploy", "*\n!*/", "deploy  ", "[d]eploy", "/*/deploy", "**/project/**/fraud", "project/**/deploy",
)  # fmt: skip


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output folder with a file, in a repository."""
    folder = tmp_path / "project" / "deploy" / "fraud"
    folder.mkdir(parents=True)
    (folder / "file").touch()
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return folder


@pytest.mark.parametrize("pattern", _PATTERNS)
@pytest.mark.parametrize("where", [".", "project"])
def test_as_git_has_it(output: Path, tmp_path: Path, where: str, pattern: str) -> None:
    """Rules of the root and of folders below it, anchored or not, with wildcards and exceptions."""
    (tmp_path / where / ".gitignore").write_text(f"{pattern}\n")
    # git judges folders by the files in them.
    asked = subprocess.run(["git", "-C", str(tmp_path), "check-ignore", "-q", f"{output}/"])
    assert (ignored(output) is not None) == (asked.returncode == 0)


def test_the_line_is_named(output: Path, tmp_path: Path) -> None:
    """What is found says where the rule stands."""
    (tmp_path / ".gitignore").write_text("# ours\n*.pyc\ndeploy/\n")
    found = ignored(output)
    assert found is not None
    assert (found.file, found.line, found.pattern) == (tmp_path / ".gitignore", 3, "deploy/")


def test_outside_of_a_repository(tmp_path: Path) -> None:
    """Where git is not used nothing is ignored."""
    (tmp_path / ".gitignore").write_text("*\n")
    assert ignored(tmp_path / "deploy") is None


def test_many_stars(tmp_path: Path) -> None:
    """Each part of a path is looked at once for each of a pattern: this took longer than anybody waits."""
    folder = tmp_path.joinpath(*["a"] * 28, "deploy")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("a/**/" * 12 + "b\n" + "a/**/" * 12 + "deploy\n")
    began = time.process_time()
    found = ignored(folder)
    assert found is not None
    assert found.line == 2
    assert time.process_time() - began < 1


def test_a_link(output: Path, tmp_path: Path) -> None:
    """git reads no rules through a link, and neither do we: one may lead to a device without an end."""
    (tmp_path / "rules").write_text("deploy\n")
    (tmp_path / ".gitignore").symlink_to("rules")
    asked = subprocess.run(["git", "-C", str(tmp_path), "check-ignore", "-q", f"{output}/"], stderr=subprocess.DEVNULL)
    assert asked.returncode != 0
    assert ignored(output) is None
