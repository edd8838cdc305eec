"""Looking at the disk: what is seen of a path, and that nothing is imported, followed out, or read without need."""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

from servespec.edge import gather as edge
from servespec.edge.gather import gather, repository
from servespec.facts import Depth, Facts, FileFact, Kind, Wanted

_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project folder in a repository, beside a folder that is not of the repository."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("hunter2")
    folder = tmp_path / "repository" / "project"
    folder.mkdir()
    return folder


def _look(project: Path, path: str, depth: Depth = Depth.READ) -> FileFact:
    return gather(project, [Wanted(path, depth)]).file(path)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_text(project: Path) -> None:
    """A file that is read is known by size, hash and text."""
    (project / "a.py").write_bytes("π = 3\n".encode())
    assert _look(project, "a.py") == FileFact("a.py", Kind.FILE, 7, sha256=_sha("π = 3\n".encode()), text="π = 3\n")


def test_bytes_that_are_no_text(project: Path) -> None:
    """A file that is not UTF-8 has a hash, and no text."""
    (project / "a.py").write_bytes(b"\xff")
    fact = _look(project, "a.py")
    assert (fact.text, fact.sha256) == (None, _sha(b"\xff"))


def test_an_executable(project: Path) -> None:
    """The executable bit is seen."""
    (project / "run.sh").touch(0o755)
    assert _look(project, "run.sh").executable
    assert _look(project, "run.sh", Depth.STAT).executable


def test_the_sources_of_a_model(project: Path) -> None:
    """Code and requirements anywhere below are read; the model's own bytes are only known to be there."""
    (project / "m" / "code").mkdir(parents=True)
    for name in ("MLmodel", "requirements.txt", "conda.yaml", "code/scale.py", "model.pkl", "model.json"):
        (project / "m" / name).write_bytes(b"x")
    (project / "m" / "model.skops").write_bytes(_POINTER)
    facts = gather(project, [Wanted("m", Depth.SOURCES)])
    read = {path.removeprefix("m/") for path, fact in facts.files.items() if fact.sha256}
    assert read == {"MLmodel", "requirements.txt", "conda.yaml", "code/scale.py"}
    assert facts.file("m/model.pkl").size == 1
    assert facts.file("m/model.skops").lfs_pointer


def test_a_stat_reads_nothing(project: Path) -> None:
    """Where the kind is enough, the content is not asked for."""
    (project / "a.py").write_text("x")
    assert _look(project, "a.py", Depth.STAT) == FileFact("a.py", Kind.FILE, 1)


@pytest.mark.parametrize("path", ["absent", "a.py/below", "../absent", "absent/../absent"])
def test_nothing_there(project: Path, path: str) -> None:
    """What is not there is missing, wherever it is not."""
    (project / "a.py").touch()
    assert _look(project, path).kind is Kind.MISSING


def test_what_was_not_asked_for() -> None:
    """A path nobody wanted counts as missing, so that no rule can look further than the deployment names."""
    assert Facts().file("a").kind is Kind.MISSING


def test_other_kinds(project: Path) -> None:
    """A pipe, a broken link and a link to itself are no files, and nothing waits for them."""
    os.mkfifo(project / "pipe")
    (project / "broken").symlink_to("nowhere")
    (project / "self").symlink_to("self")
    assert _look(project, "pipe").kind is Kind.OTHER
    assert _look(project, "broken").kind is Kind.DANGLING
    assert _look(project, "self").kind in (Kind.OTHER, Kind.UNREADABLE)


@pytest.mark.parametrize(("path", "kind"), [("a\0b", Kind.UNREADABLE), ("x" * 300, Kind.MISSING)])
def test_a_name_that_no_file_can_have(project: Path, path: str, kind: Kind) -> None:
    """A name that the system refuses is no crash; one that is too long for any file is that of none."""
    assert _look(project, path).kind is kind


def test_a_file_that_may_not_be_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without permission is unreadable."""
    (project / "a.py").write_text("x")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)  # a test that runs as root may read everything
    assert _look(project, "a.py").kind is Kind.UNREADABLE


def test_a_folder_that_may_not_be_listed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without permission is unreadable."""
    (project / "model").mkdir()

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    assert _look(project, "model").kind is Kind.UNREADABLE


@pytest.mark.parametrize("path", ["../../outside/secret.txt", "link.txt", "folder/secret.txt", "/etc/hostname", "up"])
@pytest.mark.parametrize("depth", Depth)
def test_out_of_the_repository(project: Path, path: str, depth: Depth) -> None:
    """Neither `..`, nor an absolute path, nor a link of a file or folder leads out: what is there is not looked at."""
    outside = project.parents[1] / "outside"
    (project / "link.txt").symlink_to(outside / "secret.txt")
    (project / "folder").symlink_to(outside)
    (project / "up").symlink_to("../..")
    facts = gather(project, [Wanted(path, depth)])
    assert facts.files == {path: FileFact(path, Kind.OUTSIDE)}


def test_a_link_in_a_folder_that_leads_out(project: Path) -> None:
    """A tree is not left by a link in it."""
    (project / "data").mkdir()
    (project / "data" / "secret.txt").symlink_to(project.parents[1] / "outside" / "secret.txt")
    fact = gather(project, [Wanted("data", Depth.TREE)]).file("data/secret.txt")
    assert (fact.kind, fact.sha256, fact.text) == (Kind.OUTSIDE, "", None)


def test_a_link_within_the_repository(project: Path) -> None:
    """Code that several projects of a repository share may be linked."""
    (project.parent / "shared.py").write_text("x = 1\n")
    (project / "shared.py").symlink_to("../shared.py")
    assert _look(project, "shared.py").text == "x = 1\n"


def test_without_a_repository_the_project_is_all(tmp_path: Path) -> None:
    """Where there is no repository, nothing above the project folder is looked at."""
    (tmp_path / "above.py").touch()
    (tmp_path / "project").mkdir()
    assert repository(tmp_path / "project") == (tmp_path / "project").resolve()
    assert _look(tmp_path / "project", "../above.py").kind is Kind.OUTSIDE


def test_a_worktree_is_a_repository(tmp_path: Path) -> None:
    """In a worktree or a submodule `.git` is a file."""
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert repository(tmp_path / "a" / "b") == tmp_path.resolve()


def test_a_folder(project: Path) -> None:
    """A folder is what it lists, sorted, sub-folders marked; its own files are read, those below are not."""
    for name in ("model/b.py", "model/a.py", "model/sub/c.py", "model/w.pt"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(name)
    facts = gather(project, [Wanted("model", Depth.READ)])
    assert facts.file("model").children == ("a.py", "b.py", "sub/", "w.pt")
    assert sorted(facts.files) == ["model", "model/a.py", "model/b.py", "model/w.pt"]
    assert facts.file("model/a.py").text == "model/a.py"
    assert facts.file("model/w.pt").sha256 == ""  # weights may be gigabytes


def test_the_project_folder_itself(project: Path) -> None:
    """`.` is a folder like others, and what is in it has its plain name."""
    (project / "model.py").write_text("x")
    facts = gather(project, [Wanted(".", Depth.READ)])
    assert facts.file("model.py").text == "x"


def test_a_tree(project: Path) -> None:
    """What goes into an image or an archive is hashed to the last file, weights too."""
    for name in ("data/a.txt", "data/x/y/b.bin", "data/w.pt"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(name)
    facts = gather(project, [Wanted("data", Depth.TREE)])
    hashes = {path: fact.sha256 for path, fact in facts.files.items() if fact.kind is Kind.FILE}
    assert hashes == {name: _sha(name.encode()) for name in ("data/a.txt", "data/x/y/b.bin", "data/w.pt")}
    assert facts.file("data/x").children == ("y/",)


def test_what_python_leaves_behind(project: Path) -> None:
    """Compiled code is in no checkout: it is not seen, so that an import here changes no output."""
    (project / "code" / "__pycache__").mkdir(parents=True)
    (project / "code" / "a.py").touch()
    (project / "code" / "__pycache__" / "a.cpython-311.pyc").touch()
    facts = gather(project, [Wanted("code", Depth.TREE)])
    assert (sorted(facts.files), facts.file("code").children) == (["code", "code/a.py"], ("a.py",))


def test_links_on_the_way(project: Path) -> None:
    """Each link that a path is or goes through is known, and where the last one ends, as far as the project and beyond;
    also where nothing is there yet."""
    (project / "store").mkdir()
    (project / "store" / "v3.onnx").touch()
    (project / "model").symlink_to("store")
    (project / "store" / "current.onnx").symlink_to("v3.onnx")
    (project / "store" / "absent.onnx").symlink_to("../../annex/absent")
    (project.parent / "shared.py").touch()
    (project / "absolute.py").symlink_to(project.parent / "shared.py")
    assert _look(project, "store/v3.onnx").way == ()
    assert _look(project, "store/current.onnx").way == ("store/current.onnx", "store/v3.onnx")
    assert _look(project, "model/current.onnx").way == ("model", "store/current.onnx", "store/v3.onnx")
    assert _look(project, "model").way == ("model", "store")
    assert _look(project, "store/absent.onnx").way == ("store/absent.onnx", "../annex/absent")
    assert _look(project, "absolute.py").way == ("absolute.py", str(project.parent / "shared.py"))


def test_an_absolute_path_by_way_of_a_link(project: Path) -> None:
    """Which links an absolute path goes through is nobody's matter, whether a file is there or a link to nothing."""
    (project / "a.txt").touch()
    (project / "broken").symlink_to("nowhere")
    (project.parent / "linked").symlink_to(project)
    facts = [_look(project, f"{project.parent}/linked/{name}") for name in ("a.txt", "broken")]
    assert [(fact.kind, fact.way) for fact in facts] == [(Kind.FILE, ()), (Kind.DANGLING, ())]


def test_a_tree_that_links_into_itself(project: Path) -> None:
    """Folders that contain themselves by links are looked at once: nothing runs in circles."""
    (project / "data").mkdir()
    (project / "data" / "a.txt").touch()
    for name in ("one", "two", "three"):
        (project / "data" / name).symlink_to(".")
    facts = gather(project, [Wanted("data", Depth.TREE)])
    assert len(facts.files) == 5
    assert facts.file("data/one").kind is Kind.OTHER


def test_the_closest_look_counts(project: Path) -> None:
    """A path that is wanted twice is known as well as the more curious of the two wants it."""
    (project / "w.pt").write_text("x")
    for depths in ((Depth.STAT, Depth.BYTES), (Depth.BYTES, Depth.STAT)):
        facts = gather(project, [Wanted("w.pt", depth) for depth in depths])
        assert facts.file("w.pt").sha256 == _sha(b"x")


def test_a_big_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file too big for a text is not read where its code is looked for, and hashed in pieces where its bytes are."""
    monkeypatch.setattr(edge, "_TEXT_LIMIT", 8)
    (project / "big.bin").write_bytes(b"0123456789")
    assert _look(project, "big.bin") == FileFact("big.bin", Kind.FILE, 10)
    assert _look(project, "big.bin", Depth.BYTES) == FileFact("big.bin", Kind.FILE, 10, sha256=_sha(b"0123456789"))


def _archive(path: Path, *names: str, end: bytes = b"") -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    if end:
        path.write_bytes(path.read_bytes() + end)


@pytest.mark.parametrize("suffix", ["pt", "pth"])
def test_torchscript(project: Path, suffix: str) -> None:
    """What `torch.jit.save` writes is told by the code in it, without torch; a state dict has none."""
    _archive(project / f"script.{suffix}", "fraud/data.pkl", "fraud/code/__torch__.py", "fraud/constants.pkl")
    _archive(project / f"state.{suffix}", "fraud/data.pkl", "fraud/data/0")
    assert _look(project, f"script.{suffix}").torchscript
    assert not _look(project, f"state.{suffix}").torchscript


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04", b"not a zip /code/__torch__", b"\x80\x02}q\x00."])
def test_no_torchscript(project: Path, data: bytes) -> None:
    """An empty, cut, old or other file is none."""
    (project / "w.pt").write_bytes(data)
    assert not _look(project, "w.pt").torchscript


def test_torchscript_by_another_name(project: Path) -> None:
    """An archive that is not called weights is not taken for them."""
    _archive(project / "code.zip", "a/code/__torch__.py")
    assert not _look(project, "code.zip").torchscript


@pytest.mark.parametrize("name", ["w.pt", "model.py", "data.bin"])
@pytest.mark.parametrize("depth", [Depth.STAT, Depth.READ, Depth.BYTES])
def test_a_pointer_of_git_lfs(project: Path, name: str, depth: Depth) -> None:
    """A pointer is seen for what it is, however closely it is looked at; a text that speaks of one is none."""
    (project / name).write_bytes(_POINTER)
    assert _look(project, name, depth).lfs_pointer
    assert _look(project, name, Depth.BYTES).digest == "0" * 64
    (project / name).write_bytes(b"# " + _POINTER)
    assert not _look(project, name, depth).lfs_pointer


def test_nothing_is_imported_or_run(project: Path) -> None:
    """A model's code is text: looking at it runs nothing of it, and leaves no bytecode behind."""
    (project / "model").mkdir()
    (project / "model" / "canary_model.py").write_text("raise SystemExit('this was run')\n")
    before = set(sys.modules)
    gather(project, [Wanted("model", Depth.TREE)])
    assert not {name for name in set(sys.modules) - before if "canary" in name}
    assert [path.name for path in (project / "model").iterdir()] == ["canary_model.py"]


def test_a_listed_folder_is_not_read(project: Path) -> None:
    """Of each file in it the size and kind are known, and whether it is a pointer, but no byte is hashed; what is in a
    folder below is not looked at."""
    folder = project / "net"
    (folder / "below").mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"model")
    (folder / "model.onnx.data").write_bytes(_POINTER)
    (folder / "below" / "other.onnx").write_bytes(b"other")
    files = gather(project, [Wanted("net", Depth.LISTED)]).files
    assert set(files) == {"net", "net/model.onnx", "net/model.onnx.data"}
    assert (files["net/model.onnx"].size, files["net/model.onnx"].sha256, files["net/model.onnx"].text) == (5, "", None)
    assert files["net/model.onnx.data"].lfs_pointer
