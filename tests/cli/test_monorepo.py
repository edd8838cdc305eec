"""A platform's repository of sixty specs: what one change changes, what clashes, what the policy refuses, and that
nothing comes from outside the mirror."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.monorepo import COUNT, ENVIRONMENTS, MIRROR, commit, folder, git, make, numbers
from tests.projects import Ran, servespec

_ALL = set(range(COUNT))
_OUTSIDE = re.compile(r"pypi\.org|docker\.io|nvcr\.io|ghcr\.io|quay\.io|debian(?:\\)?\.org|ubuntu(?:\\)?\.com")
_MANIFESTS = "services/*/*/deploy/[!.]*/.servespec.json"  # not those that are still being staged


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with all that it compiles to, committed."""
    top = make(tmp_path_factory.mktemp("monorepo") / "built")
    done = servespec(top, "build", "services")
    assert (done.exit, done.err) == (0, "")
    commit(top, "what is made of it")
    return top


@pytest.fixture
def repository(built: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return shutil.copytree(built, tmp_path / "repository", symlinks=True)


def _change(repository: Path, path: str, old: str, new: str) -> None:
    file = repository / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def _stale(repository: Path) -> set[int]:
    """The specs whose files are out of date."""
    done = servespec(repository, "build", "--check", "services")
    assert done.exit in (0, 3)
    return numbers(iter(re.findall(r"(\S+) is out of date", done.out)))


def _since(repository: Path, ref: str = "HEAD", *more: str) -> set[int]:
    """The specs that a CI job would look at."""
    done = servespec(repository, "list", "services", "--since", ref, "--format", "json", *more)
    assert (done.exit, done.err) == (0, "")
    return numbers(item["name"] for item in json.loads(done.out))


def test_all_of_it(built: Path) -> None:
    """Each spec is built into a folder for each environment, and checking it again finds nothing to do."""
    assert _stale(built) == set()
    assert _since(built) == set()
    for number in _ALL:
        made = built / folder(number) / "deploy" / f"service-{number:02}"
        assert {path.name for path in made.iterdir() if path.is_dir()} == set(ENVIRONMENTS)
    rows = json.loads(servespec(built, "list", "services", "--format", "json").out)
    assert [row["name"] for row in rows] == [f"service-{number:02}" for number in sorted(_ALL)]
    assert {tuple(row["environments"]) for row in rows} == {ENVIRONMENTS}
    assert {row["owner"] for row in rows} == {"ml-platform"}


def test_a_shared_default(repository: Path) -> None:
    """Of the root file's default exactly those specs are stale that inherit it; the same are found by --since, before
    and after it is committed, and are rebuilt."""
    inherit = {number for number in _ALL if number % 3 != 1}
    _change(repository, "servespec.yaml", "workers: 2", "workers: 4")
    assert _stale(repository) == inherit
    assert _since(repository) == inherit
    commit(repository, "more workers")
    assert _since(repository, "HEAD~1") == inherit
    before = {number: _manifest(repository, number) for number in _ALL}
    assert servespec(repository, "build", "services", "--since", "HEAD~1").exit == 0
    assert {number for number in _ALL if _manifest(repository, number) != before[number]} == inherit
    assert _stale(repository) == set()


def _manifest(repository: Path, number: int) -> bytes:
    return (repository / folder(number) / "deploy" / f"service-{number:02}" / ".servespec.json").read_bytes()


def test_what_counts_as_a_change(repository: Path) -> None:
    """Code, requirements, an overlay that came and one that went, a new file in a folder of code: each counts for its
    spec alone. A comment counts for none, nor does a file that no spec names."""
    _change(repository, f"{folder(0)}/model/model.py", "import torch", "import torch  # changed")
    _change(repository, f"{folder(3)}/requirements.txt", "numpy==2.2.0", "numpy==2.2.1")
    (repository / folder(6) / "serving.staging.yaml").write_text("runtime: {workers: 5}\n")
    (repository / folder(9) / "model" / "more.py").write_text("x = 1\n")
    _change(repository, f"{folder(12)}/serving.yaml", "The team's own words", "Other words")
    (repository / folder(15) / "README.md").write_text("about it\n")
    assert _since(repository) == {0, 3, 6, 9}
    commit(repository, "some changes")
    (repository / folder(6) / "serving.staging.yaml").unlink()
    assert _since(repository) == {6}
    assert _since(repository, "HEAD~1") == {0, 3, 9}


def test_a_submodule(repository: Path) -> None:
    """A model that lies in a submodule counts when another commit of that is checked out, though git names no file of
    it, and though somebody's settings keep quiet about submodules."""
    weights = repository / folder(2) / "weights"
    weights.mkdir()
    git(weights, "init", "--quiet")
    _change(repository, f"{folder(2)}/serving.yaml", "./model.joblib", "./weights/model.joblib")
    for data in ("a model", "another model"):
        (weights / "model.joblib").write_text(data)
        commit(weights, data)
        commit(repository, data)
    assert _since(repository) == set()
    git(repository, "config", "diff.ignoreSubmodules", "all")
    assert _since(repository, "HEAD~1") == {2}


def test_an_edited_output(repository: Path) -> None:
    """What was edited by hand is looked at by a build since a commit, though no input has changed."""
    path = repository / folder(2) / "deploy" / "service-02" / "staging" / "kubernetes" / "service.yaml"
    path.write_text(path.read_text() + "# mine\n")
    assert _since(repository) == set()
    done = servespec(repository, "build", "--check", "services", "--since", "HEAD")
    assert done.exit == 3
    assert numbers(iter(re.findall(r"(\S+) is out of date", done.out))) == {2}


def test_a_change_of_the_policy(repository: Path) -> None:
    """A rule that nobody breaks changes nothing; one that some break is looked at for those, and refused."""
    _change(repository, "servespec.yaml", "runtime.workers: 8", "runtime.workers: 6")
    assert _since(repository) == set()
    _change(repository, "servespec.yaml", "runtime.workers: 6", "runtime.workers: 2")
    done = servespec(repository, "validate", "services", "--since", "HEAD", "--format", "json")
    assert done.exit == 1
    found = json.loads(done.out)["diagnostics"]
    assert {item["code"] for item in found} == {"over-policy"}
    own = {number for number in _ALL if number % 3 == 1}
    assert numbers(item["labels"][0]["file"] for item in found) == own
    assert {item["labels"][1]["file"] for item in found} == {"servespec.yaml"}


def test_a_breach_of_the_policy_is_refused(repository: Path) -> None:
    """It is told at the spec's line with the rule, and nothing of that spec is written; the others are."""
    _change(repository, f"{folder(1)}/serving.yaml", "workers: 3", "workers: 9")
    _change(repository, f"{folder(4)}/serving.yaml", "workers: 3", "workers: 5")
    before = _manifest(repository, 1), _manifest(repository, 4)
    done = servespec(repository, "build", "services")
    assert done.exit == 1
    assert "error[over-policy]: `runtime.workers` is more than is allowed" in done.err
    assert f"--> {folder(1)}/serving.yaml:" in done.err
    assert "::: servespec.yaml:" in done.err
    assert _manifest(repository, 1) == before[0]
    assert _manifest(repository, 4) != before[1]


def test_clashes_are_found(repository: Path) -> None:
    """Two of sixty specs that take the same name in one namespace are told of, once for each place where they clash."""
    _change(repository, f"{folder(31)}/serving.yaml", "name: service-31", "name: service-47")
    for more in ((), ("--since", "HEAD")):  # the other one has not changed, and counts all the same
        done = servespec(repository, "validate", "services", "--format", "json", *more)
        assert done.exit == 1
        (found,) = [item for item in json.loads(done.out)["diagnostics"] if item["code"] == "object-clash"]
        assert {label["file"] for label in found["labels"]} == {f"{folder(n)}/serving.yaml" for n in (31, 47)}


def test_nothing_comes_from_outside_the_mirror(built: Path) -> None:
    """Every image that is not ours, every index and every host of packages is the mirror's, in all that was emitted. Only
    the command that puts the mirror into apt's lists names Debian's own hosts, and it comes before apt is run."""
    files = [path for path in built.glob("services/*/*/deploy/**/*") if path.is_file()]
    assert len(files) > 10 * COUNT
    images = {name for path in files for name in _images(path)}
    assert {name.partition("/")[0] for name in images} == {MIRROR, "registry.example.com"}
    assert {name.rpartition(":")[0] for name in images if name.startswith("registry")} <= {
        f"registry.example.com/ml/service-{number:02}" for number in _ALL
    }
    installs = [path for path in files if "install --yes --no-install-recommends libgomp1" in path.read_text()]
    assert len(installs) == COUNT // 3 * len(ENVIRONMENTS)
    for path in files:
        text = path.read_text()
        lines = [line for line in text.splitlines() if "-exec sed --in-place" not in line]
        assert not _OUTSIDE.search("\n".join(lines)), path
        if "apt-get update" in text:
            assert text.index(f"https://{MIRROR}/apt/") < text.index("apt-get update"), path
        for line in lines:
            if "pip install" in line:
                assert f"--index-url=https://{MIRROR}/pypi/simple" in line, path


def _images(path: Path) -> set[str]:
    text = path.read_text()
    if path.name == "Dockerfile":
        return set(re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    if path.suffix == ".yaml" and path.parent.name in ("compose", "kubernetes"):
        return set(_of_data(list(yaml.safe_load_all(text))))
    return set()


def _of_data(data: object) -> list[str]:
    if isinstance(data, dict):
        named = [data["image"]] if isinstance(data.get("image"), str) else []
        return named + [name for item in data.values() for name in _of_data(item)]
    return [name for item in data for name in _of_data(item)] if isinstance(data, list) else []


def test_a_commit_that_is_none(repository: Path) -> None:
    """It is wrong usage, with a hint; also what git would take for an option, and a folder that is in no repository."""
    for ref in ("nowhere", "--output=x"):
        done = servespec(repository, "validate", "services", f"--since={ref}")
        assert done.exit == 2
        assert ref in done.err
    assert "it may have to be fetched first" in servespec(repository, "list", "services", "--since", "nowhere").err
    shutil.rmtree(repository / ".git")
    assert servespec(repository, "validate", "services", "--since", "HEAD").exit == 2


def test_nothing_has_changed(repository: Path) -> None:
    """A job that has nothing to do is told so by an empty document, and succeeds."""
    done = servespec(repository, "validate", "services", "--since", "HEAD", "--format", "sarif")
    assert (done.exit, json.loads(done.out)["runs"][0]["results"]) == (0, [])
    assert servespec(repository, "build", "services", "--since", "HEAD") == Ran(0, "", "")
    git(repository, "rm", "-r", "--quiet", folder(5))  # one that is gone is nobody's any more
    assert _since(repository) == set()


def test_shared_out_or_not(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one processor and on several the same is said and written, to the byte."""
    _change(repository, "servespec.yaml", "workers: 2", "worker: 2")
    _change(repository, f"{folder(7)}/serving.yaml", "workers: 3", "workers: many")
    ran = []
    for processors in (1, 2, 5):
        monkeypatch.setattr("servespec.edge.workers._processors", lambda n=processors: n)
        ran.append([servespec(repository, *command) for command in (["validate", "services"], ["build", "services"])])
    assert ran[0] == ran[1] == ran[2]
    assert {run.exit for run in ran[0]} == {1}
    validated, built = ran[0]
    assert validated.out == built.err
    assert built.err.endswith("\n2 errors in 2 files\n")


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C in a build of many ends all of its processes; each spec is built or not, and the next build does the rest."""
    top = make(tmp_path / "repository")
    process = subprocess.Popen(
        [sys.executable, "-m", "servespec", "build", "services"],
        cwd=top,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while len(list(top.glob(_MANIFESTS))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said.strip()) == (130, "interrupted")
    while _is_there(process.pid) and time.monotonic() < deadline:
        time.sleep(0.01)  # whoever inherits a process that has ended reaps it when it likes
    assert not _is_there(process.pid)
    assert 3 <= len(list(top.glob(_MANIFESTS))) < COUNT
    assert list(top.glob("services/*/*/deploy/.servespec-*")) == []
    assert len(list(top.glob("services/*/*/deploy/*"))) == len(list(top.glob(_MANIFESTS)))
    assert servespec(top, "build", "services").exit == 0
    assert _stale(top) == set()
