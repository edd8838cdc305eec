"""`servespec show` and `diff`: what a spec means in an environment, who set it, and what another one does differently."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from servespec.deployment.canonical import as_data
from tests.projects import SPEC, analyse, servespec, write

_SPEC = SPEC + (
    "runtime: {workers: 2}\nsecrets: [{name: store, keys: [token]}]\n"
    "environments:\n  production:\n    runtime: {workers: 4}\n    secrets: [{name: store, keys: [user]}]\n  staging:\n"
)


@pytest.fixture
def repository(project: Path) -> Path:
    """A project with two environments below a root file."""
    write(project, _SPEC, files={})
    (project / "servespec.yaml").write_text(
        "defaults: {owner: risk-ml, runtime: {threads: 3}}\nmirrors: {apt: {ftp.debian.org: https://m.example.com}}\n"
    )
    return project


def _values(project: Path, *arguments: str) -> dict[str, dict[str, object]]:
    done = servespec(project, "show", "--format", "json", *arguments)
    assert done.exit == 0, done.err
    return {item["path"]: item for item in json.loads(done.out)["values"]}


@pytest.mark.parametrize(
    ("path", "value", "kind", "place", "overrides"),
    [
        ("name", "fraud-detector", "base", "serving.yaml:2:7", []),
        ("patterns[0]", "realtime", "base", "serving.yaml:3:10", []),
        ("environment", "production", "derived", None, []),
        ("owner", "risk-ml", "root defaults", "servespec.yaml:1:19", []),
        ("runtime.threads", 3, "root defaults", "servespec.yaml:1:47", []),
        ("runtime.workers", 4, "overlay", "serving.yaml:10:24", ["serving.yaml:6:20"]),
        ("secrets[0].name", "store", "base", "serving.yaml:7:18", []),
        ("secrets[0].keys[0]", "user", "overlay", "serving.yaml:11:36", ["serving.yaml:7:31"]),
        ("runtime.timeouts.request", "30s", "default", None, []),
        ("runtime.env", {}, "default", None, []),
        ("image.base", "python:3.11-slim-bookworm", "derived", None, []),
        ("resources.limits.memory", "2560Mi", "derived", None, []),
        ("mirrors.apt.ftp.debian.org", "https://m.example.com", "root file", None, []),
    ],
)
def test_who_set_it(
    repository: Path, path: str, value: object, kind: str, place: str | None, overrides: list[str]
) -> None:
    """Each value with its place, and the places of what it overrides."""
    assert _values(repository, "-e", "production")[path] == {
        "path": path, "value": value, "from": kind, "place": place, "overrides": overrides,
    }  # fmt: skip


def test_all_values_are_shown(project: Path) -> None:
    """Every value of the deployment that says anything, and nothing else."""

    def count(value: object) -> int:
        if isinstance(value, dict | list) and value:
            return sum(map(count, value.values() if isinstance(value, dict) else value))
        return 0 if value is None else 1

    options = [path for path in _values(project) if path.startswith("targets.")]
    assert len(_values(project)) - len(options) == count(as_data(analyse(project).deployment))


def test_options_of_targets_and_the_platform(project: Path) -> None:
    """What a target is told, by whom; which targets there are, and which cluster it is and what that takes."""
    write(project, SPEC + "platform: prod\ntargets: {kubernetes: {namespace: ml}}\n", files={})
    (project / "servespec.yaml").write_text(
        "defaults: {targets: {kubernetes: {kustomize: true}}}\nplatforms: {prod: {kubernetes: '1.33'}}\n"
    )
    known = {path: (item["value"], item["from"], item["place"]) for path, item in _values(project).items()}
    assert known["targets.kubernetes.namespace"] == ("ml", "base", "serving.yaml:7:35")
    assert known["targets.kubernetes.kustomize"] == (True, "root defaults", "servespec.yaml:1:46")
    assert known["platform.name"] == ("prod", "base", "serving.yaml:6:11")
    assert known["platform.kubernetes"][1:] == ("root file", None)
    asked = {value: kind for path, (value, kind, _) in known.items() if path.startswith("targets[")}
    assert asked["kubernetes"] == "base"


def test_no_targets(project: Path) -> None:
    """A spec that is compiled to nothing says so itself."""
    write(project, SPEC + "targets: {}\n", files={})
    assert _values(project)["targets"]["from"] == "base"


def test_as_text(repository: Path) -> None:
    """A line for each value, with who set it behind it."""
    out = servespec(repository, "show", "-e", "production").out
    assert "\nruntime.workers: 4 " in out
    assert "  overlay, serving.yaml:10:24, over serving.yaml:6:20\n" in out
    assert servespec(repository, "show").exit == 2


def test_a_diff_of_environments(repository: Path, tmp_path: Path) -> None:
    """What git would show, and patch can apply: from all that one makes to all that the other makes."""
    done = servespec(repository, "diff", "-e", "staging", "-e", "production")
    assert done.exit == 0
    assert "-minWorkers: 2\n" in done.out
    assert "+minWorkers: 4\n" in done.out
    assert "staging/docker" not in done.out, "the folder alone is no difference"
    assert servespec(repository, "build").exit == 0
    out = repository / "deploy" / "fraud-detector"
    model = "torchserve/model-config.yaml"
    patch = "--- staging/" + done.out.partition(f"--- staging/{model}")[2].partition("\n--- ")[0] + "\n"
    if shutil.which("patch") is None:
        pytest.skip("no patch on this machine")
    (tmp_path / "diff").write_text(patch.replace("--- staging/\n", f"--- staging/{model}\n"))
    subprocess.run(["patch", "-s", str(out / "staging" / model), str(tmp_path / "diff")], check=True)
    assert (out / "staging" / model).read_text() == (out / "production" / model).read_text()


def test_what_is_the_same_has_no_diff(project: Path) -> None:
    """Two environments that differ in nothing but their name differ in nothing but their Compose project."""
    write(project, SPEC + "environments: {one: , two: }\n", files={})
    lines = servespec(project, "diff", "-e", "one", "-e", "two").out.splitlines()
    assert [line for line in lines if line.startswith(("-", "+"))] == [
        "--- one/compose/compose.yaml", "+++ two/compose/compose.yaml", "-name: fraud-detector-one", "+name: fraud-detector-two",
    ]  # fmt: skip


@pytest.mark.parametrize("names", [(), ("staging",), ("staging", "staging"), ("a", "b", "c")])
def test_two_environments_are_wanted(repository: Path, names: tuple[str, ...]) -> None:
    """Anything else is wrong usage."""
    assert servespec(repository, "diff", *(f"-e{name}" for name in names)).exit == 2


def test_a_diff_in_colour(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where colours are wanted, what is added is green and what is removed red; also what a build would change."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = servespec(repository, "diff", "-e", "staging", "-e", "production").out
    assert "\x1b[31m-minWorkers: 2\x1b[0m\n" in out
    assert "\x1b[32m+minWorkers: 4\x1b[0m\n" in out
    assert "\x1b[1m--- staging/compose/compose.yaml\x1b[0m\n" in out
    assert "\x1b[32m+minWorkers: 4\x1b[0m\n" in servespec(repository, "build", "--diff").out
