"""The pre-commit hooks, as pre-commit itself installs and runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from pre_commit.clientlib import load_manifest

from tests.projects import SPEC, servespec, write

_ROOT = Path(__file__).parents[1]
_MANIFEST = _ROOT / ".pre-commit-hooks.yaml"
_PACKAGE = ("servespec", "templates", "schema", "pyproject.toml", "README.md", "LICENSE", _MANIFEST.name)
_IDENTITY = ("-c", "user.name=tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false")
_OUTPUT = "deploy/fraud-detector/compose/compose.yaml"
# Nothing is found at these, so that whoever asks a network fails.
_NOWHERE = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9") | {"PIP_NO_INDEX": "1"}


def test_the_hooks_need_nothing_of_a_commit() -> None:
    """pre-commit's own reader takes them. They run whatever is committed: a removed file is none that it would name."""
    hooks = {hook["id"]: hook for hook in load_manifest(_MANIFEST)}
    assert list(hooks) == ["servespec-validate", "servespec-check"]
    for hook in hooks.values():
        assert (hook["always_run"], hook["pass_filenames"], hook["args"]) == (True, False, ["."])


def test_the_readme_names_the_hooks() -> None:
    """What is to be copied into `.pre-commit-config.yaml` names every hook, and none that is not there."""
    text = (_ROOT / "README.md").read_text("utf-8").partition("For pre-commit:\n\n```yaml\n")[2].partition("```")[0]
    (repository,) = yaml.safe_load(text)["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in load_manifest(_MANIFEST)]


@dataclass(frozen=True)
class Repository:
    """A git repository of specs, and the one that the hooks are installed from."""

    folder: Path
    hooks: Path

    def pre_commit(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """What pre-commit says in it."""
        homes = {"PRE_COMMIT_HOME": f"{self.hooks}.home", "XDG_CACHE_HOME": f"{self.folder}.memory"}
        command = [sys.executable, "-m", "pre_commit", *arguments]
        env = {**os.environ, **homes, **variables}
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=300)

    def try_repo(self) -> subprocess.CompletedProcess[str]:
        """What all hooks say of all files, installed anew."""
        return self.pre_commit("try-repo", str(self.hooks), "--all-files")

    def commit(self) -> subprocess.CompletedProcess[str]:
        """What the hooks that are configured say of what would be committed now, without a network."""
        _git(self.folder, "add", "--all")
        done = self.pre_commit("run", **_NOWHERE)
        _git(self.folder, "commit", "--quiet", "--no-verify", "--message=next")
        return done


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *_IDENTITY, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _commit_all(folder: Path) -> None:
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message=all")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository as it stands, committed."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    folder = tmp_path_factory.mktemp("hooks")
    for name in _PACKAGE:
        source = _ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "_data"))
        else:
            shutil.copy(source, folder / name)
    _commit_all(folder)
    return folder


@pytest.fixture
def repository(hooks: Path, tmp_path: Path) -> Repository:
    """A repository with two specs that were built, and all hooks configured."""
    made = Repository(tmp_path / "specs", hooks)
    for name in ("one", "two"):
        assert servespec(write(made.folder / name), "build").exit == 0
    named = [{"id": hook["id"]} for hook in load_manifest(_MANIFEST)]
    config = {"repos": [{"repo": str(hooks), "rev": _git(hooks, "rev-parse", "HEAD"), "hooks": named}]}
    (made.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    _commit_all(made.folder)
    return made


@pytest.mark.e2e
def test_try_repo(repository: Repository) -> None:
    """Good specs pass. A bad one fails with its diagnostic, and an edited output of another with the reason."""
    good = repository.try_repo()
    assert good.returncode == 0, good.stdout + good.stderr
    assert good.stdout.count("Passed") == 2
    (repository.folder / "one" / "serving.yaml").write_text(f"{SPEC}runtime: {{microBach: {{}}}}\n")
    output = repository.folder / "two" / _OUTPUT
    output.write_text(f"{output.read_text()}# by hand\n")
    bad = repository.try_repo()
    assert bad.returncode == 1, bad.stdout + bad.stderr
    assert bad.stdout.count("Failed") == 2
    assert "error[unknown-field]: `microBach` is not a field of `runtime`" in bad.stdout
    assert "did you mean `microBatch`?" in bad.stdout
    assert "two/deploy/fraud-detector is out of date:\n  compose/compose.yaml: edited by hand\n" in bad.stdout


@pytest.mark.e2e
def test_what_a_commit_holds(repository: Repository) -> None:
    """Without a network each kind of commit that leaves outputs behind is refused, also one that only removes one."""
    installed = repository.pre_commit("install-hooks")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    spec, output = (repository.folder / "one" / name for name in ("serving.yaml", _OUTPUT))
    (repository.folder / "notes.md").write_text("nothing of servespec's\n")
    assert repository.commit().returncode == 0

    output.unlink()
    removed = repository.commit()
    assert removed.returncode == 1
    assert "  compose/compose.yaml: missing\n" in removed.stdout
    assert servespec(repository.folder, "build", "one").exit == 0
    assert repository.commit().returncode == 0

    spec.write_text(f"{SPEC}runtime: {{workers: 2}}\n")
    stale = repository.commit()
    assert stale.returncode == 1
    assert "  torchserve/config.properties: spec changed\n" in stale.stdout

    (repository.folder / "servespec.yaml").write_text("policy: {forbidden: {servers: [torchserve]}}\n")
    against = repository.commit()
    assert against.returncode == 1
    assert against.stdout.count("error[forbidden-by-policy]") == 4, "two specs, told by each of the hooks"


@pytest.mark.e2e
def test_what_is_staged_counts(repository: Repository) -> None:
    """An output that was built but not added is not committed, so that the commit is refused."""
    assert repository.pre_commit("install-hooks").returncode == 0
    (repository.folder / "one" / "serving.yaml").write_text(f"{SPEC}runtime: {{workers: 2}}\n")
    assert servespec(repository.folder, "build", "one").exit == 0
    _git(repository.folder, "add", "one/serving.yaml")
    done = repository.pre_commit("run", **_NOWHERE)
    assert done.returncode == 1
    assert "  torchserve/config.properties: spec changed\n" in done.stdout
