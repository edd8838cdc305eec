"""The fast path recalls an outcome exactly while nothing that matters has changed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from servespec import package_data
from servespec.edge import remember as memory
from servespec.edge.remember import recall, remember

LATER = time.time_ns() + 10**18
"""A run that begins so late that every stamp is old: most of these tests cannot wait."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/servespec/memory"


@pytest.fixture
def project(tmp_path: Path, cache: Path) -> Path:
    """A folder with a spec, an output, a link and an empty place, all remembered."""
    root = tmp_path / "project"
    (root / "deploy").mkdir(parents=True)
    (root / "serving.yaml").write_text("name: a\n")
    (root / "deploy/Dockerfile").write_text("FROM scratch\n")
    (root / "one").write_text("1")
    (root / "two").write_text("1")
    (root / "link").symlink_to("one")
    remember("key", paths_of(root), "all is well\n2 files", since=LATER)
    return root


def paths_of(root: Path) -> list[Path]:
    names = ("serving.yaml", "deploy", "deploy/Dockerfile", "link", "absent", "no/folder/absent")
    return [root / name for name in names]


def test_after_one_that_was_killed(project: Path, cache: Path) -> None:
    """What a run left that was killed while it remembered is taken by the next."""
    (place,) = cache.iterdir()
    place.with_name(f"{place.name}.new").write_bytes(b"half of something")
    remember("key", paths_of(project), "still well", since=LATER)
    assert list(cache.iterdir()) == [place]
    assert recall("key") == "still well"


def test_nothing_is_left_of_what_could_not_be_remembered(
    project: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full has no half memories on it."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    remember("another", paths_of(project), "all is well", since=LATER)
    assert len(list(cache.iterdir())) == 1


def test_recalled_while_nothing_changes(project: Path) -> None:
    """The outcome comes back, and only under its own key."""
    assert recall("key") == "all is well\n2 files"
    assert recall("another key") is None


def retarget(root: Path) -> None:
    (root / "link").unlink()
    (root / "link").symlink_to("two")


def replace(root: Path) -> None:
    (root / "swap").write_text("name: a\n")
    info = (root / "serving.yaml").stat()
    os.utime(root / "swap", ns=(info.st_atime_ns, info.st_mtime_ns))
    os.replace(root / "swap", root / "serving.yaml")


def rewrite_and_set_time_back(root: Path) -> None:
    info = (root / "serving.yaml").stat()
    (root / "serving.yaml").write_text("name: b\n")
    os.utime(root / "serving.yaml", ns=(info.st_atime_ns, info.st_mtime_ns))


CHANGES: list[Callable[[Path], object]] = [
    lambda root: (root / "serving.yaml").write_text("name: bb\n"),
    lambda root: (root / "serving.yaml").unlink(),
    lambda root: (root / "deploy/Dockerfile").chmod(0o755),
    lambda root: (root / "deploy/new").write_text(""),
    lambda root: (root / "absent").write_text(""),
    lambda root: (root / "absent").symlink_to("nowhere"),
    lambda root: (root / "no/folder").mkdir(parents=True) or (root / "no/folder/absent").touch(),
    lambda root: (root / "one").write_text("22"),
    lambda root: (root / "one").unlink(),
    retarget,
    replace,
    rewrite_and_set_time_back,
]


@pytest.mark.parametrize("change", CHANGES)
def test_forgotten_when_a_path_changes(project: Path, change: Callable[[Path], object]) -> None:
    """An edit, a deletion, a new mode, a new neighbour, a new link: none goes unseen."""
    change(project)
    assert recall("key") is None


def test_forgotten_when_servespec_changes(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another file among servespec's own, or another Python, and nothing is recalled."""
    monkeypatch.setattr(memory, "_fingerprint", [])
    assert recall("key") is not None
    monkeypatch.setattr(memory, "_fingerprint", [])
    monkeypatch.setattr(sys, "version", "4.0")
    assert recall("key") is None


def test_the_generator_is_all_that_travels_with_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fingerprint looks at the package and at each folder of data that `package_data` serves."""
    looked: list[str] = []
    monkeypatch.setattr(memory, "_fingerprint", [])
    monkeypatch.setattr(memory, "_files", lambda folder: iter([looked.append(os.path.realpath(folder)) or ""]))
    memory._generator()
    package = Path(memory.__file__).resolve().parent.parent
    assert looked[0] == str(package)
    if package_data.root() != package / "_data":
        assert looked[1:] == [str(package_data.root() / name) for name in ("templates", "schema")]


def test_a_file_of_the_package_counts(tmp_path: Path) -> None:
    """Every file below a folder is in its fingerprint, bytecode apart; broken links do no harm."""
    (tmp_path / "sub/__pycache__").mkdir(parents=True)
    (tmp_path / "sub/a.py").write_text("1")
    (tmp_path / "sub/__pycache__/a.pyc").write_text("1")
    (tmp_path / ".#lock").symlink_to("nowhere")
    before = sorted(memory._files(str(tmp_path)))
    assert [line.split()[0] for line in before] == [f"{tmp_path}/.#lock", f"{tmp_path}/sub/a.py"]
    (tmp_path / "sub/a.py").write_text("2 ")
    assert sorted(memory._files(str(tmp_path))) != before


@pytest.mark.parametrize(("age", "trusted"), [(0, False), (19_000_000, False), (21_000_000, True), (-(10**9), False)])
def test_racy_paths_are_not_trusted(tmp_path: Path, cache: Path, age: int, trusted: bool) -> None:
    """A file saved within two clock ticks of the start of the run, or since, is not remembered."""
    path = tmp_path / "a"
    path.write_text("")
    newest = max(path.stat().st_ctime_ns, path.stat().st_mtime_ns)
    remember("key", [path], "fine", since=newest + age)
    assert (recall("key") == "fine") is trusted


@pytest.mark.parametrize(("age", "trusted"), [(1_900_000_000, False), (2_100_000_000, True)])
def test_coarse_clocks_get_a_wide_berth(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, age: int, trusted: bool
) -> None:
    """Where a file system stamps whole seconds, two of them must lie between."""
    whole = 1_700_000_000 * 10**9
    monkeypatch.setattr(memory, "_stamp", lambda _: ("whole seconds", whole))
    remember("key", [tmp_path / "a"], "fine", since=whole + age)
    assert (recall("key") == "fine") is trusted


def test_a_path_that_vanished_during_the_run(tmp_path: Path, cache: Path) -> None:
    """A file that was there when the run read it, and is gone when it is remembered, is not taken for absent."""
    path = tmp_path / "folder/a"
    path.parent.mkdir()
    path.touch()
    began = path.parent.stat().st_ctime_ns + 1
    path.unlink()
    remember("key", [path], "fine", since=began)
    assert recall("key") is None


def test_a_build_and_the_run_after_it(tmp_path: Path, cache: Path) -> None:
    """In real time: the run that writes remembers nothing, the next one does, the third recalls."""
    path = tmp_path / "out"
    code = (
        "import sys; from servespec.edge.remember import recall, remember; from pathlib import Path\n"
        "path = Path(sys.argv[1]); print(recall('k')); path.exists() or path.touch(); remember('k', [path], 'ok')"
    )

    def run() -> str:
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=True, text=True)
        return done.stdout.strip()

    assert run() == "None"
    os.utime(tmp_path)  # nothing to do with the path
    while time.time_ns() - path.stat().st_ctime_ns < 25_000_000:
        pass
    assert [run(), run()] == ["None", "ok"]


def test_a_corrupt_memory_is_none(project: Path, cache: Path) -> None:
    """Cut at any byte, or with any byte changed, a memory is ignored."""
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    for cut in range(0, len(whole), 7):
        file.write_bytes(whole[:cut])
        assert recall("key") is None
        file.write_bytes(whole[:cut] + bytes([whole[cut] ^ 1]) + whole[cut + 1 :])
        assert recall("key") is None
    file.write_bytes(whole)
    assert recall("key") is not None


def test_somebody_elses_memory_is_none(project: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a cache folder that others write to, their memories count for nothing."""
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    assert recall("key") is None


def test_memories_are_private(project: Path, cache: Path) -> None:
    """Only the user may read what was built from where."""
    (file,) = cache.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert b"name: a" not in file.read_bytes()


def test_nowhere_to_remember_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a cache folder that cannot be made there is no fast path, and that is all."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file/cache"))
    remember("key", [], "fine", since=LATER)
    assert recall("key") is None


def test_home_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without XDG_CACHE_HOME, or with a relative one, memories lie below ~/.cache."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.chdir(tmp_path)
    remember("key", [], "fine", since=LATER)
    assert recall("key") == "fine"
    assert len(list((tmp_path / ".cache/servespec/memory").iterdir())) == 1
    assert not (tmp_path / "relative").exists()


def test_old_memories_are_pruned(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many specs are built, the number of memories stays bounded, and the newest stay."""
    monkeypatch.setattr(memory, "_MOST", 20)
    monkeypatch.setattr(memory, "_PRUNED_TO", 10)
    monkeypatch.setattr(memory, "_PRUNE_EVERY", 5)
    for number in range(200):
        remember(f"key {number}", [], str(number), since=LATER)
    assert len(list(cache.iterdir())) < 60
    assert recall("key 199") == "199"


def test_paths_that_are_not_text(tmp_path: Path, cache: Path) -> None:
    """A name that is not UTF-8 is remembered like any other."""
    path = Path(os.fsdecode(bytes(tmp_path) + b"/\xff\n"))
    path.touch()
    remember("key", [path], "fine", since=LATER)
    assert recall("key") == "fine"
    path.write_text("1")
    assert recall("key") is None


def test_it_imports_nothing_heavy() -> None:
    """Recalling costs less than a millisecond of imports: os and sys are there, zlib is small."""
    code = "import os, sys; old = set(sys.modules); import servespec.edge.remember; print(*set(sys.modules) - old)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment())
    assert set(done.stdout.split()) == {
        *("servespec", "servespec.edge", "servespec.edge.remember", "zlib", "__future__")
    }


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(memory.__file__).parents[2])}
