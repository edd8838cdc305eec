"""The stages in a row: what they make, that they make it twice alike, and what stops them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from servespec.artifacts import Content
from servespec.edge.gather import gather
from servespec.facts import Facts, Wanted
from servespec.pipeline import World, making
from servespec.pipeline.making import Corrupt
from servespec.targets.contract import Output
from tests.projects import FILES, HEAD, SPEC, TODAY, analyse, analyse_text, found, made, spoil, write

_EXAMPLE = Path(__file__).parents[2] / "examples" / "01-torchserve-fraud-detector"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without mistakes."""
    return write(tmp_path)


def test_the_example_in_memory() -> None:
    """A whole service comes out of one spec, and nothing was written for it."""
    before = sorted(path.stat().st_mtime_ns for path in _EXAMPLE.rglob("*"))
    files = made(analyse(_EXAMPLE))
    assert set(files) == {
        "client/openapi.json", "client/requirements.txt", "client/rest.py", "client/rpc.py",
        "torchserve/archive.sh", "torchserve/config.properties", "torchserve/model-config.yaml",
        "torchserve/entrypoint.py", "torchserve/healthcheck.py", "torchserve/log4j2.properties",
        "torchserve/requirements.txt", "docker/Dockerfile", "docker/Dockerfile.dockerignore", "compose/compose.yaml",
    }  # fmt: skip
    assert sorted(path.stat().st_mtime_ns for path in _EXAMPLE.rglob("*")) == before


def test_the_same_bytes_twice(project: Path) -> None:
    """Two runs over one spec make the same files in the same order."""
    assert list(made(analyse(project)).items()) == list(made(analyse(project)).items())


def test_the_disk_is_asked_once(project: Path) -> None:
    """One look at the project is all that a build knows of it."""
    looks: list[list[Wanted]] = []

    def look(wanted: Iterable[Wanted]) -> Facts:
        looks.append(list(wanted))
        return gather(project, looks[-1])

    analysis = analyse_text(SPEC.encode(), World(look, TODAY))
    made(analysis)
    assert len(looks) == 1


def test_a_spec_that_means_nothing_asks_nothing() -> None:
    """Where decoding stops, no path is known, and none is looked at."""

    def look(wanted: Iterable[Wanted]) -> Facts:
        raise AssertionError(f"looked at {list(wanted)}")

    analysis = analyse_text(f"{HEAD}- 5\n".encode(), World(look, TODAY))
    assert analysis.deployment is None
    assert not analysis.ok


def test_the_day_reaches_no_output(project: Path) -> None:
    """A repository that nobody touches makes the same files in ten years."""
    assert made(analyse(project, today="2026-11-23")) == made(analyse(project, today="2036-11-23"))


def test_all_stages_speak_in_one_run(project: Path) -> None:
    """Text, shape, meaning and rules are wrong in one spec, and all of it is told, in the order of the text."""
    text = (
        f"{SPEC}release: 1.10\nrelease: 2\nruntime:\n  worker: 2\n  timeouts: {{request: soon}}\n"
        "  protocols: {rest: 8081}\ntargets: {torchserve: {archiv: true}}\n"
    )
    codes = [code for _, _, code in found(analyse(project, text)) if code != "runtime-end-of-life"]
    assert codes == [
        "unquoted-text",
        "duplicate-key",
        "unknown-field",
        "invalid-duration",
        "port-clash",
        "unknown-field",
    ]


def test_one_mistake_is_said_once(project: Path) -> None:
    """A number out of range is one finding: not also a value of the wrong kind, nor one that is missing."""
    text = f"{SPEC}runtime: {{workers: {10**400}}}\n"
    assert [code for _, _, code in found(analyse(project, text)) if code != "runtime-end-of-life"] == [
        "number-out-of-range"
    ]


def test_a_value_that_was_left_out_makes_no_echo(project: Path) -> None:
    """A rule that would complain of the absence of a wrong value keeps quiet: the value itself was told of."""
    text = SPEC.replace("requirements: requirements.txt", "requirements: 5")
    codes = [code for _, _, code in found(analyse(project, text)) if code != "runtime-end-of-life"]
    assert codes == ["unquoted-text"]


def test_a_finding_stands_where_the_text_has_it(project: Path) -> None:
    """An item of a list that is left out moves no finding about the items after it to another line."""
    text = f"{SPEC}secrets:\n  - {{keys: [a]}}\n  - {{name: good, keys: [a]}}\n  - {{name: BAD_NAME, keys: [a]}}\n"
    lines = [(line, code) for line, _, code in found(analyse(project, text)) if code != "runtime-end-of-life"]
    assert lines == [(7, "missing-field"), (9, "invalid-secret-name")]


def test_a_target_brings_what_it_requires(project: Path) -> None:
    """Compose needs the image's Dockerfile, and that the server's files: naming the last makes all of them."""
    targets = {path.partition("/")[0] for path in made(analyse(project, f"{SPEC}targets: {{compose: }}\n"))}
    assert targets == {"torchserve", "docker", "compose"}
    targets = {path.partition("/")[0] for path in made(analyse(project, f"{SPEC}targets: {{torchserve: }}\n"))}
    assert targets == {"torchserve"}


@pytest.mark.parametrize(
    ("target", "old", "new"),
    [
        ("docker", "USER 10001:10001", "USER 0:0"),
        ("docker", "EXPOSE 8080/tcp\n", "EXPOSE 8080/tcp\nRUN id\n"),
        ("torchserve", "--model-name=fraud-detector", "--model-name=$(id)"),
        ("torchserve", '"drain_seconds": 30', '"drain_seconds": 31'),
        ("torchserve", "torchserve==", "--index-url=x torchserve=="),
    ],
)
def test_what_does_not_read_back_is_never_written(
    project: Path, monkeypatch: pytest.MonkeyPatch, target: str, old: str, new: str
) -> None:
    """A target whose text is not what it was made from is our bug: the whole spec makes nothing."""
    spoil(monkeypatch, target, old, new)
    with pytest.raises(Corrupt, match=f"{target}/"):
        made(analyse(project))


def test_origins_of_every_line(project: Path) -> None:
    """Each line of each text knows why it is there."""
    for bundle in making.make(analyse(project).sound, Output("/project", "/project/deploy/fraud-detector")).bundles:
        for item in bundle.artifacts:
            assert isinstance(item.content, Content)
            assert len(item.content.origins) == len(item.content.text.splitlines())
            assert all(item.content.origins), item.path


def test_the_output_folder_decides_relative_paths_only(project: Path) -> None:
    """Two clones in different folders make the same files."""
    analysis = analyse(project)
    one = making.make(analysis.sound, Output("/a", "/a/deploy/fraud-detector")).bundles
    two = making.make(analysis.sound, Output("/b/c d", "/b/c d/deploy/fraud-detector")).bundles
    assert [item.digest() for bundle in one for item in bundle.artifacts] == [
        item.digest() for bundle in two for item in bundle.artifacts
    ]


def test_nothing_of_the_project_is_run(tmp_path: Path) -> None:
    """Code, handler and requirements of a project are read, never imported, and no process is started."""
    code = "open('ran', 'w')\n"
    write(tmp_path, files={**FILES, "model/model.py": f"{FILES['model/model.py']!s}\n\n{code}"})
    script = (
        "import os, sys\n"
        "banned = ('subprocess.Popen', 'os.fork', 'os.exec', 'os.posix_spawn', 'socket.connect')\n"
        "sys.addaudithook(lambda name, args: os._exit(9) if name in banned else None)\n"
        "from servespec.cli.main import run\nsys.exit(run(['build', 'serving.yaml']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()
