"""A person and servespec at work in one project, step after step, with the whole command line and its memory.

The person edits, deletes, links and moves what they like; what they made is theirs until they touch it again. A build may
refuse, and then nothing has changed; without `--force` none may alter a byte of theirs.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from trust.rows import Row, Scale
from trust.writing.project import NAME, Picture, Project, Seen, picture

_SEED = 20261126
_TARGETS = ("torchserve", "docker", "compose", "client")
_NEIGHBOURS = ("notes", "docker/notes", "docker/more/notes", "other/notes", ".gitignore", ".servespec-mine")
_MODES = (0o644, 0o755, 0o600, 0o444)
_LIVE = f"deploy/{NAME}"
_MANIFEST = ".servespec.json"


def run(scale: Scale, steps: int = 0, seed: int = _SEED) -> Iterator[Row]:
    """One row."""
    began = time.monotonic()
    steps = steps or scale.of(150, 10_000)
    with tempfile.TemporaryDirectory(prefix="servespec-desk-") as folder:
        desk = Desk(Path(folder), random.Random(seed))
        wrong = tuple(line for number in range(steps) for line in desk.step(number))
    done = desk.done
    tried = f"{steps} steps, of which {done['build']} builds, {done['refused']} refused, and {done['forced']} forced"
    what = "no byte that a person wrote is altered without `--force`, and a build is right whatever they did"
    yield Row(what, tried, len(wrong), 0, time.monotonic() - began, wrong)


class Desk:
    """The project, and what in it is a person's."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.project, self.chance = Project(root), chance
        self.live = self.project.live
        self.done: Counter[str] = Counter()
        self.theirs: dict[str, Seen] = {}
        """By path from the project folder: what the person made, and has not touched since."""
        self.made: dict[str, Picture] = {}
        """What each text of the spec makes, of those that were built so far."""
        self._count = 0
        self._change_spec()
        self._steps: tuple[tuple[Callable[[], Iterator[str]], int], ...] = (
            *((self._quiet(step), weight) for step, weight in self._hands()),
            *((self._build, 30), (self._force, 5), (self._check, 5)),
        )

    def _hands(self) -> tuple[tuple[Callable[[], None], int], ...]:
        """What a person does, and how often."""
        return (
            *((self._change_spec, 12), (self._edit, 8), (self._write, 6), (self._delete, 10), (self._chmod, 5)),
            *((self._link, 4), (self._make_folder, 2), (self._second_name, 2), (self._edit_source, 3)),
            *((self._restore, 18), (self._delete_folder, 2), (self._replace, 3)),
        )

    def _quiet(self, step: Callable[[], None]) -> Callable[[], Iterator[str]]:
        def wrapped() -> Iterator[str]:
            step()
            return iter(())

        return wrapped

    def step(self, number: int) -> Iterator[str]:
        """What went wrong in one step."""
        steps, weights = zip(*self._steps, strict=True)
        (step,) = self.chance.choices(steps, weights)
        for line in step():
            yield f"step {number}: {line}"

    # --- what a person does -----------------------------------------------------------------

    def _unique(self) -> bytes:
        self._count += 1
        return f"mine {self._count}\n".encode()

    def _change_spec(self) -> None:
        targets = [name for name in _TARGETS if self.chance.random() < 0.7] or ["torchserve"]
        self.project.say(f"{self.chance.randint(1, 3)}.0.0", *targets)
        self._own("serving.yaml")

    def _edit_source(self) -> None:
        with (self.project.folder / "model/handler.py").open("ab") as file:
            file.write(b"# " + self._unique())
        self._own("model/handler.py")

    def _own(self, path: str) -> None:
        place = self.project.folder / path
        mode = place.lstat().st_mode
        content = os.fsencode(os.readlink(place)) if stat.S_ISLNK(mode) else b""
        self.theirs[path] = Seen(mode, place.read_bytes() if stat.S_ISREG(mode) else content)

    def _below(self, kind: Callable[[Path], bool]) -> list[str]:
        found = (path for path in self.live.rglob("*") if kind(path))
        return sorted(str(path.relative_to(self.project.folder)) for path in found)

    def _files(self) -> list[str]:
        return self._below(lambda path: path.is_file() and not path.is_symlink())

    def _one(self, paths: list[str]) -> Path | None:
        return self.project.folder / self.chance.choice(paths) if paths else None

    def _edit(self) -> None:
        """In place, as some editors save."""
        if place := self._one(self._files()):
            with place.open("r+b") as file:
                file.seek(0, os.SEEK_END if self.chance.random() < 0.5 else os.SEEK_SET)
                file.write(self._unique())
            self._own_all_names(place)

    def _own_all_names(self, place: Path) -> None:
        """A file may have a second name, and an edit through one is seen through the other."""
        self._own(str(place.relative_to(self.project.folder)))
        inode = place.stat().st_ino
        for path in [path for path in self.theirs if (self.project.folder / path).lstat().st_ino == inode]:
            self._own(path)

    def _replace(self) -> None:
        """Through another file, as other editors save."""
        if place := self._one(self._files()):
            passing = place.with_name("passing~")
            passing.write_bytes(self._unique())
            passing.replace(place)
            self._own(str(place.relative_to(self.project.folder)))

    def _place(self) -> Path | None:
        """A free place, of a neighbour or of what some spec makes, that no link is on the way to."""
        emitted = [path for tree in self.made.values() for path, seen in tree.items() if stat.S_ISREG(seen.mode)]
        place = self.live / self.chance.choice([*_NEIGHBOURS, *sorted(set(emitted))])
        ways = [way for way in place.parents if way.is_relative_to(self.live)]
        if os.path.lexists(place) or not all(
            way.is_dir() and not way.is_symlink() for way in ways if os.path.lexists(way)
        ):
            return None
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def _write(self) -> None:
        if place := self._place():
            place.write_bytes(self._unique())
            self._own(str(place.relative_to(self.project.folder)))

    def _link(self) -> None:
        if place := self._place():
            place.symlink_to(self.chance.choice(("nowhere", "..", "../../../model", str(self.project.root / ".git"))))
            self._own(str(place.relative_to(self.project.folder)))

    def _second_name(self) -> None:
        """A second name for a file of the output, outside of it: a copy that costs nothing, until somebody writes in place."""
        if place := self._one(self._files()):
            self._count += 1
            copy = self.project.folder / f"copy-{self._count}"
            os.link(place, copy)
            self._own(copy.name)

    def _make_folder(self) -> None:
        if place := self._place():
            place.mkdir()
            self._own(str(place.relative_to(self.project.folder)))

    def _chmod(self) -> None:
        if place := self._one(self._files()):
            place.chmod(self.chance.choice(_MODES))
            for path in list(self.theirs):
                if (self.project.folder / path).lstat().st_ino == place.stat().st_ino:
                    self._own(path)

    def _delete(self) -> None:
        paths = self._below(lambda path: path.is_symlink() or not path.is_dir())
        if place := self._one(paths):
            place.unlink()
            self.theirs.pop(str(place.relative_to(self.project.folder)), None)

    def _delete_folder(self) -> None:
        if place := self._one([_LIVE, *self._below(lambda path: path.is_dir() and not path.is_symlink())]):
            shutil.rmtree(place, ignore_errors=True)
            self._forget(str(place.relative_to(self.project.folder)))

    def _forget(self, folder: str) -> None:
        for path in [path for path in self.theirs if path == folder or path.startswith(f"{folder}/")]:
            del self.theirs[path]

    def _restore(self) -> None:
        """All that is in the way of a build is moved out of it."""
        for path in sorted(self._claimed(), key=len, reverse=True):
            place, name = self.live / path, f"{_LIVE}/{path}"
            if name in self.theirs and os.path.lexists(place):
                shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink()
                self._forget(name)

    # --- what servespec does ----------------------------------------------------------------

    def _claimed(self) -> set[str]:
        """What a build with force may overwrite or remove: what is made, what the manifest says was, and their folders."""
        paths = {*self._wanted(), _MANIFEST}
        try:
            paths |= set(json.loads((self.live / _MANIFEST).read_bytes())["files"])
        except (OSError, ValueError, KeyError):
            pass  # then nothing is known to be servespec's
        ways = {str(way) for path in paths for way in Path(path).parents} - {"."}
        return paths | ways

    def _wanted(self) -> Picture:
        """What the spec makes where nobody is in the way."""
        key = "\0".join(
            (self.project.folder / name).read_text("utf-8") for name in ("serving.yaml", "model/handler.py")
        )
        if key not in self.made:
            aside = self.project.root / "aside"
            self._swap(aside)
            ran = self.project.build("--no-summary")
            assert ran.exit == 0, ran.said
            self.made[key] = picture(self.live)
            shutil.rmtree(self.project.out)
            if aside.exists():
                aside.rename(self.project.out)
        return self.made[key]

    def _swap(self, aside: Path) -> None:
        if self.project.out.exists():
            self.project.out.rename(aside)

    def _build(self, *options: str) -> Iterator[str]:
        wanted = self._wanted()
        before = picture(self.project.folder)
        ran = self.project.build("--no-summary", *options)
        after = picture(self.project.folder)
        self.done["build"] += 1
        if ran.exit not in (0, 4) or "Traceback" in ran.said:
            yield f"exit code {ran.exit}: {ran.said}"
        if ran.exit == 4:
            self.done["refused"] += 1
        if ran.exit != 0 and after != before:
            yield f"it refused, and changed {_difference(before, after)}"
        yield from self._lost(after)
        if ran.exit == 0:
            yield from self._wrong(after, wanted)

    def _force(self) -> Iterator[str]:
        claimed = self._claimed()
        refused = self.done["refused"]
        kept = dict(self.theirs)
        for path in claimed:
            self.theirs.pop(f"{_LIVE}/{path}", None)
        yield from self._build("--force")
        self.done["forced"] += 1
        if self.done["refused"] > refused:
            self.theirs = kept

    def _check(self) -> Iterator[str]:
        before = picture(self.project.folder)
        ran = self.project.build("--check", "--no-summary")
        if picture(self.project.folder) != before:
            yield "--check changed something"
        if ran.exit not in (0, 3) or "Traceback" in ran.said:
            yield f"--check: exit code {ran.exit}: {ran.said}"

    def _lost(self, after: Picture) -> Iterator[str]:
        for path, seen in self.theirs.items():
            if after.get(path) != seen:
                yield f"{path} was a person's {seen}, and is {after.get(path)}"
        for path in [path for path, seen in self.theirs.items() if after.get(path) != seen]:
            del self.theirs[path]  # told once

    def _wrong(self, after: Picture, wanted: Picture) -> Iterator[str]:
        """What is not as a build that says all is well leaves it."""
        for path, seen in wanted.items():
            found = after.get(f"{_LIVE}/{path}")
            if stat.S_ISREG(seen.mode) and (found is None or not _same(found, seen)):
                yield f"{path} is not what was built"
        for path in after:
            if path.startswith("deploy/.servespec-"):
                yield f"litter: {path}"
        if (check := self.project.build("--check", "--no-summary")).exit != 0:
            yield f"it says that all is well, and --check does not: {check.said}"


def _same(found: Seen, wanted: Seen) -> bool:
    """Content, kind and the owner's executable bit; what else a person gave a file its mode stays."""
    kind = stat.S_IFMT(found.mode) == stat.S_IFMT(wanted.mode)
    return kind and found.content == wanted.content and found.mode & 0o100 == wanted.mode & 0o100


def _difference(one: Picture, other: Picture) -> list[str]:
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))[:6]
