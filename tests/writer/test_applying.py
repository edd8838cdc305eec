"""A build changes what is ours, moves along what is not, and refuses what it would lose."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from servespec.writer import MANIFEST, Refused, State, apply, exchange, plan, staging
from servespec.writer.types import WriteFailed

OLD = {"docker/Dockerfile": "one\n", "docker/run.sh": "1\n", "gone/only.txt": "1\n"}
NEW = {"docker/Dockerfile": "two\n", "docker/run.sh": "1\n", "compose/compose.yaml": "a: 1\n"}


def test_the_tree_is_what_was_asked_for(lab: SimpleNamespace, out: Path, system: str) -> None:
    """After a build the folder holds the files and the manifest, and nothing else is left beside it."""
    for files in (OLD, NEW):
        done = apply(plan(lab.tree(files), out))
        assert [file.path for file in done.files] == sorted(file.path for file in done.files)
        found = lab.picture(out / "fraud")
        assert {p: v[0].decode() for p, v in found.items() if isinstance(v, tuple) and p != MANIFEST} == files
        assert os.listdir(out) == ["fraud"]
    assert not (out / "fraud/gone").exists()


def test_modes_whatever_the_umask(lab: SimpleNamespace, out: Path) -> None:
    """Files are 0644 or 0755 and folders 0755, under any umask."""
    before = os.umask(0o077)
    try:
        apply(plan(lab.tree(OLD), out))
    finally:
        os.umask(before)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (out, *out.rglob("*"))}
    assert modes == {
        **{"deploy": 0o755, "fraud": 0o755, "docker": 0o755, "gone": 0o755, "run.sh": 0o755},
        **{"Dockerfile": 0o644, "only.txt": 0o644, MANIFEST: 0o644},
    }


@pytest.mark.parametrize("links", ["links", "copies"])
def test_foreign_files_move_along(
    lab: SimpleNamespace, out: Path, system: str, links: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files, links, pipes and empty folders of other people survive with content, mode and time."""
    apply(plan(lab.tree(OLD), out))
    root = out / "fraud"
    (root / "notes").mkdir(mode=0o750)
    (root / "notes/a.txt").write_text("mine")
    (root / "notes/a.txt").chmod(0o640)
    (root / "docker/link").symlink_to("/nowhere")
    (root / "notes/up").symlink_to("..")
    (root / "empty").mkdir()
    os.mkfifo(root / "docker/pipe")
    for path in (root / "notes/a.txt", root / "notes", root / "empty"):
        os.utime(path, ns=(10**18, 10**18 + 7))
    foreign = [root / p for p in ("notes", "notes/a.txt", "docker/link", "notes/up", "empty", "docker/pipe")]
    before = [(p.lstat().st_mode, os.path.isdir(p) or p.lstat().st_mtime_ns) for p in foreign]
    if links == "copies":
        monkeypatch.setattr(os, "link", _no_links)
        before[2] = before[3] = before[5] = None  # type: ignore[call-overload]
    done = apply(plan(lab.tree(NEW), out))
    after = [(p.lstat().st_mode, os.path.isdir(p) or p.lstat().st_mtime_ns) for p in foreign]
    assert [new for new, old in zip(after, before, strict=True) if old] == [old for old in before if old]
    assert (root / "notes").stat().st_mtime_ns == 10**18 + 7
    assert os.readlink(root / "docker/link") == "/nowhere"
    assert (root / "notes/a.txt").read_text() == "mine"
    assert stat.S_ISFIFO((root / "docker/pipe").stat().st_mode)
    assert done.rescued == ()
    assert os.listdir(out) == ["fraud"]


def _no_links(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_a_socket_that_cannot_move_stops_the_build(
    lab: SimpleNamespace, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can neither be linked nor copied is named, and nothing is changed."""
    apply(plan(lab.tree(OLD), out))
    monkeypatch.chdir(out / "fraud")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        before = lab.picture(out)
        monkeypatch.setattr(os, "link", _no_links)
        with pytest.raises(WriteFailed, match=r"fraud/s`: cannot be carried along.*nothing was changed"):
            apply(plan(lab.tree(NEW), out))
    assert lab.picture(out) == before


def test_conflicts_stop_everything_until_force(lab: SimpleNamespace, out: Path, system: str) -> None:
    """One edited file, orphaned file or foreign file in the way, and no file is written; then all are."""
    apply(plan(lab.tree(OLD), out))
    root = out / "fraud"
    (root / "docker/Dockerfile").write_text("mine")
    (root / "gone/only.txt").write_text("mine")
    (root / "compose").mkdir()
    (root / "compose/compose.yaml").symlink_to("../docker/run.sh")
    before = lab.picture(out)
    with pytest.raises(Refused) as refused:
        apply(plan(lab.tree(NEW), out))
    assert str(refused.value).splitlines() == [
        f"`{root}/compose/compose.yaml` was not written by servespec; `--force` overwrites it",
        f"`{root}/docker/Dockerfile` was edited by hand; `--force` overwrites it",
        f"`{root}/gone/only.txt` was edited by hand; `--force` removes it",
    ]
    assert lab.picture(out) == before
    done = apply(plan(lab.tree(NEW), out), force=True)
    assert done.rescued == ()
    assert (root / "docker/run.sh").read_text() == "1\n"
    assert plan(lab.tree(NEW), out).up_to_date
    assert not (root / "gone").exists()


def test_a_link_as_output_folder_is_refused(lab: SimpleNamespace, out: Path, tmp_path: Path) -> None:
    """Neither the output folder, nor the spec's folder, nor one below may be a link, even with force."""
    apply(plan(lab.tree(OLD), out))
    elsewhere = tmp_path / "elsewhere"
    for inside in (out / "fraud/docker", out / "fraud", out):
        inside.rename(elsewhere)
        inside.symlink_to(elsewhere)
        before = lab.picture(tmp_path)
        with pytest.raises(Refused, match=rf"^`{inside}` is a symbolic link, which is never followed; move") as e:
            apply(plan(lab.tree(NEW), out), force=True)
        assert "\n" not in str(e.value)
        assert lab.picture(tmp_path) == before
        inside.unlink()
        elsewhere.rename(inside)


@pytest.mark.parametrize("where", ["", "fraud", "fraud/docker"])
def test_a_file_for_a_folder_is_refused(lab: SimpleNamespace, out: Path, where: str) -> None:
    """A regular file where a folder must be is named and kept, even with force."""
    path = out / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    with pytest.raises(Refused, match=rf"^`{path}` is not a folder; move it away$"):
        apply(plan(lab.tree(NEW), out), force=True)
    assert path.read_text() == "mine"


def test_an_output_folder_below_a_file_is_refused(lab: SimpleNamespace, out: Path) -> None:
    """Where not even the output folder can be looked at, its path is what is named."""
    out.write_text("mine")
    with pytest.raises(Refused, match=rf"^the path `{out}/x` leads through something that is not a folder$"):
        apply(plan(lab.tree(NEW), out / "x"), force=True)
    assert out.read_text() == "mine"


def test_a_folder_for_a_file_is_refused(lab: SimpleNamespace, out: Path) -> None:
    """A folder where a file must be is never removed, even with force."""
    (out / "fraud/docker/Dockerfile/deep").mkdir(parents=True)
    with pytest.raises(Refused, match="is a folder where a file must be"):
        apply(plan(lab.tree(NEW), out), force=True)
    assert (out / "fraud/docker/Dockerfile/deep").is_dir()


def test_what_takes_an_orphans_place_stays(lab: SimpleNamespace, out: Path) -> None:
    """A folder or link that replaced a file no longer made is somebody's: it moves along."""
    apply(plan(lab.tree({"a": "1", "b": "1", "c/d": "1"}), out))
    root = out / "fraud"
    (root / "a").unlink()
    (root / "a").symlink_to("nowhere")
    (root / "b").unlink()
    (root / "b").mkdir()
    apply(plan(lab.tree({"e": "1"}), out))
    assert set(lab.picture(root)) == {"a", "b", "e", MANIFEST}


def test_unchanged_files_are_not_touched(lab: SimpleNamespace, out: Path) -> None:
    """A file that stays the same keeps its inode and time, so that caches by time stay warm."""
    apply(plan(lab.tree(OLD), out))
    before = (out / "fraud/docker/run.sh").stat()
    apply(plan(lab.tree(NEW), out))
    after = (out / "fraud/docker/run.sh").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_text_is_written_byte_for_byte(lab: SimpleNamespace, out: Path) -> None:
    """Text is UTF-8 with the line ends it has."""
    apply(plan(lab.tree({"a": "ä\nb\u2028\n"}), out))
    assert (out / "fraud/a").read_bytes() == "ä\nb\u2028\n".encode()


def test_a_stale_plan_is_made_again_under_the_lock(lab: SimpleNamespace, out: Path) -> None:
    """What a person edited after the plan was made is still refused."""
    apply(plan(lab.tree(OLD), out))
    stale = plan(lab.tree(NEW), out)
    (out / "fraud/docker/Dockerfile").write_text("mine")
    with pytest.raises(Refused):
        apply(stale)
    assert (out / "fraud/docker/Dockerfile").read_text() == "mine"


def test_a_plan_of_nothing_asks_the_disk_for_nothing(lab: SimpleNamespace, out: Path) -> None:
    """What is up to date needs no lock, and can lie on a disk that is read only."""
    apply(plan(lab.tree(OLD), out))
    planned, calls = plan(lab.tree(OLD), out), []
    with lab.before_call(lambda _, name: calls.append(name)):
        assert apply(planned).files == ()
    assert calls == []


def test_a_place_that_is_always_taken_ends_the_build(
    lab: SimpleNamespace, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five times somebody else was there first: then it is told, and nothing is left."""
    tries: list[str] = []

    def taken(new: str, live: str) -> None:
        tries.append(new)
        raise FileExistsError(17, "File exists", live)

    monkeypatch.setattr(exchange, "put", taken)
    with pytest.raises(WriteFailed, match=f"^`{out}/fraud`: File exists; nothing was changed$"):
        apply(plan(lab.tree(OLD), out))
    assert len(tries) == 5
    assert not out.exists()


@pytest.mark.parametrize("path", ["docker/Dockerfile", "compose/compose.yaml", "gone/only.txt", "mine", "docker/new"])
def test_what_a_person_saves_just_before_the_exchange_stands_where_it_was_saved(
    lab: SimpleNamespace, out: Path, system: str, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Theirs takes the place of what was written, and the build tells of it."""
    apply(plan(lab.tree(OLD), out))
    (out / "fraud/mine").write_text("1")
    swap = exchange.swap

    def saved(new: str, live: str, aside: str) -> None:
        goal = out / "fraud" / path
        goal.parent.mkdir(exist_ok=True)
        goal.with_name("swap~").write_text("of a person")
        goal.with_name("swap~").rename(goal)
        swap(new, live, aside)

    monkeypatch.setattr(exchange, "swap", saved)
    assert apply(plan(lab.tree(NEW), out)).rescued == (path,)
    assert (out / "fraud" / path).read_text() == "of a person"
    assert [name for name in os.listdir(out / "fraud") if "saved" in name] == []
    assert os.listdir(out) == ["fraud"]


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user of the machine can reach and write to, as pytest's own is not."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        yield Path(folder)


def test_read_only_folders_of_a_person(lab: SimpleNamespace, shared: Path) -> None:
    """A folder that its owner made read-only moves along as it is, also for a user who is not root."""
    out, root = shared / "deploy", shared / "deploy/fraud"

    def person() -> None:
        apply(plan(lab.tree(OLD), out))
        (root / "mine").mkdir()
        (root / "mine/a").write_text("1")
        (root / "mine").chmod(0o555)
        apply(plan(lab.tree(NEW), out))

    assert _as_nobody(person) == 0
    assert stat.S_IMODE((root / "mine").stat().st_mode) == 0o555
    assert plan(lab.tree(NEW), out).up_to_date
    assert os.listdir(out) == ["fraud"]


def test_root_leaves_folders_to_their_owner(lab: SimpleNamespace, shared: Path) -> None:
    """A build by root does not take a user's folders away."""
    if os.geteuid() != 0:
        pytest.skip("only root can give folders away")
    assert _as_nobody(lambda: apply(plan(lab.tree(OLD), shared / "deploy"))) == 0
    apply(plan(lab.tree(NEW), shared / "deploy"))
    assert {(shared / "deploy" / path).stat().st_uid for path in ("fraud", "fraud/docker")} == {_NOBODY}


def test_no_permission_is_a_sentence(lab: SimpleNamespace, shared: Path) -> None:
    """A folder that may not be written to is named, and nothing is changed."""
    (shared / "deploy").mkdir()
    (shared / "deploy").chmod(0o555)
    assert _as_nobody(lambda: apply(plan(lab.tree(OLD), shared / "deploy"))) == _DENIED
    assert os.listdir(shared / "deploy") == []


_NOBODY = 65534
_DENIED = 5


def _as_nobody(act: Callable[[], object]) -> int:
    """How `act` ended, done by a process without root's powers."""
    exchange._find()  # loads ctypes while it can be read
    child = os.fork()
    if child == 0:
        code = 3
        try:
            if os.geteuid() == 0:
                os.setresgid(_NOBODY, _NOBODY, _NOBODY)
                os.setresuid(_NOBODY, _NOBODY, _NOBODY)
            act()
            code = 0
        except WriteFailed as error:
            code = _DENIED if "Permission denied; nothing was changed" in str(error) else 4
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_mount_points_are_refused(lab: SimpleNamespace, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another file system mounted inside the output is neither copied nor emptied."""
    apply(plan(lab.tree(OLD), out))
    (out / "fraud/volume").mkdir()
    inode, real = (out / "fraud/volume").stat().st_ino, os.fstat

    def fstat(fd: int) -> os.stat_result:
        info = real(fd)
        other = info.st_ino == inode
        return os.stat_result((*info[:2], info.st_dev + 1, *info[3:10])) if other else info

    monkeypatch.setattr(staging.os, "fstat", fstat)
    with pytest.raises(WriteFailed, match=r"fraud/volume`: is a mount point"):
        apply(plan(lab.tree(NEW), out))
    assert os.listdir(out) == ["fraud"]


def test_states_of_a_plan_add_up(lab: SimpleNamespace, out: Path) -> None:
    """A build reports exactly the files that its plan promised to change."""
    apply(plan(lab.tree(OLD), out))
    planned = plan(lab.tree(NEW), out)
    done = apply(planned)
    assert done.files == planned.changes
    assert {file.state for file in done.files} == {State.CREATE, State.UPDATE, State.ORPHAN}


def test_one_call_where_the_system_has_it(lab: SimpleNamespace, out: Path) -> None:
    """On Linux the exchange of this very machine is the single call."""
    if exchange._find() is None:
        pytest.skip("this system has no renameat2")
    apply(plan(lab.tree(OLD), out))
    calls: list[str] = []
    with lab.before_call(lambda _, name: calls.append(name)):
        apply(plan(lab.tree(NEW), out))
    assert calls.count("renameat2") == 1
    assert "rename" not in calls
