"""Whatever goes wrong at whatever moment, the old tree or the new one stands, and the next build clears up."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from servespec.writer import MANIFEST, Refused, WriteFailed, apply, exchange, lock, plan

OLD = {"docker/Dockerfile": "one\n", "docker/run.sh": "1\n", "gone/only.txt": "1\n"}
NEW = {"docker/Dockerfile": "two\n", "docker/run.sh": "1\n", "compose/compose.yaml": "a: 1\n"}
NO_FILES: dict[str, str] = {}


class World:
    """An output folder before a build, the two trees that may be there after it, and the build."""

    def __init__(self, lab: SimpleNamespace, out: Path, *, first: bool) -> None:
        self.lab, self.out, self.first = lab, out, first
        self.tree = lab.tree(NEW)
        self.reset()
        self.old = lab.picture(out / "fraud")
        self.build()
        self.new = lab.picture(out / "fraud")

    def reset(self) -> None:
        """The state before the build, with files of a person in it."""
        remove(self.out)
        self.out.mkdir()
        if not self.first:
            apply(plan(self.lab.tree(OLD), self.out))
            (self.out / "fraud/docker/mine").write_text("mine")
            (self.out / "fraud/notes").mkdir()
            (self.out / "fraud/notes/link").symlink_to("../docker")

    def build(self) -> None:
        apply(plan(self.tree, self.out))

    def failure(self, act: Callable[[int, str], None]) -> str:
        """The sentence with which a build fails in which `act` interferes; empty when it succeeds."""
        try:
            with self.lab.before_call(act):
                self.build()
        except WriteFailed as error:
            return str(error)
        return ""

    def live(self) -> dict[str, object]:
        return self.lab.picture(self.out / "fraud")


def remove(path: Path) -> None:
    from servespec.writer.settling import remove

    remove(str(path))


@pytest.fixture(params=["first build", "rebuild"])
def world(request: pytest.FixtureRequest, lab: SimpleNamespace, out: Path, system: str) -> World:
    return World(lab, out, first=request.param == "first build")


TURNING = {"renameat2", "rename", "builtin open"}
"""The calls on which a build turns: what happens just before and after them is always tried."""

sampled = pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.e2e)])
"""Every call takes minutes: `make test` tries the turning points and each eleventh of the others."""


def moments(world: World, step: int) -> list[int]:
    """The numbers of the calls of a build before which something is to happen."""
    calls: list[str] = []
    world.reset()
    with world.lab.before_call(lambda _, name: calls.append(name)):
        world.build()
    turns = {count for count, name in enumerate(calls, 1) if name in TURNING}
    after = {count + 1 for count in turns}
    return [n for n in range(1, len(calls) + 1) if n % step == 0 or n in turns | after]


@sampled
def test_every_call_refused_once(world: World, step: int) -> None:
    """An error of any call leaves the old tree or the new one, a sentence, and nothing for the next build."""
    failed = 0
    for moment in moments(world, step):
        world.reset()

        number = (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO)[moment % 4]

        def refuse(count: int, name: str, moment: int = moment, number: int = number) -> None:
            if count == moment:
                raise OSError(number, os.strerror(number))

        sentence = world.failure(refuse)
        failed += bool(sentence)
        assert not sentence or os.strerror(number) in sentence
        assert world.live() == (world.old if "nothing was changed" in sentence else world.new), moment
        world.build()
        assert world.live() == world.new
        assert os.listdir(world.out) == ["fraud"]
    assert failed > (5 if step == 1 else 2)  # a sample meets fewer of them


@sampled
def test_a_disk_that_stays_full(world: World, step: int) -> None:
    """From any moment on no byte can be written or name made: nothing is changed, and the stage is gone."""
    for moment in moments(world, step):
        world.reset()

        def full(count: int, name: str, moment: int = moment) -> None:
            if count >= moment and name in ("write", "mkdir", "link", "symlink"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        sentence = world.failure(full)
        assert not sentence or "No space left on device; nothing was changed" in sentence
        assert not sentence or str(world.out) in sentence
        assert world.live() == (world.old if sentence else world.new)
        assert os.listdir(world.out) == (["fraud"] if world.live() else [])


@sampled
def test_killed_before_every_call(world: World, step: int) -> None:
    """After a kill at any moment the old or the new tree stands; the next build finishes and leaves no litter."""
    seen = set()
    for moment in moments(world, step):
        world.reset()
        killed = in_child(lambda moment=moment: kill_at(world, moment))
        assert killed
        live = world.live()
        aside = world.out / ".servespec-fraud.old"
        if live == {} and not world.first and aside.exists():
            assert world.lab.picture(aside) == world.old  # the instant between two renames
        else:
            assert live in (world.old, world.new), moment
        seen.add(str(live))
        world.build()
        assert world.live() == world.new, moment
        assert os.listdir(world.out) == ["fraud"], moment
    assert len(seen) >= 2


def kill_at(world: World, moment: int) -> None:
    def kill(count: int, name: str) -> None:
        if count == moment:
            os._exit(9)

    with world.lab.before_call(kill):
        world.build()


def in_child(act: Callable[[], None]) -> bool:
    """Whether the child was killed while it did `act`."""
    child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@sampled
def test_interrupted_at_every_call(world: World, step: int) -> None:
    """Ctrl-C at any moment clears up at once, or leaves that to the next build."""
    for moment in moments(world, step):
        world.reset()

        def interrupt(count: int, name: str, moment: int = moment) -> None:
            if count == moment:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt), world.lab.before_call(interrupt):
            world.build()
        assert world.live() in (world.old, world.new)
        world.build()
        assert world.live() == world.new
        assert os.listdir(world.out) == ["fraud"]


def save_in_place(root: Path) -> Path:
    (root / "docker/Dockerfile").write_bytes(b"of a person")
    return root / "docker/Dockerfile"


def save_by_rename(path: str) -> Callable[[Path], Path]:
    def save(root: Path) -> Path:
        (root / path).with_name("swap~").write_bytes(b"of a person")
        os.replace((root / path).with_name("swap~"), root / path)
        return root / path

    return save


def save_new(path: str) -> Callable[[Path], Path]:
    def save(root: Path) -> Path:
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(b"of a person")
        return root / path

    return save


@sampled
@pytest.mark.parametrize(
    "save",
    [
        save_in_place,
        *map(save_by_rename, ("docker/Dockerfile", "docker/mine", "docker/run.sh", "gone/only.txt")),
        *map(save_new, ("docker/fresh", "compose/compose.yaml", "dir/fresh", "notes/fresh", "gone/fresh")),
    ],
)
def test_saved_while_a_build_runs(
    lab: SimpleNamespace, out: Path, system: str, save: Callable[[Path], Path], step: int
) -> None:
    """What a person saves at any moment of a build is in the tree afterwards, and nothing else is lost."""
    world = World(lab, out, first=False)
    for moment in moments(world, step):
        world.reset()
        saved: list[Path] = []

        def person(count: int, name: str, moment: int = moment, saved: list[Path] = saved) -> None:
            if count == moment and (out / "fraud").exists():
                # The new tree may lack the folder already: then the person sees an error, and has lost nothing.
                with pytest.MonkeyPatch.context() as real, suppress(FileNotFoundError):
                    for call, original in ORIGINALS.items():
                        real.setattr(os, call, original)
                    saved.append(save(out / "fraud"))

        try:
            with lab.before_call(person):
                world.build()
        except Refused:
            pass
        contents = {value[0] for value in world.live().values() if isinstance(value, tuple)}
        assert not saved or b"of a person" in contents, moment
        assert b"mine" in contents or (saved and saved[0].name == "mine"), moment
        assert [name for name in os.listdir(out) if name != "fraud"] == [], moment


ORIGINALS = {name: getattr(os, name) for name in ("open", "mkdir", "stat", "close")}


def build_many(out: str, texts: list[str], make: Callable[..., object]) -> None:
    for text in texts:
        tree = make(dict.fromkeys(("a/1", "a/2", "b/3"), text), spec=text)
        apply(plan(tree, Path(out)))  # type: ignore[arg-type]


def test_four_builds_at_once(lab: SimpleNamespace, out: Path) -> None:
    """Four processes that build different specs into one folder never leave a mixture, nor fail."""
    context = get_context("fork")
    texts = [[f"{who}-{turn}\n" for turn in range(15)] for who in range(4)]
    children = [context.Process(target=build_many, args=(str(out), mine, lab.tree)) for mine in texts]
    for child in children:
        child.start()
    while any(child.is_alive() for child in children):
        for child in children:
            child.join(0.002)
    assert [child.exitcode for child in children] == [0] * 4
    found = lab.picture(out / "fraud")
    assert len({found[path] for path in ("a/1", "a/2", "b/3")}) == 1
    assert set(found) == {"a", "b", "a/1", "a/2", "b/3", MANIFEST}
    assert os.listdir(out) == ["fraud"]


def test_folders_made_in_vain_are_removed(lab: SimpleNamespace, tmp_path: Path) -> None:
    """A first build that fails leaves not even the output folder."""

    def full(_: int, name: str) -> None:
        if name == "write":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(WriteFailed), lab.before_call(full):
        apply(plan(lab.tree(NEW), tmp_path / "x/y"))
    assert os.listdir(tmp_path) == []


def test_waiting_for_a_build_that_fails(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waited for a build that failed, and took its folder away again, has a folder all the same."""
    waiting, flock = Event(), lock._flock
    found: list[bool] = []

    def wait() -> None:
        with lock.locked(str(out)):
            found.append(out.is_dir())

    def announce(fd: int) -> None:
        waiting.set()
        flock(fd)

    other = Thread(target=wait)
    with suppress(WriteFailed), lock.locked(str(out)):
        monkeypatch.setattr(lock, "_flock", announce)
        other.start()
        assert waiting.wait(10)
        raise WriteFailed
    other.join(10)
    assert found == [True]


def test_a_first_build_replaces_nothing(tmp_path: Path, system: str) -> None:
    """Even an empty folder that appeared meanwhile is not taken for nothing."""
    (tmp_path / "new").mkdir()
    (tmp_path / "live").mkdir()
    with pytest.raises(FileExistsError):
        exchange.put(str(tmp_path / "new"), str(tmp_path / "live"))
    assert sorted(os.listdir(tmp_path)) == ["live", "new"]


def test_an_unknown_flag_means_two_calls(lab: SimpleNamespace, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that cannot exchange gets the two renames."""
    import ctypes

    def cannot(*_: object) -> int:
        ctypes.set_errno(errno.EINVAL)
        return -1

    monkeypatch.setattr(exchange, "_find", lambda: cannot)
    for files in (OLD, NEW):
        apply(plan(lab.tree(files), out))
    assert plan(lab.tree(NEW), out).up_to_date
    assert os.listdir(out) == ["fraud"]
