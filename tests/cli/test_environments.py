"""Environments on the command line: their folders, what narrows a build to some, and what names one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.projects import SPEC, picture, servespec, write

_OUT = Path("deploy") / "fraud-detector"
_SPEC = SPEC + "environments:\n  production: {runtime: {workers: 4}}\n  staging:\n"


@pytest.fixture
def built(project: Path) -> Path:
    """A project with two environments that was built."""
    write(project, _SPEC, files={})
    assert servespec(project, "build").exit == 0
    return project


def _folders(project: Path) -> set[str]:
    return {
        path.parent.relative_to(project / _OUT).as_posix() for path in (project / _OUT).rglob("*") if path.is_file()
    }


def test_a_folder_for_each(built: Path) -> None:
    """Each environment's targets lie in a folder of its own, beside one manifest and what git is told of all."""
    targets = {"compose", "docker", "torchserve"}
    assert _folders(built) >= {"."} | {f"{name}/{target}" for name in ("production", "staging") for target in targets}
    assert {folder.partition("/")[0] for folder in _folders(built)} == {".", "production", "staging"}
    files = {path.name for path in (built / _OUT).iterdir() if path.is_file()}
    assert files == {".gitattributes", ".servespec.json"}


def test_paths_lead_out_of_the_folder(built: Path) -> None:
    """The build context of each compose file is the project, and projects of one machine are told apart by name."""
    for name in ("production", "staging"):
        folder = built / _OUT / name / "compose"
        data = yaml.safe_load((folder / "compose.yaml").read_text())
        (service,) = data["services"].values()
        assert data["name"] == f"fraud-detector-{name}"
        assert (folder / service["build"]["context"]).resolve() == built
        assert (built / service["build"]["dockerfile"]).is_file()


def test_check_names_the_file_of_the_environment(built: Path) -> None:
    """A change of one environment makes the files of that one stale, and no other."""
    write(built, _SPEC.replace("workers: 4", "workers: 5"), files={})
    done = servespec(built, "build", "--check")
    assert done.exit == 3
    rows = {row.strip() for row in done.out.splitlines()[1:-1]}
    assert rows == {
        "production/compose/compose.yaml: spec changed",
        "production/torchserve/config.properties: spec changed",
        "production/torchserve/model-config.yaml: spec changed",
    }


def test_a_narrow_build_leaves_the_rest(built: Path) -> None:
    """With -e only that environment is written and checked; what the others lack is no orphan."""
    write(built, _SPEC.replace("workers: 4", "workers: 5").replace("  staging:", "  staging: {owner: me}"), files={})
    before = picture(built / _OUT / "production")
    assert servespec(built, "build", "-e", "staging").exit == 0
    assert picture(built / _OUT / "production") == before
    assert servespec(built, "build", "--check", "-e", "staging").exit == 0
    assert servespec(built, "build", "--check", "-e", "production").exit == 3
    assert servespec(built, "build", "--check").exit == 3
    assert servespec(built, "build").exit == 0
    assert servespec(built, "build", "--check").exit == 0


def test_targets_and_environments_narrow_together(built: Path) -> None:
    """-t and -e: of one environment one target, with what it requires."""
    for name in ("production", "staging"):
        (built / _OUT / name / "docker" / "Dockerfile").unlink()
    assert servespec(built, "build", "-e", "staging", "-t", "docker").exit == 0
    assert (built / _OUT / "staging" / "docker" / "Dockerfile").is_file()
    assert not (built / _OUT / "production" / "docker" / "Dockerfile").exists()


def test_an_environment_that_is_gone(built: Path) -> None:
    """Its files are named as no longer made, and a build removes them."""
    write(built, _SPEC.replace("  staging:\n", ""), files={})
    done = servespec(built, "build", "--check")
    assert "  staging/docker/Dockerfile: no longer made\n" in done.out
    assert servespec(built, "build").exit == 0
    assert {folder.partition("/")[0] for folder in _folders(built)} == {".", "production"}


def test_the_first_environment(project: Path) -> None:
    """A spec that gets environments moves into their folders."""
    assert servespec(project, "build").exit == 0
    write(project, _SPEC, files={})
    assert servespec(project, "build").exit == 0
    assert {folder.partition("/")[0] for folder in _folders(project)} == {".", "production", "staging"}


def test_all_or_nothing(built: Path) -> None:
    """A file of one environment that was edited by hand stops the build of all of them."""
    edited = built / _OUT / "staging" / "compose" / "compose.yaml"
    edited.write_text("mine\n")
    write(built, _SPEC + "owner: risk-ml\n", files={})
    before = picture(built / "deploy")
    assert servespec(built, "build").exit == 4
    assert picture(built / "deploy") == before


def test_a_path_to_an_overlay_means_its_spec(built: Path) -> None:
    """`serving.staging.yaml` as an argument is the spec beside it, in that environment alone."""
    overlay = built / "serving.staging.yaml"
    overlay.write_text("runtime: {workers: 3}\n")
    done = servespec(built, "build", "--check", "serving.staging.yaml")
    assert done.exit == 3
    assert {line.strip().partition("/")[0] for line in done.out.splitlines()[1:-1]} == {"staging"}
    both = servespec(built, "build", "--check", "serving.yaml", "serving.staging.yaml")
    assert both.out.count("is out of date") == 1
    assert servespec(built, "validate", "serving.staging.yaml").exit == 0
    overlay.write_text("runtime: {worker: 3}\n")
    assert "serving.staging.yaml:1:11" in servespec(built, "validate", "serving.staging.yaml").out


def test_an_overlay_may_end_as_others_write_it(built: Path) -> None:
    """`serving.staging.yml` beside `serving.yaml` is read, by itself as well; two of one environment are refused."""
    overlay = built / "serving.staging.yml"
    overlay.write_text("runtime: {worker: 3}\n")
    assert "serving.staging.yml:1:11" in servespec(built, "validate").out
    assert "serving.staging.yml:1:11" in servespec(built, "validate", "serving.staging.yml").out
    (built / "serving.staging.yaml").write_text("runtime: {workers: 3}\n")
    both = servespec(built, "validate")
    assert both.exit == 5
    assert "serving.staging.yaml and serving.staging.yml are overlays of one environment" in both.err


@pytest.mark.parametrize("command", ["validate", "build", "run", "smoke"])
def test_an_environment_that_is_none(built: Path, command: str) -> None:
    """A name that no spec has is wrong usage, with the one that was probably meant."""
    done = servespec(built, command, "-e", "stagin")
    assert done.exit == 2
    assert "there is no environment `stagin`; did you mean `staging`?" in done.err


def test_specs_without_the_environment_are_passed_over(built: Path, tmp_path: Path) -> None:
    """Of several specs those are built that have the environment."""
    write(built / "other", SPEC.replace("fraud-detector", "other"))
    done = servespec(built, "build", ".", "-e", "staging")
    assert done.exit == 0
    assert not (built / "other" / "deploy").exists()


@pytest.mark.parametrize("command", ["run", "smoke"])
def test_a_command_for_one_environment_wants_one(built: Path, command: str) -> None:
    """What starts or asks one server needs to be told which."""
    done = servespec(built, command)
    assert done.exit == 2
    assert "has the environments `production` and `staging`; name one of them with -e" in done.err


def test_explain_a_line_of_an_environment(built: Path) -> None:
    """The line comes from the overlay, and what that overrides is shown too."""
    write(built, _SPEC + "runtime: {workers: 2}\n", files={})
    servespec(built, "build")
    path = _OUT / "production" / "torchserve" / "model-config.yaml"
    number = next(i for i, line in enumerate((built / path).read_text().split("\n"), 1) if "minWorkers" in line)
    done = servespec(built, "explain", f"{path}:{number}")
    assert done.exit == 0
    assert "from serving.yaml:7:26\n  production: {runtime: {workers: 4}}\n" in done.out
    assert "  which overrides serving.yaml:9:11: runtime: {workers: 2}\n" in done.out


_CHANGES: dict[str, Callable[[Path], object]] = {
    "a new overlay": lambda project: (project / "serving.test.yaml").write_text("owner: me\n"),
    "an overlay": lambda project: (project / "serving.staging.yaml").write_text("owner: you\n"),
    "a lost overlay": lambda project: (project / "serving.staging.yaml").unlink(),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_no_change_is_missed(built: Path, change: str) -> None:
    """What an earlier run remembers is not told again when a file beside the spec came, changed or went."""
    (built / "serving.staging.yaml").write_text("owner: me\n")
    for _ in range(3):
        assert servespec(built, "build").exit == 0
    assert servespec(built, "build", "--check").exit == 0
    _CHANGES[change](built)
    assert servespec(built, "build", "--check").exit == 3
