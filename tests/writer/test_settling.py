"""What a person saved while a build ran is put where it was saved, or beside it, and told of."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from servespec.writer import MANIFEST, WriteFailed, apply, applying, exchange, plan
from servespec.writer.journal import Journal, Stage
from servespec.writer.settling import heal, remove

OLD = {"docker/Dockerfile": "one\n", "gone/only.txt": "1\n"}
NEW = {"docker/Dockerfile": "two\n", "compose/compose.yaml": "a: 1\n", "x": "1\n"}
BUILT = {"compose", "compose/compose.yaml", "docker", "docker/Dockerfile", "mine", "x", MANIFEST}


def _file(path: str) -> Callable[[Path], None]:
    """Saved as editors do: beside it, then renamed into its place."""

    def act(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "swap~").write_text("of a person")
        (root / "swap~").rename(root / path)

    return act


def _file_for_folder(root: Path) -> None:
    (root / "docker").rename(root / "aside")
    (root / "docker").write_text("of a person")


def _folder_for_file(root: Path) -> None:
    (root / "gone/only.txt").unlink()
    _file("gone/only.txt/deep")(root)


def _link(root: Path) -> None:
    (root / "docker/Dockerfile").unlink()
    (root / "docker/Dockerfile").symlink_to("elsewhere")


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


SAVED: dict[str, tuple[Callable[[Path], None], tuple[str, ...], set[str]]] = {
    "one of ours": (_file("docker/Dockerfile"), ("docker/Dockerfile",), set()),
    "one that is no longer made": (_file("gone/only.txt"), ("gone/only.txt",), {"gone", "gone/only.txt"}),
    "one of theirs": (_file("mine"), ("mine",), set()),
    "one that is made for the first time": (_file("compose/compose.yaml"), ("compose/compose.yaml",), set()),
    "a new one": (_file("docker/new"), ("docker/new",), {"docker/new"}),
    "a new folder": (_file("fresh/deep/a"), ("fresh",), {"fresh", "fresh/deep", "fresh/deep/a"}),
    "a file where a folder was": (_file_for_folder, ("aside", "docker.saved"), {"aside", "aside/Dockerfile", "docker.saved"}),
    "a folder where a file was": (_folder_for_file, ("gone/only.txt",), {"gone", "gone/only.txt", "gone/only.txt/deep"}),
    "a file where a folder is made": (_file("compose"), ("compose.saved",), {"compose.saved"}),
    "a folder where a file is made": (_file("x/y/z"), ("x-y",), {"x-y", "x-y/z"}),
    "a link": (_link, ("docker/Dockerfile",), set()),
}  # fmt: skip


@pytest.fixture
def root(lab: SimpleNamespace, out: Path, system: str) -> Path:
    """A folder that was built before, with a file of a person."""
    apply(plan(lab.tree(OLD), out))
    (out / "fraud/mine").write_text("1")
    return out / "fraud"


@pytest.fixture
def before_swap(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Something happens just before the two folders change places."""

    def at(act: Callable[[], None]) -> None:
        swap = exchange.swap

        def acted(new: str, live: str, aside: str) -> None:
            act()
            swap(new, live, aside)

        monkeypatch.setattr(exchange, "swap", acted)

    return at


@pytest.mark.parametrize("name", SAVED)
@pytest.mark.parametrize("ending", ["goes on", "is killed"])
def test_what_is_saved_just_before_the_exchange(
    lab: SimpleNamespace,
    root: Path,
    before_swap: Callable[[Callable[[], None]], None],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    ending: str,
) -> None:
    """It stands where it was saved, or beside what was made there, whether this build clears up or the next."""
    save, rescued, more = SAVED[name]
    before_swap(lambda: save(root))
    if ending == "goes on":
        done = apply(plan(lab.tree(NEW), root.parent)).rescued
    else:
        monkeypatch.setattr(applying, "_clear_up", _interrupted)
        with suppress(KeyboardInterrupt):
            apply(plan(lab.tree(NEW), root.parent))
        done = heal(Stage.beside(root.parent, "fraud"))
    assert done == rescued
    found = lab.picture(root)
    assert set(found) == BUILT | more
    assert ("link", "elsewhere") in found.values() or b"of a person" in {
        value[0] for value in found.values() if isinstance(value, tuple)
    }
    assert os.listdir(root.parent) == ["fraud"]


def test_the_first_free_name_beside_it(
    lab: SimpleNamespace, root: Path, before_swap: Callable[[Callable[[], None]], None]
) -> None:
    """Nothing that stands there is overwritten by what is put beside it."""
    for name in ("compose.saved", "compose.saved-2"):
        (root / name).write_text(name)
    before_swap(lambda: _file("compose")(root))
    assert apply(plan(lab.tree(NEW), root.parent)).rescued == ("compose.saved-3",)
    texts = {name: (root / name).read_text() for name in ("compose.saved", "compose.saved-2", "compose.saved-3")}
    assert texts == {
        "compose.saved": "compose.saved",
        "compose.saved-2": "compose.saved-2",
        "compose.saved-3": "of a person",
    }


@pytest.mark.parametrize("kind", ["file", "link"])
def test_the_whole_folder_is_replaced_just_before_the_exchange(
    lab: SimpleNamespace, root: Path, before_swap: Callable[[Callable[[], None]], None], kind: str
) -> None:
    """What took its place stands beside the new folder then."""
    aside = root.parent.parent / "aside"

    def replaced() -> None:
        root.rename(aside)
        if kind == "file":
            root.write_text("of a person")
        else:
            root.symlink_to(aside)

    before_swap(replaced)
    assert apply(plan(lab.tree(NEW), root.parent)).rescued == ("",)
    beside = root.parent / "fraud.saved"
    assert beside.is_symlink() if kind == "link" else beside.read_text() == "of a person"
    assert sorted(os.listdir(root.parent)) == ["fraud", "fraud.saved"]
    assert (aside / "mine").read_text() == "1"


def test_what_is_saved_after_the_exchange_stays(
    lab: SimpleNamespace, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who saved into the old folder and then into the new one finds both."""
    swap = exchange.swap

    def saved(new: str, live: str, aside: str) -> None:
        for path in ("docker/Dockerfile", "mine"):
            _file(path)(root)
        swap(new, live, aside)
        for path in ("docker/Dockerfile", "mine"):
            (root / "swap~").write_text("later")
            (root / "swap~").rename(root / path)

    monkeypatch.setattr(exchange, "swap", saved)
    assert apply(plan(lab.tree(NEW), root.parent)).rescued == ("docker/Dockerfile.saved", "mine.saved")
    for path in ("docker/Dockerfile", "mine"):
        assert (root / path).read_text() == "later"
        assert (root / f"{path}.saved").read_text() == "of a person"


def test_what_was_copied_and_is_saved_again(
    lab: SimpleNamespace, root: Path, before_swap: Callable[[Callable[[], None]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where files can't be linked, an edit of the old one takes the place of its copy; others leave no trace."""

    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    (root / "other").write_text("2")
    monkeypatch.setattr(os, "link", no_links)
    before_swap(lambda: (root / "mine").write_text("of a person") and None)
    assert apply(plan(lab.tree(NEW), root.parent)).rescued == ("mine",)
    assert ((root / "mine").read_text(), (root / "other").read_text()) == ("of a person", "2")
    assert set(lab.picture(root)) == BUILT | {"other"}


def test_folders_that_are_made_again_are_open_to_all(
    lab: SimpleNamespace, root: Path, before_swap: Callable[[Callable[[], None]], None]
) -> None:
    """A file is put back into a folder that the new tree has not, whatever the umask."""
    before_swap(lambda: _file("gone/only.txt")(root))
    before = os.umask(0o077)
    try:
        apply(plan(lab.tree(NEW), root.parent))
    finally:
        os.umask(before)
    assert (root / "gone").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("mode", [0o300, 0o500, 0o600, 0o700, 0o755])
def test_a_folder_that_its_owner_closed_is_opened_to_be_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    """To its owner only, and only when that is needed; for root it never is."""
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(mode)
    opened: list[tuple[str, int]] = []
    monkeypatch.setattr(os, "chmod", lambda path, to: opened.append((path, to)))
    remove(str(folder))
    assert opened == ([(str(folder), 0o700)] if mode < 0o700 else [])
    assert not folder.exists()


def test_removing_follows_no_link(tmp_path: Path) -> None:
    """A link goes, and what it leads to stays; a folder goes with all that is in it, also one made read-only."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/a").write_text("1")
    (tmp_path / "gone/deep").mkdir(parents=True)
    (tmp_path / "gone/deep/link").symlink_to(tmp_path / "kept")
    (tmp_path / "gone/deep").chmod(0o500)
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    for name in ("gone", "link", "nothing"):
        remove(str(tmp_path / name))
    assert os.listdir(tmp_path) == ["kept"]
    assert os.listdir(tmp_path / "kept") == ["a"]


def test_what_is_left_to_the_next_build_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fails after the new tree is in place, the message says that it is."""
    monkeypatch.setattr(applying, "settle", _full)
    with pytest.raises(WriteFailed, match="the new files are in place, and the next build clears up"):
        applying._clear_up(Stage.beside(tmp_path, "fraud"), Journal(0))


def _full(stage: Stage, journal: Journal) -> tuple[str, ...]:
    raise OSError(28, "No space left on device", "x")
