"""A person at work in a project: edits, links, modes, other names and other wishes, and what of all that is theirs."""

from __future__ import annotations

import os
import random
import shutil
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from trust.writing.project import NAME, Project, Seen

LIVE = f"deploy/{NAME}"
_TARGETS = ("torchserve", "docker", "compose", "client")
_NEIGHBOURS = ("notes", "docker/notes", "docker/more/notes", "other/notes", ".gitignore", ".servespec-mine")
_MODES = (0o644, 0o755, 0o600, 0o444)


class Person:
    """What they made is theirs until they touch it again."""

    def __init__(self, project: Project, chance: random.Random) -> None:
        self.project, self.chance = project, chance
        self.theirs: dict[str, Seen] = {}
        """By path from the project folder."""
        self.emitted: set[str] = set()
        """Paths that some spec of theirs made, where they may put something too."""
        self._count = 0

    @property
    def hands(self) -> tuple[tuple[Callable[[], None], int], ...]:
        """What they do, and how often."""
        return (
            *((self.change_spec, 12), (self._edit, 8), (self._replace, 3), (self._write, 6), (self._edit_source, 3)),
            *((self._delete, 10), (self._delete_folder, 2), (self._chmod, 5), (self._second_name, 2)),
            *((self._link, 4), (self._make_folder, 2)),
        )

    def change_spec(self) -> None:
        """Other targets, or another release."""
        targets = [name for name in _TARGETS if self.chance.random() < 0.7] or ["torchserve"]
        self.project.say(f"{self.chance.randint(1, 3)}.0.0", *targets)
        self._own(self.project.folder / "serving.yaml")

    def clear(self, paths: Iterable[str]) -> None:
        """What of theirs is at these paths of the output goes, since it is in the way."""
        for path in paths:
            place = self.project.live / path
            if f"{LIVE}/{path}" in self.theirs and os.path.lexists(place):
                if place.is_dir() and not place.is_symlink():
                    shutil.rmtree(place)
                else:
                    place.unlink()
                self._forget(place)

    def _text(self) -> bytes:
        self._count += 1
        return f"mine {self._count}\n".encode()

    def _own(self, place: Path) -> None:
        mode = place.lstat().st_mode
        link = os.fsencode(os.readlink(place)) if stat.S_ISLNK(mode) else b""
        self.theirs[self._path(place)] = Seen(mode, place.read_bytes() if stat.S_ISREG(mode) else link)

    def _own_again(self, place: Path) -> None:
        """A file may have a second name, by which what is done to it is seen as well."""
        inode = place.stat().st_ino
        for path in self.theirs:
            if (self.project.folder / path).lstat().st_ino == inode:
                self._own(self.project.folder / path)

    def _forget(self, place: Path) -> None:
        gone = self._path(place)
        self.theirs = {
            path: seen for path, seen in self.theirs.items() if path != gone and not path.startswith(f"{gone}/")
        }

    def _path(self, place: Path) -> str:
        return place.relative_to(self.project.folder).as_posix()

    def _one(self, kind: Callable[[Path], bool]) -> Path | None:
        found = sorted(path for path in self.project.live.rglob("*") if kind(path))
        return self.chance.choice(found) if found else None

    def _file(self) -> Path | None:
        return self._one(lambda path: path.is_file() and not path.is_symlink())

    def _free(self) -> Path | None:
        """A free place, of a neighbour or of what some spec makes, with no link on the way to it."""
        place = self.project.live / self.chance.choice([*_NEIGHBOURS, *sorted(self.emitted)])
        ways = [way for way in place.parents if way.is_relative_to(self.project.live) and os.path.lexists(way)]
        if os.path.lexists(place) or not all(way.is_dir() and not way.is_symlink() for way in ways):
            return None
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def _edit(self) -> None:
        """In place, as some editors save."""
        if place := self._file():
            with place.open("r+b") as file:
                file.seek(0, self.chance.choice((os.SEEK_SET, os.SEEK_END)))
                file.write(self._text())
            self._own(place)
            self._own_again(place)

    def _replace(self) -> None:
        """Through another file, as other editors save."""
        if place := self._file():
            passing = place.with_name("passing~")
            passing.write_bytes(self._text())
            passing.replace(place)
            self._own(place)

    def _edit_source(self) -> None:
        with (self.project.folder / "model/handler.py").open("ab") as file:
            file.write(b"# " + self._text())
        self._own(self.project.folder / "model/handler.py")

    def _write(self) -> None:
        if place := self._free():
            place.write_bytes(self._text())
            self._own(place)

    def _link(self) -> None:
        if place := self._free():
            place.symlink_to(self.chance.choice(("nowhere", "..", "../../../model", str(self.project.root / ".git"))))
            self._own(place)

    def _make_folder(self) -> None:
        if place := self._free():
            place.mkdir()
            self._own(place)

    def _second_name(self) -> None:
        """Of a file of the output, elsewhere: a copy for nothing, unless somebody writes to the file in place."""
        if place := self._file():
            copy = self.project.folder / f"copy-{self._text().split()[1].decode()}"
            os.link(place, copy)
            self._own(copy)

    def _chmod(self) -> None:
        if place := self._file():
            place.chmod(self.chance.choice(_MODES))
            self._own_again(place)

    def _delete(self) -> None:
        if place := self._one(lambda path: path.is_symlink() or not path.is_dir()):
            place.unlink()
            self._forget(place)

    def _delete_folder(self) -> None:
        if place := self._one(lambda path: path.is_dir() and not path.is_symlink()):
            shutil.rmtree(place)
            self._forget(place)
