"""Files that no field names, found in the folders that the spec names: what is wrong with them is told there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from servespec.pipeline import Analysis
from tests.projects import FILES, HEAD, SPEC, analyse, made, servespec, write

_MINE = HEAD + "model: {format: pytorch, uri: ./model, extraFiles: [m]}\nimage: {requirements: requirements.txt}\n"
_COPIED = SPEC.replace("requirements.txt}", "requirements.txt, files: [{source: m, target: /opt/m}]}")


def _codes(analysis: Analysis) -> dict[str, str]:
    items = analysis.report.diagnostics
    return {item.code: str(item.severity) for item in items if item.code != "runtime-end-of-life"}


@pytest.mark.parametrize("name", [b"a\xff.pt", b"a\nb.pt", b"a\\b.pt"])
def test_weights_that_cannot_be_named(tmp_path: Path, name: bytes) -> None:
    """A name that no file can carry is an error at the folder's field, not a failure of the build."""
    project = write(tmp_path, files={name: FILES[name] for name in FILES if not name.endswith(".pt")})
    Path(os.fsdecode(os.fsencode(project / "model") + b"/" + name)).write_bytes(b"weights")
    assert _codes(analyse(project)) == {"unwritable-text": "error"}
    assert servespec(project, "build").exit == 1


@pytest.mark.parametrize("spec", [_MINE, _COPIED, _MINE + "targets: {torchserve: {archive: true}}\n"])
def test_a_file_in_a_tree_that_cannot_be_named(tmp_path: Path, spec: str) -> None:
    """The same deep below a folder that is copied as a whole."""
    project = write(tmp_path, spec, {**FILES, "m/below/a.txt": "a"})
    assert _codes(analyse(project)) == {}
    Path(os.fsdecode(os.fsencode(project / "m" / "below") + b"/b\xff")).write_bytes(b"b")
    assert _codes(analyse(project)) == {"unwritable-text": "error"}
    assert servespec(project, "build").exit == 1


def test_a_copied_tree_is_told_at_its_field(tmp_path: Path) -> None:
    """The place is what names the folder, and is named itself."""
    project = write(tmp_path, _COPIED, {**FILES, "m/a.txt": "a"})
    Path(os.fsdecode(os.fsencode(project / "m") + b"/b\xff")).write_bytes(b"b")
    (item,) = (item for item in analyse(project).report.diagnostics if item.code == "unwritable-text")
    assert item.headline == "a file in `source` has a name that can't be written"
    assert item.labels[0].at == ("image", "files", 0, "source")


def test_what_is_not_used_may_be_called_anything(tmp_path: Path) -> None:
    """A file in the model's folder that goes nowhere is nobody's concern."""
    project = write(tmp_path)
    Path(os.fsdecode(os.fsencode(project / "model") + b"/notes\xff.txt")).write_bytes(b"mine")
    analysis = analyse(project)
    assert _codes(analysis) == {}
    assert made(analysis)


@pytest.mark.parametrize("uri", ["./model", "./model/weights.pt\n  code: model/model.py"])
def test_weights_that_are_a_broken_link(tmp_path: Path, uri: str) -> None:
    """What DVC and git-annex leave in place of weights is a warning, as weights that are missing altogether."""
    spec = HEAD + f"model:\n  format: pytorch\n  uri: {uri}\nimage: {{requirements: requirements.txt}}\n"
    project = write(tmp_path, spec)
    (project / "model" / "weights.pt").unlink()
    (project / "model" / "weights.pt").symlink_to("../.git/annex/objects/absent")
    assert _codes(analyse(project)) == {"missing-weights": "warning"}


def test_a_broken_link_elsewhere(tmp_path: Path) -> None:
    """In a folder of extra files it would be missed when the service runs: an error."""
    project = write(tmp_path, _MINE, {**FILES, "m/a.txt": "a"})
    (project / "m" / "b").symlink_to("nothing")
    assert _codes(analyse(project)) == {"unreadable-file": "error"}


def test_weights_outside_of_the_repository(tmp_path: Path) -> None:
    """A link out of the repository is told also when only its folder is named."""
    project = tmp_path / "project"
    project.mkdir()
    write(project)
    (project / "model" / "weights.pt").rename(tmp_path / "weights.pt")
    (project / "model" / "weights.pt").symlink_to("../../weights.pt")
    assert _codes(analyse(project)) == {"path-outside-project": "error"}
