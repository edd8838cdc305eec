"""The root file on the command line: where it is looked for, and that a change of it is never missed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.projects import SPEC, servespec, write

_POLICY = "policy: {required: [owner]}\n"
_DEFAULTS = "defaults: {owner: risk-ml}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one spec in a folder of it."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    write(tmp_path / "repository" / "services" / "fraud")
    return tmp_path / "repository"


def _validate(repository: Path) -> str:
    return servespec(repository / "services" / "fraud", "validate").out


def test_at_the_root(repository: Path) -> None:
    """A root file holds for every spec below it, and is shown by its path."""
    assert "required-by-policy" not in _validate(repository)
    (repository / "servespec.yaml").write_text(_POLICY)
    out = _validate(repository)
    assert "error[required-by-policy]: `owner` is missing" in out
    assert "::: ../../servespec.yaml:1:21" in out


def test_the_nearest(repository: Path) -> None:
    """Of several the nearest one alone holds."""
    (repository / "servespec.yaml").write_text(_POLICY)
    (repository / "services" / "servespec.yaml").write_text("policy: {}\n")
    assert "required-by-policy" not in _validate(repository)


def test_beyond_the_repository(repository: Path) -> None:
    """What stands above the repository is none of its business."""
    (repository.parent / "servespec.yaml").write_text(_POLICY)
    assert "required-by-policy" not in _validate(repository)


def test_without_a_repository(repository: Path) -> None:
    """In an unpacked archive or an image there is no `.git`: the policy holds there too, and the nearest root file."""
    (repository / ".git").rmdir()
    (repository.parent / "servespec.yaml").write_text(_POLICY)
    assert "::: ../../../servespec.yaml:1:21" in _validate(repository)
    (repository / "servespec.yaml").write_text("policy: {}\n")
    assert "required-by-policy" not in _validate(repository)


@pytest.mark.parametrize("mode", [0o1777, 0o777])
def test_a_folder_for_everybody(repository: Path, mode: int) -> None:
    """Where anybody may write, as in `/tmp`, a root file is not looked for, and none above it."""
    (repository / ".git").rmdir()
    (repository.parent / "servespec.yaml").write_text(_POLICY)
    repository.chmod(mode)
    assert "required-by-policy" not in _validate(repository)
    (repository / "servespec.yaml").write_text(_POLICY)
    assert "required-by-policy" not in _validate(repository)
    shutil.copy(repository / "services" / "fraud" / "serving.yaml", repository / "serving.yaml")
    assert "required-by-policy" in servespec(repository, "validate").out  # beside the spec itself it is


def test_a_repository_that_begins(repository: Path) -> None:
    """What an earlier run remembers of a root file above is not told again when a `.git` comes between."""
    (repository / ".git").rmdir()
    (repository.parent / "servespec.yaml").write_text(_DEFAULTS)
    for _ in range(3):
        assert servespec(repository, "build", "services").exit == 0
    assert servespec(repository, "build", "--check", "services").exit == 0
    (repository / ".git").mkdir()
    assert servespec(repository, "build", "--check", "services").exit == 3


def test_a_repository_that_ends(repository: Path) -> None:
    """What an earlier run remembers is not told again when there is no `.git` any more."""
    (repository / ".git" / "config").touch()
    (repository.parent / "servespec.yaml").write_text(_DEFAULTS)
    for _ in range(3):
        assert servespec(repository, "build", "services").exit == 0
    assert servespec(repository, "build", "--check", "services").exit == 0
    (repository / ".git").rename(repository / "aside")
    assert servespec(repository, "build", "--check", "services").exit == 3


def test_a_repository_within(repository: Path) -> None:
    """Nor when another `.git` comes between the spec and a root file above it."""
    (repository / "servespec.yaml").write_text(_DEFAULTS)
    for _ in range(3):
        assert servespec(repository, "build", "services").exit == 0
    assert servespec(repository, "build", "--check", "services").exit == 0
    (repository / "services" / ".git").mkdir()
    assert servespec(repository, "build", "--check", "services").exit == 3


def test_by_the_other_ending(repository: Path) -> None:
    """A policy in `servespec.yml` would hold for nobody: it is refused, also by a spec that was fine a moment ago."""
    assert servespec(repository / "services" / "fraud", "validate").exit == 0
    (repository / "servespec.yml").write_text(_POLICY)
    done = servespec(repository / "services" / "fraud", "validate")
    assert done.exit == 5
    assert "../../servespec.yml would not be read: call it servespec.yaml" in done.err


@pytest.mark.parametrize(("text", "code"), [("polciy: {}\n", 1), (_POLICY, 5)])
@pytest.mark.parametrize("command", ["validate", "build", "list"])
def test_one_mistake_above_many_specs(repository: Path, command: str, text: str, code: int) -> None:
    """It is told once, however many specs it keeps from being built, and whatever else is said of them."""
    write(repository / "services" / "other", SPEC.replace("fraud-detector", "other"))
    name = "servespec.yaml" if code == 1 else "servespec.yml"
    (repository / name).write_text(text)
    done = servespec(repository, command, "services")
    assert done.exit == code
    assert (done.out + done.err).count(name if code == 5 else "error[unknown-field]") == 1


def test_defaults_lie_beneath(repository: Path) -> None:
    """A default counts as written, and a mistake in it is shown in the root file."""
    (repository / "servespec.yaml").write_text(_POLICY + _DEFAULTS)
    assert "required-by-policy" not in _validate(repository)
    (repository / "servespec.yaml").write_text("defaults: {runtime: {worker: 2}}\n")
    assert "../../servespec.yaml:1:22" in _validate(repository)


def test_one_default_changes_what_inherits_it(repository: Path) -> None:
    """After a change of a default exactly the specs are stale that do not say otherwise."""
    write(repository / "services" / "other", SPEC.replace("fraud-detector", "other") + "runtime: {workers: 3}\n")
    (repository / "servespec.yaml").write_text("defaults: {runtime: {workers: 1}}\n")
    assert servespec(repository, "build", "services").exit == 0
    (repository / "servespec.yaml").write_text("defaults: {runtime: {workers: 2}}\n")
    done = servespec(repository, "build", "--check", "services")
    assert done.exit == 3
    assert "services/fraud/deploy/fraud-detector is out of date" in done.out
    assert "services/other" not in done.out


def test_a_default_of_an_environment_is_one(repository: Path) -> None:
    """It lies over the other defaults and beneath all that a spec says, in an environment or for all of them."""
    (repository / "servespec.yaml").write_text(
        "defaults:\n"
        "  runtime: {threads: 2, workers: 2}\n"
        "  environments: {prod: {owner: root, runtime: {threads: 3, workers: 3}, scaling: {replicas: 3}}}\n"
    )
    spec = SPEC + "runtime: {workers: 4}\nscaling: {replicas: 4}\nenvironments: {prod: {scaling: {replicas: 5}}}\n"
    write(repository / "services" / "fraud", spec)
    done = servespec(repository, "show", "--format", "json", "-e", "prod", "services/fraud")
    values = {item["path"]: (item["value"], item["place"]) for item in json.loads(done.out)["values"]}
    assert values["owner"] == ("root", "servespec.yaml:3:32")
    assert values["runtime.threads"] == (3, "servespec.yaml:3:57")
    assert values["runtime.workers"] == (4, "services/fraud/serving.yaml:6:20")
    assert values["scaling.replicas"] == (5, "services/fraud/serving.yaml:8:43")


_CHANGES: dict[str, Callable[[Path], object]] = {
    "a new one": lambda root: (root / "services" / "servespec.yaml").write_text(_POLICY),
    "another text": lambda root: (root / "servespec.yaml").write_text(_POLICY),
    "none": lambda root: (root / "servespec.yaml").unlink(),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_no_change_is_missed(repository: Path, change: str) -> None:
    """What an earlier run remembers is not told again when a root file came, changed or went."""
    (repository / "servespec.yaml").write_text(_DEFAULTS)
    for _ in range(3):
        assert servespec(repository, "build", "services").exit == 0
    assert servespec(repository, "build", "--check", "services").exit == 0
    _CHANGES[change](repository)
    assert servespec(repository, "build", "--check", "services").exit != 0


@pytest.mark.parametrize("command", ["validate", "build", "show"])
def test_the_root_file_itself_is_no_spec(repository: Path, command: str) -> None:
    """Whoever names it is told so, and not what it lacks to be one."""
    (repository / "servespec.yaml").write_text("policy: {}\n")
    done = servespec(repository, command, "servespec.yaml")
    assert done.exit == 2
    assert "servespec.yaml is the root file, and no spec" in done.err
