"""`build --check`: what is on disk against what would be written, and why they differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from servespec.cli import work
from tests.projects import SPEC, picture, servespec, write

_OUT = Path("deploy") / "fraud-detector"


@pytest.fixture
def built(project: Path) -> Path:
    """A project that was built."""
    assert servespec(project, "build").exit == 0
    return project


def test_straight_after_a_build(built: Path) -> None:
    """Nothing to say and nothing to do."""
    assert servespec(built, "build", "--check") == servespec(built, "build", "--check")
    done = servespec(built, "build", "--check")
    assert (done.exit, done.out) == (0, "")
    assert servespec(built, "build", "--check", "--summary").out == "deploy/fraud-detector is up to date\n"


def test_before_a_build(project: Path) -> None:
    """Every file is new, and none is written."""
    done = servespec(project, "build", "--check")
    assert done.exit == 3
    assert done.out.startswith("deploy/fraud-detector is out of date:\n")
    assert "  compose/compose.yaml: new\n" in done.out
    assert not (project / "deploy").exists()


def _edit_output(project: Path) -> None:
    path = project / _OUT / "compose" / "compose.yaml"
    path.write_text(path.read_text() + "# mine\n")


def _edit_spec(project: Path) -> None:
    write(project, SPEC + "runtime: {workers: 2}\n", files={})


def _edit_code(project: Path) -> None:
    path = project / "model" / "model.py"
    path.write_text(path.read_text() + "\n\nx = 1\n")


def _remove_output(project: Path) -> None:
    (project / _OUT / "docker" / "Dockerfile").unlink()


def _narrow_targets(project: Path) -> None:
    write(project, SPEC + "targets: {torchserve: }\n", files={})


def _make_plain(project: Path) -> None:
    (project / _OUT / "torchserve" / "archive.sh").chmod(0o644)


_CHANGES = {
    _edit_output: {"compose/compose.yaml: edited by hand"},
    _edit_spec: {
        "compose/compose.yaml: spec changed",
        "torchserve/config.properties: spec changed",
        "torchserve/model-config.yaml: spec changed",
    },
    _edit_code: {"compose/compose.yaml: code or requirements changed"},
    _remove_output: {"docker/Dockerfile: missing"},
    _make_plain: {"torchserve/archive.sh: mode changed"},
    _narrow_targets: {
        "client/openapi.json: no longer made",
        "client/requirements.txt: no longer made",
        "client/rest.py: no longer made",
        "client/rpc.py: no longer made",
        "compose/compose.yaml: no longer made",
        "docker/Dockerfile: no longer made",
        "docker/Dockerfile.dockerignore: no longer made",
    },
}


@pytest.mark.parametrize("change", _CHANGES, ids=lambda change: change.__name__)
def test_what_has_changed(built: Path, change: object) -> None:
    """Each file that is out of date is named with its reason, and nothing else is; the exit code is 3."""
    assert callable(change)
    change(built)
    before = picture(built)
    done = servespec(built, "build", "--check")
    head, *rows, last = done.out.splitlines()
    assert done.exit == 3
    assert head == "deploy/fraud-detector is out of date:"
    assert {row.strip() for row in rows} == _CHANGES[change]
    assert last.startswith(
        "run `servespec build`" if change is not _edit_output else "`servespec build` overwrites none"
    )
    assert picture(built) == before


@pytest.mark.parametrize("change", [_edit_spec, _edit_code, _remove_output, _narrow_targets], ids=lambda c: c.__name__)
def test_a_build_mends_it(built: Path, change: object) -> None:
    """After a build all is as it should be, whatever was out of date."""
    assert callable(change)
    change(built)
    assert servespec(built, "build").exit == 0
    assert servespec(built, "build", "--check").exit == 0


def test_layout_and_comments_are_no_change(built: Path) -> None:
    """Another way to write the same spec is not out of date."""
    lines = reversed(SPEC.splitlines())
    write(built, "".join(f"{line}  # a comment\n\n" for line in lines), files={})
    assert servespec(built, "build", "--check").exit == 0


def test_an_edited_file_is_refused_until_force(built: Path) -> None:
    """A build does not overwrite what a person wrote, says so, and changes nothing; `--force` does."""
    _edit_output(built)
    before = picture(built / "deploy")
    refused = servespec(built, "build")
    assert refused.exit == 4
    assert "compose.yaml` was edited by hand; `--force` overwrites it" in refused.err
    assert picture(built / "deploy") == before
    assert servespec(built, "build", "--force").exit == 0
    assert servespec(built, "build", "--check").exit == 0


def test_diff(built: Path) -> None:
    """`--diff` only shows what a build would change, and says nothing else; with `--check` the reasons as well."""
    assert (servespec(built, "build", "--diff").exit, servespec(built, "build", "--diff").out) == (0, "")
    _edit_spec(built)
    before = picture(built / "deploy")
    alone, both = servespec(built, "build", "--diff"), servespec(built, "build", "--check", "--diff")
    assert (alone.exit, both.exit) == (3, 3)
    assert {"-minWorkers: 1", "+minWorkers: 2"} <= set(alone.out.splitlines())
    assert both.out.startswith(alone.out)
    assert both.out.removeprefix(alone.out).startswith("deploy/fraud-detector is out of date:\n")
    assert picture(built / "deploy") == before
    servespec(built, "build")
    assert servespec(built, "build", "--check", "--diff").out == ""


def test_what_mends_an_edit(built: Path) -> None:
    """What is advised after an edit by hand is what works: not a plain build, which refuses."""
    _edit_output(built)
    last = servespec(built, "build", "--check").out.splitlines()[-1]
    assert "`overrides`" in last
    assert "`servespec build --force`" in last
    assert servespec(built, "build").exit == 4
    assert servespec(built, "build", "--force").exit == 0


def test_without_the_manifest(built: Path) -> None:
    """Where all files are right but the record of them is gone, that is what is named."""
    (built / _OUT / ".servespec.json").unlink()
    done = servespec(built, "build", "--check")
    assert done.exit == 3
    assert done.out.splitlines()[:2] == ["deploy/fraud-detector is out of date:", "  .servespec.json: missing"]
    assert servespec(built, "build").exit == 0
    assert servespec(built, "build", "--check").exit == 0


def test_a_day_that_passed_is_seen(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An expired date warns, on the run after it too, and leaves everything up to date."""
    line = 'suppress: [{rule: runtime-end-of-life, reason: known, until: "2027-01-01"}]\n'
    write(built, SPEC + line, files={})
    monkeypatch.setattr(work, "today", lambda: "2027-01-01")
    assert servespec(built, "build").err == ""
    monkeypatch.setattr(work, "today", lambda: "2027-01-02")
    done = servespec(built, "build", "--check")
    assert done.exit == 0
    assert "suppression-expired" in done.err
