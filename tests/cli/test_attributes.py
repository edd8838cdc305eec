"""What an output folder tells git, asked of git itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.projects import SPEC, servespec, write

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

_OUT = Path("deploy", "fraud-detector")
_IDENTITY = ("-c", "user.name=tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false")


def _git(project: Path, *arguments: str, fails: bool = False) -> str:
    done = subprocess.run(["git", *_IDENTITY, *arguments], cwd=project, capture_output=True, text=True)
    assert bool(done.returncode) is fails, done.stdout + done.stderr
    return done.stdout


def _commit(project: Path, text: str = "all") -> None:
    _git(project, "add", "--all")
    _git(project, "commit", "--quiet", f"--message={text}")


@pytest.fixture
def built(project: Path) -> Path:
    """A repository whose spec was built and committed."""
    _git(project, "init", "--quiet", "--initial-branch=main")
    assert servespec(project, "build").exit == 0
    _commit(project)
    return project


def test_git_knows_what_is_made(built: Path) -> None:
    """Files of ours are generated, have LF on every system, and are not merged; those beside them are as they were."""
    asked = ("linguist-generated", "eol", "merge")
    for path, said in ((_OUT / "docker" / "Dockerfile", ["set", "lf", "unset"]), ("serving.yaml", ["unspecified"] * 3)):
        lines = _git(built, "check-attr", *asked, "--", str(path)).splitlines()
        assert [line.rpartition(": ")[2] for line in lines] == said


def test_it_is_none_of_a_person_s_business(built: Path) -> None:
    """The summary does not name it. A build of one target leaves it, and a check names it when it is gone."""
    assert ".gitattributes" not in servespec(built, "build", "--summary").out
    path = built / _OUT / ".gitattributes"
    assert servespec(built, "build", "-t", "docker", "--check").exit == 0
    path.unlink()
    assert servespec(built, "build", "-t", "docker", "--check").exit == 0
    done = servespec(built, "build", "--check")
    assert done.exit == 3
    assert done.out.splitlines()[1:-1] == ["  .gitattributes: missing"]
    assert servespec(built, "build").exit == 0
    assert servespec(built, "build", "--check").exit == 0


def test_a_person_s_own_is_left_alone(project: Path) -> None:
    """One that stands there already is nobody's but its author's: the build says so, and writes nothing."""
    path = project / _OUT / ".gitattributes"
    path.parent.mkdir(parents=True)
    path.write_text("* -text\n")
    refused = servespec(project, "build")
    assert (refused.exit, path.read_text()) == (4, "* -text\n")
    assert f"{_OUT}/.gitattributes` was not written by servespec; `--force` overwrites it" in refused.err


def test_it_is_explained(built: Path) -> None:
    """Like any line that is the same in every build."""
    done = servespec(built, "explain", f"{_OUT}/.gitattributes:3")
    assert (done.exit, "* linguist-generated" in done.out) == (0, True), done.err


def test_a_merge_that_conflicts(built: Path) -> None:
    """Two branches change the spec in two places: it merges, and a plain build makes what belongs to it."""
    for branch, spec in (("left", f"owner: ml\n{SPEC}"), ("right", f"{SPEC}runtime: {{workers: 2}}\n")):
        _git(built, "checkout", "--quiet", "-b", branch, "main")
        write(built, spec, files={})
        assert servespec(built, "build").exit == 0
        _commit(built, branch)
    assert "CONFLICT" in _git(built, "merge", "left", fails=True)
    assert (built / "serving.yaml").read_text() == f"owner: ml\n{SPEC}runtime: {{workers: 2}}\n"
    assert "<<<<<<<" not in (built / _OUT / "compose" / "compose.yaml").read_text()
    assert servespec(built, "build").exit == 0
    _commit(built, "merged")
    assert servespec(built, "build", "--check").exit == 0
