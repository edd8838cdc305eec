"""`servespec ci`: read by linters that are not ours, its steps run as the two systems run them, its values only values."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml
import yaml

from tests import runner
from tests.linting import actionlint, schema, zizmor
from tests.projects import SPEC, Ran, servespec, write

_IMAGES = {
    "none": (),
    "ghcr": ("ghcr.io/team/fraud",),
    "one": ("registry.example.com:5000/team/fraud",),
    "all": ("ghcr.io/team/fraud", "team/fraud", "registry.gitlab.com/team/fraud"),
}
_EVIL = (
    "a b",
    "${{ github.token }}",
    "$(touch made)",
    "`touch made`; $SPECS $$ $[[ inputs.x ]]",
    "'\"&*!|>%@#: - [{",
    "--help",
    "模型é",
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository without specs."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    return tmp_path / "repository"


def _spec(image: str) -> str:
    return SPEC.replace("image: {", f"image: {{repository: {image}, ") if image else SPEC


def _with(repository: Path, images: tuple[str, ...]) -> Path:
    """The repository with a spec for each image, or with one that has none."""
    for number, image in enumerate(images or ("",)):
        write(repository / f"model{number}", _spec(image).replace("fraud-detector", f"fraud{number}"))
    return repository


def _printed(done: Ran, to: Path) -> Any:
    """What was printed, read, and put to a file for others."""
    assert done.exit == 0, done.err
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(done.out, encoding="utf-8")
    return ruamel.yaml.YAML(typ="safe").load(io.StringIO(done.out))


@pytest.mark.parametrize("images", _IMAGES.values(), ids=_IMAGES)
def test_a_workflow_is_sound(repository: Path, images: tuple[str, ...]) -> None:
    """GitHub's schema, actionlint with shellcheck, and zizmor at its strictest find nothing to say."""
    path = repository / ".github" / "workflows" / "servespec.yml"
    jobs = _printed(servespec(_with(repository, images), "ci", "github"), path)["jobs"]
    assert list(jobs) == (["check", "audit", "list", "images"] if images else ["check", "audit"])
    schema(path, "github-workflows")
    actionlint(path)
    zizmor(path)


@pytest.mark.parametrize("images", _IMAGES.values(), ids=_IMAGES)
def test_a_pipeline_is_sound(repository: Path, images: tuple[str, ...]) -> None:
    """GitLab's schema takes it, and a shell each of its scripts."""
    path = repository / ".gitlab-ci.yml"
    jobs = _printed(servespec(_with(repository, images), "ci", "gitlab"), path)
    assert ("servespec-images" in jobs) is bool(images)
    schema(path, "gitlab-ci")
    for job in jobs.values():
        for line in (*job.get("before_script", ()), *job.get("script", ())):
            command = [str(Path(sys.executable).parent / "shellcheck"), "--shell=sh", "--exclude=SC2046,SC2086", "-"]
            done = subprocess.run(command, input=line, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout


def test_who_logs_in_where(repository: Path) -> None:
    """A job is itself to its own system's registry; others have secrets, with names of their own if there are more."""
    _with(repository, _IMAGES["all"])
    workflow = _printed(servespec(repository, "ci", "github"), repository / "a.yml")
    logins = [step["env"] for step in workflow["jobs"]["images"]["steps"] if "registry" in step["name"]]
    assert [list(login.values()) for login in logins[:2]] == [
        ["docker.io", "${{ secrets.REGISTRY_USER_DOCKER_IO }}", "${{ secrets.REGISTRY_PASSWORD_DOCKER_IO }}"],
        ["ghcr.io", "${{ github.actor }}", "${{ github.token }}"],
    ]
    assert workflow["jobs"]["images"]["permissions"] == {"contents": "read", "packages": "write"}
    lines = _printed(servespec(repository, "ci", "gitlab"), repository / "b.yml")["servespec-images"]["before_script"]
    assert lines[-1] == (
        'echo "$CI_REGISTRY_PASSWORD" | docker login --username="$CI_REGISTRY_USER" --password-stdin registry.gitlab.com'
    )


def test_without_a_registry(repository: Path) -> None:
    """Nothing could be pushed: there is no job for it, and why is said beside the text."""
    done = servespec(_with(repository, ()), "ci", "github")
    assert done.err == "servespec: no job builds images, since no spec names a registry in `image.repository`\n"


def test_what_the_job_would_refuse(repository: Path) -> None:
    """That a tag does not follow the weights is said when the pipeline is made, of the specs with a registry only."""
    _with(repository, ("ghcr.io/team/fraud", ""))
    said = servespec(repository, "ci", "github").err
    assert "refuse model0/serving.yaml, since a tag does not follow model/weights.pt: run `servespec lock`" in said
    assert "model1" not in said


def test_secrets_of_a_build(repository: Path) -> None:
    """GitHub hands a step the secrets that it names, and no others: those that an image's build takes are named, also
    one that is called like a variable of the workflow."""
    secrets = "image: {repository: ghcr.io/a/b, buildSecrets: [pip-token, netrc, specs], "
    write(repository, SPEC.replace("image: {", secrets))
    steps = _printed(servespec(repository, "ci", "github"), repository / "a.yml")["jobs"]["images"]["steps"]
    assert {name: value for name, value in steps[-1]["env"].items() if name != "listed"} == {
        "NETRC": "${{ secrets.NETRC }}",
        "PIP_TOKEN": "${{ secrets.PIP_TOKEN }}",
        "SPECS": "${{ secrets.SPECS }}",
    }
    actionlint(repository / "a.yml")
    zizmor(repository / "a.yml")


def test_platforms_that_a_job_is_not(repository: Path) -> None:
    """What the engine of a job has to be taught is said beside the text; its own platform is nothing to say."""
    for platforms, said in (("[linux/amd64]", ""), ("[linux/amd64, linux/arm64]", "builds for `linux/arm64`, which")):
        image = f"image: {{repository: ghcr.io/a/b, platforms: {platforms}, "
        write(repository, SPEC.replace("image: {", image))
        assert ("QEMU" in (err := servespec(repository, "ci", "github").err)) is bool(said)
        assert said in err


def test_more_specs_than_a_matrix_has_room_for(repository: Path, tmp_path: Path) -> None:
    """Jobs then have several specs each, and no spec is left out."""
    _with(repository, ("ghcr.io/team/fraud",))
    step = _printed(servespec(repository, "ci", "github"), tmp_path / "a.yml")["jobs"]["list"]["steps"][-1]
    listed = json.dumps([{"path": f"m{number}/serving.yaml", "images": ["a/b:1"]} for number in range(600)])
    (tmp_path / "listed.json").write_text(listed)
    told = f'servespec() {{ cat "{tmp_path}/listed.json"; }}\n'
    env = {**os.environ, "SPECS": ".", "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "out")}
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    subprocess.run(["bash", "-ec", told + step["run"]], env=env, check=True)
    jobs = json.loads((tmp_path / "out").read_text().removeprefix("specs="))
    assert len(jobs) == 256
    paths = [path for job in jobs for path in job.split("\n")]
    assert sorted(paths) == sorted(f"m{number}/serving.yaml" for number in range(600))


def test_the_jobs_of_github(repository: Path, tmp_path: Path) -> None:
    """The check fails on what is stale and leaves SARIF; the list has the specs that go to a registry, as a matrix."""
    _with(repository, ("ghcr.io/team/fraud", ""))
    jobs = _printed(servespec(repository, "ci", "github"), tmp_path / "a.yml")["jobs"]
    env = {**_variables(repository, tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def job(name: str) -> runner.Ran:
        (tmp_path / name).mkdir(exist_ok=True)
        steps = [step for step in jobs[name]["steps"] if step["name"] in ("Check", "List")]
        return runner.run(steps, cwd=repository, env=env, known={}, scratch=tmp_path / name)

    stale = job("check")
    assert stale.exit == 3, stale.said
    titles = [command.properties["title"] for command in runner.commands(stale.said)]
    assert titles.count("out-of-date") == 2
    assert json.loads((repository / "servespec.sarif").read_text())["version"] == "2.1.0"
    assert servespec(repository, "build", ".").exit == 0
    assert job("check").exit == 0
    assert json.loads(job("list").outputs["specs"]) == ["model0/serving.yaml"]


def test_the_images(repository: Path, tmp_path: Path) -> None:
    """Both systems build and push what a registry lacks of just the specs that name one, blanks and all."""
    write(repository / "a b", _spec("ghcr.io/team/fraud"))
    write(repository / "c", SPEC)
    env = {**_variables(repository, tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    told = 'servespec() { if [ "$1" = image ]; then echo "$@"; else command servespec "$@"; fi; }\n'
    steps = _printed(servespec(repository, "ci", "github"), tmp_path / "a.yml")["jobs"]["images"]["steps"]
    pushing = {**steps[-1], "run": told + steps[-1]["run"]}
    known = {"matrix.specs": "a b/serving.yaml"}
    of_github = runner.run([pushing], cwd=repository, env=env, known=known, scratch=tmp_path).said.splitlines()
    (script,) = _printed(servespec(repository, "ci", "gitlab"), tmp_path / "b.yml")["servespec-images"]["script"]
    done = subprocess.run(["sh", "-ec", told + script], cwd=repository, env={**os.environ, **env}, stdout=-1, text=True)
    assert of_github == done.stdout.splitlines()
    assert of_github == [f"image {verb} --if-absent -- a b/serving.yaml" for verb in ("build", "push")]


def _variables(repository: Path, tmp_path: Path) -> dict[str, str]:
    """The variables of the workflow, and a PATH on which servespec is."""
    text = servespec(repository, "ci", "github").out
    program = tmp_path / "bin" / "servespec"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m servespec "$@"\n')
    program.chmod(0o755)
    values = {name: runner.evaluated(value, {}) for name, value in yaml.safe_load(text)["env"].items()}
    return {**values, "PATH": f"{program.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}"}


_ARGUMENTS = 'servespec() { printf "%s\\n" "$@"; }\n'


def test_no_path_becomes_code(repository: Path, tmp_path: Path) -> None:
    """Whatever a folder is called, both systems hand its name to servespec, and find nothing of theirs in it."""
    for name in _EVIL:
        write(repository / name)
    calls = {}
    for system in ("github", "gitlab"):
        done = servespec(repository, "ci", system, "--", *_EVIL)
        calls[system] = _printed(done, tmp_path / f"{system}.yml")
    schema(tmp_path / "github.yml", "github-workflows")
    zizmor(tmp_path / "github.yml")
    actionlint(tmp_path / "github.yml")
    (check,) = (step["run"] for step in calls["github"]["jobs"]["check"]["steps"] if step["name"] == "Check")
    specs = {
        "github": runner.evaluated(calls["github"]["env"]["SPECS"], {}),
        "gitlab": calls["gitlab"][".servespec"]["variables"]["SPECS"]["value"],
    }
    assert calls["gitlab"][".servespec"]["variables"]["SPECS"]["expand"] is False
    scripts = {"github": ("bash", check), "gitlab": ("sh", calls["gitlab"]["servespec"]["script"][0])}
    for system, (shell, script) in scripts.items():
        env = {**os.environ, "SPECS": specs[system]}
        done = subprocess.run([shell, "-euc", _ARGUMENTS + script], cwd=tmp_path, env=env, capture_output=True)
        arguments = done.stdout.decode().splitlines()
        assert arguments[arguments.index("--") + 1 :] == [os.path.normpath(name) for name in _EVIL], done.stderr
    assert not list(tmp_path.rglob("made"))


def test_a_name_that_is_no_line(repository: Path) -> None:
    """A folder with a line end in its name is refused with a sentence: a list of lines can't have it."""
    write(repository / "a\nb")
    done = servespec(repository, "ci", "github", "a\nb")
    assert done.exit == 2
    assert r"a\nb is no line of a pipeline" in done.err


def test_from_where_it_is_called(repository: Path) -> None:
    """Paths are those of a job, which starts at the root; without any the whole repository is meant."""
    write(repository / "models" / "fraud")
    text = servespec(repository / "models", "ci", "github", "fraud").out
    assert yaml.safe_load(text)["env"]["SPECS"] == "models/fraud"
    assert yaml.safe_load(servespec(repository / "models", "ci", "github").out)["env"]["SPECS"] == "."


def test_a_spec_with_errors(repository: Path) -> None:
    """It is shown, and nothing is printed: what its images are is not known."""
    write(repository, f"{SPEC}runtime: {{worker: 2}}\n")
    done = servespec(repository, "ci", "github")
    assert (done.exit, done.out) == (1, "")
    assert "unknown-field" in done.err


@pytest.mark.parametrize(
    ("head", "branch"), [("ref: refs/remotes/origin/trunk\n", "trunk"), ("ref: refs/remotes/origin/a+b/c\n", r"a\+b/c")]
)
def test_the_main_branch(repository: Path, head: str, branch: str) -> None:
    """It is what the remote calls its own, as a pattern that fits no other; `main` where that is not known."""
    write(repository)
    assert yaml.safe_load(servespec(repository, "ci", "github").out)[True]["push"] == {"branches": ["main"]}
    path = repository / ".git" / "refs" / "remotes" / "origin" / "HEAD"
    path.parent.mkdir(parents=True)
    path.write_text(head)
    assert yaml.safe_load(servespec(repository, "ci", "github").out)[True]["push"] == {"branches": [branch]}
