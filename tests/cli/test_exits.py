"""Every exit code, provoked for real, and which one counts when several things happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from servespec.cli import work
from servespec.cli.exits import Exit, worst
from tests.projects import HEAD, SPEC, picture, servespec, write

_UNREADABLE = Path("/proc/self/mem")
"""A file that every system with /proc has, and that can't be read from its start, not even by root."""

needs_proc = pytest.mark.skipif(not _UNREADABLE.exists(), reason="no /proc here")


def _start(project: Path, *arguments: str, **more: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "servespec", *arguments]
    return subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("arguments", [["validate"], ["build"], ["build", "--check"], ["--help"], ["--version"]])
def test_all_is_well(project: Path, arguments: list[str]) -> None:
    """0: what was asked for was done, and warnings are no failure."""
    if "--check" in arguments:
        servespec(project, "build")
    assert servespec(project, *arguments).exit == 0


@pytest.mark.parametrize("arguments", [["validate"], ["build"], ["build", "--check"]])
def test_errors(project: Path, arguments: list[str]) -> None:
    """1: the spec has errors."""
    write(project, f"{SPEC}runtime: {{workers: two}}\n", files={})
    assert servespec(project, *arguments).exit == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["validate", "absent.yaml"], "absent.yaml does not exist\n"),
        (["validate", "servng.yaml"], "servng.yaml does not exist; did you mean serving.yaml?"),
        (["validate", "absent/serving.yaml"], "absent/serving.yaml does not exist\n"),
        (["build", "model"], "there is no serving.yaml in model or below it"),
        (["validate", "--format", "xml"], "'xml' is none of text, concise, json"),
        (["build", "--wrong"], "--wrong"),
        (["build", "-t", "heroku"], "there is no target `heroku`"),
        (["nonsense"], "No such command 'nonsense'."),
        (["biuld"], "No such command 'biuld'. Did you mean 'build'?"),
        (["validat"], "No such command 'validat'. Did you mean 'validate'?"),
    ],
)
def test_wrong_usage(project: Path, arguments: list[str], said: str) -> None:
    """2: with a sentence that says what is wrong with the call, and nothing on standard output."""
    done = servespec(project, *arguments)
    assert (done.exit, done.out) == (2, "")
    assert said in done.err


def test_an_environment_without_its_option(project: Path) -> None:
    """2: a word in the place of a path that is an environment of the nearest spec leads to the option; no other does."""
    write(project, f"{SPEC}environments:\n  staging: {{labels: {{a: b}}}}\n", files={"serving.production.yaml": "{}\n"})
    for word in ("staging", "production"):
        assert f"{word} does not exist; an environment is named by -e {word}\n" in servespec(project, "show", word).err
    write(project, f"{SPEC}environments: {{qa: {{}}, canary: {{}}}}\n", files={})
    for word in ("qa", "canary"):
        assert f"{word} does not exist; an environment is named by -e {word}\n" in servespec(project, "show", word).err
    assert "apiVersion does not exist\n" in servespec(project, "show", "apiVersion").err
    assert "stagin does not exist\n" in servespec(project, "show", "stagin").err
    assert "as in -e staging -e production" in servespec(project, "diff", "staging", "production").err


def test_no_spec_here(tmp_path: Path) -> None:
    """2: without a spec here or above, up to the repository's root, there is nothing to do."""
    write(tmp_path)
    folder = tmp_path / "repository" / "folder"
    folder.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    done = servespec(folder, "validate")
    assert done.exit == 2
    assert "there is no serving.yaml here or above; `servespec init` writes one" in done.err


def test_specs_below(tmp_path: Path) -> None:
    """2: at the top of a repository, the specs in it are all there is to do: it says how they are named."""
    write(tmp_path / "services" / "one")
    (tmp_path / ".git").mkdir()
    done = servespec(tmp_path, "validate")
    assert done.exit == 2
    assert "there is no serving.yaml here or above; name the folder of those below, as in `.`" in done.err
    assert servespec(tmp_path, "validate", ".").exit == 0


def test_a_spec_of_another_ending(tmp_path: Path) -> None:
    """2: `serving.yml` is not looked for, and is not passed over in silence either."""
    write(tmp_path)
    (tmp_path / "serving.yaml").rename(tmp_path / "serving.yml")
    (tmp_path / ".git").mkdir(exist_ok=True)
    assert "rename serving.yml, or name it" in servespec(tmp_path, "validate").err
    assert servespec(tmp_path, "validate", "serving.yml").exit == 0


def test_out_of_date(project: Path) -> None:
    """3: only `--check` says so; a build without it mends it."""
    assert servespec(project, "build", "--check").exit == 3
    assert servespec(project, "build").exit == 0


def test_refused(project: Path) -> None:
    """4: a file that a person put there is not overwritten."""
    path = project / "deploy" / "fraud-detector" / "docker" / "Dockerfile"
    path.parent.mkdir(parents=True)
    path.write_text("FROM mine\n")
    done = servespec(project, "build")
    assert done.exit == 4
    assert "Dockerfile` was not written by servespec; `--force` overwrites it" in done.err
    assert picture(project / "deploy") == {"fraud-detector/docker/Dockerfile": b"FROM mine\n"}


@pytest.mark.parametrize(
    "arguments", [["audit"], ["list"], ["lock"], ["lock", "--check"], ["image", "build"], ["image", "push"]]
)
def test_one_of_many_that_is_not_there(project: Path, arguments: list[str]) -> None:
    """5: a link to nowhere is told, and so is what is wrong with the specs after it."""
    write(project, f"{SPEC}runtime: {{workers: two}}\n", files={})
    (project / "gone").mkdir()
    (project / "gone" / "serving.yaml").symlink_to("nowhere")
    done = servespec(project, *arguments, "gone", "serving.yaml")
    assert done.exit == 5
    assert "gone/serving.yaml\n" in done.err
    assert "wrong-type" in done.out + done.err
    elsewhere = servespec(project, *arguments, "gone", "serving.yaml", "-e", "production")
    assert elsewhere.exit == 5, "nobody knows the environments of what can't be read"


def test_no_pipeline_for_some(project: Path) -> None:
    """5: a pipeline for all specs is not printed for those that can be read."""
    write(project, f"{SPEC}image: {{}}\n", files={})
    (project / "gone").mkdir()
    (project / "gone" / "serving.yaml").symlink_to("nowhere")
    for paths in (["gone", "serving.yaml"], ["gone"]):
        done = servespec(project, "ci", "github", *paths)
        assert (done.exit, done.out) == (5, "")
        assert ("duplicate-key" in done.err) == (len(paths) == 2)


@needs_proc
@pytest.mark.parametrize("command", ["validate", "build"])
def test_an_unreadable_spec(project: Path, command: str) -> None:
    """5: a sentence names the spec that can't be read, and the others are dealt with all the same."""
    write(project, files={"good/serving.yaml": f"{HEAD}model: 5\n"})
    done = servespec(project, command, str(_UNREADABLE), "good")
    assert done.exit == 5
    assert "servespec: Input/output error" in done.err
    assert "error[wrong-type]" in done.out + done.err


@pytest.mark.parametrize("name", ["serving.yaml", "serving.staging.yaml", "servespec.yaml", "serving.lock"])
def test_a_link_to_the_outside(project: Path, tmp_path: Path, name: str) -> None:
    """5: whoever commits a link is not shown what it leads to; one within the repository is followed."""
    (tmp_path / "token").write_text("hunter2: a: b\n")
    (project / ".git").mkdir()
    (project / name).unlink(missing_ok=True)
    (project / name).symlink_to(tmp_path / "token")
    for command in ("validate", "build", "audit", "list"):
        done = servespec(project, command, ".")
        assert (done.exit, done.out) == (5, "")
        assert done.err == f"servespec: {name} is a link to the outside: put the file itself in its place\n"
    (tmp_path / "token").rename(project / "kept")
    (project / name).unlink()
    (project / name).symlink_to("kept")
    assert "hunter2" in servespec(project, "validate", ".").out


_COMMAND = "a\n::error::mine\x1b[31m"
"""The name of a folder that is a line of its own, one which GitHub obeys, and that turns a terminal red."""


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate", "."], ["validate", "--format", "github", "."], ["validate", "--fix", "."], ["build", "--check", "."],
        ["build", "--summary", "."], ["build", "--force", "--diff", "."], ["list", "."], ["audit", "."],
        ["show", _COMMAND], ["schema", "--write", "."], ["init", _COMMAND], ["lock", "--check", "."],
        ["validate", f"{_COMMAND}/nothing"], ["validate", f"{_COMMAND}?/serving.yaml"], ["ci", "github", "."],
    ],
)  # fmt: skip
@pytest.mark.parametrize("there", [True, False])
def test_a_folder_whose_name_is_a_command(project: Path, arguments: list[str], there: bool) -> None:
    """What is told names it in one line, and shows what can't be seen; also where a spec is a link to nowhere."""
    folder = project / _COMMAND
    folder.mkdir()
    (project / "serving.yaml").rename(folder / "serving.yaml")
    (project / "deploy" / _COMMAND).mkdir(parents=True)
    (project / "deploy" / _COMMAND / ".servespec.json").write_text("{}")
    write(project, f"{HEAD}model: {{format: onnx, uri: s3://bucket/model.onnx}}\n", files={})
    if not there:
        (folder / "serving.yaml").unlink()
        (folder / "serving.yaml").symlink_to("nowhere")
    done = servespec(project, *arguments)
    assert done.exit != 70
    assert "\x1b" not in done.out + done.err
    assert not [line for line in (done.out + done.err).splitlines() if line.startswith("::error::mine")]


def test_a_spec_of_a_stream(project: Path) -> None:
    """0: what a shell hands over as a file is a link, and is read."""
    (project / "other").write_text(f"{HEAD}model: {{format: onnx, uri: ./model.onnx}}\n")
    command = [sys.executable, "-m", "servespec", "validate", "/dev/stdin"]
    with (project / "other").open() as file:
        done = subprocess.run(command, stdin=file, capture_output=True, text=True)
    assert done.returncode == 0
    assert "warning[missing-weights]" in done.stdout


def test_a_closed_pipe(project: Path) -> None:
    """5: whoever reads the output has seen enough; nobody is told of it, least of all that the spec is wrong."""
    write(project, f"{SPEC}runtime: {{workers: 1}}\n", files={})
    for arguments in (["--help"], ["build", "--check", "--summary"], ["validate"], ["validate", "--format", "json"]):
        ours, theirs = os.pipe()
        os.close(ours)
        process = _start(project, *arguments, stdout=theirs)
        os.close(theirs)
        _, said = process.communicate()
        assert process.returncode == 5, arguments
        assert b"Traceback" not in said
        assert b"Broken" not in said


def test_interrupted(project: Path) -> None:
    """130: Ctrl-C in the middle of a run ends it with a word, and nothing of it is written."""
    (project / "serving.yaml").unlink()
    os.mkfifo(project / "serving.yaml")
    process = _start(project, "build", "serving.yaml", stdout=subprocess.PIPE)
    with (project / "serving.yaml").open("wb"):  # opens when the run has begun to read
        process.send_signal(signal.SIGINT)
        out, said = process.communicate()
    assert process.returncode == 130
    assert (out, said.split()) == (b"", [b"interrupted"])
    assert not (project / "deploy").exists()


def test_interrupted_between_specs(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """130: no spec after it is begun."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(work, "gather", interrupted)
    done = servespec(project, "build")
    assert (done.exit, done.err.split()) == (130, ["interrupted"])


def test_the_worst_counts() -> None:
    """Of two things that happened, the one that people and pipelines must know of first is the exit code."""
    order = (Exit.INTERRUPTED, Exit.BUG, Exit.WORLD, Exit.USAGE, Exit.REFUSED, Exit.ERRORS, Exit.STALE, Exit.OK)
    assert set(order) == set(Exit)
    for worse, better in combinations(order, 2):
        assert worst([better, worse, better]) is worse
    assert worst([]) is Exit.OK


def test_the_worst_of_several_specs(project: Path) -> None:
    """Refused beats errors, errors beat what is out of date, and every spec is dealt with."""
    for name in ("stale", "wrong", "edited"):
        (project / name).mkdir()
        write(project / name, SPEC.replace("fraud-detector", name))
    servespec(project, "build", "edited")
    edited = project / "edited" / "deploy" / "edited" / "compose" / "compose.yaml"
    edited.write_text("mine")
    write(project / "wrong", "[]\n", files={})
    assert servespec(project, "build", "--check", "stale", "wrong").exit == 1
    assert servespec(project, "build", "--check", "stale").exit == 3
    assert servespec(project, "build", "stale", "wrong", "edited").exit == 4
    assert edited.read_text() == "mine"
    assert (project / "stale" / "deploy" / "stale").is_dir()
