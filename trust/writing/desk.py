"""A person and servespec at work in one project, step after step, with the whole command line and its memory.

A build may refuse, and then nothing has changed; without `--force` none may alter a byte of the person's, and with it
only what is in its way.
"""

from __future__ import annotations

import json
import random
import shutil
import stat
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from trust.rows import Row, Scale
from trust.writing.person import LIVE, Person
from trust.writing.project import Picture, Project, Seen, picture

_SEED = 20261126
_MANIFEST = ".servespec.json"
_QUIET = "--no-summary"


def run(scale: Scale, steps: int = 0) -> Iterator[Row]:
    """One row."""
    began = time.monotonic()
    steps = steps or scale.of(150, 10_000)
    with tempfile.TemporaryDirectory(prefix="servespec-desk-") as folder:
        desk = Desk(Path(folder), random.Random(_SEED))
        wrong = tuple(line for number in range(steps) for line in desk.step(number))
    done = desk.done
    tried = f"{steps} steps, of which {done['builds']} builds, {done['refused']} refused and {done['forced']} forced"
    what = "no byte that a person wrote is altered without `--force`, and a build is right whatever they did"
    yield Row(what, tried, len(wrong), 0, time.monotonic() - began, wrong)


class Desk:
    """The project, who works on it, and what happens next."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.project, self._chance = Project(root), chance
        self.person = Person(self.project, chance)
        self.done: Counter[str] = Counter()
        self._made: dict[str, Picture] = {}
        """What each text of the spec makes where nobody is in the way, of those that were built so far."""
        self.person.change_spec()

    def step(self, number: int) -> Iterator[str]:
        """What went wrong in one step."""
        builds: tuple[tuple[Callable[[], Iterator[str]], int], ...] = (
            *((self._build, 30), (self._force, 5), (self._check, 5), (self._clear, 18)),
        )
        weighed = (*self.person.hands, *builds)
        (step,) = self._chance.choices([step for step, _ in weighed], [weight for _, weight in weighed])
        for line in step() or ():
            yield f"step {number}: {line}"

    def _clear(self) -> Iterator[str]:
        self.person.clear(sorted(self._claimed(), key=len, reverse=True))
        return iter(())

    def _claimed(self) -> set[str]:
        """What a build with force may overwrite or remove: what is made, what was, and the folders of both."""
        paths = {*self._wanted(), _MANIFEST}
        with suppress(OSError, ValueError, KeyError):  # without a manifest nothing is known to be servespec's
            paths |= set(json.loads((self.project.live / _MANIFEST).read_bytes())["files"])
        return paths | {str(way) for path in paths for way in Path(path).parents} - {"."}

    def _wanted(self) -> Picture:
        folder, out = self.project.folder, self.project.out
        key = "\0".join((folder / name).read_text("utf-8") for name in ("serving.yaml", "model/handler.py"))
        if key not in self._made:
            aside = self.project.root / "aside"
            if out.exists():
                out.rename(aside)
            ran = self.project.build(_QUIET)
            assert ran.exit == 0, ran.said
            made = picture(self.project.live)
            self._made[key] = made
            self.person.emitted |= {path for path, seen in made.items() if stat.S_ISREG(seen.mode)}
            shutil.rmtree(out)
            if aside.exists():
                aside.rename(out)
        return self._made[key]

    def _build(self, *options: str) -> Iterator[str]:
        wanted = self._wanted()
        before = picture(self.project.folder)
        ran = self.project.build(_QUIET, *options)
        after = picture(self.project.folder)
        self.done["builds"] += 1
        self.done["refused"] += ran.exit == 4
        if ran.exit not in (0, 4) or "Traceback" in ran.said:
            yield f"exit code {ran.exit}: {ran.said[-300:]}"
        if ran.exit != 0 and after != before:
            changed = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
            yield f"it refused, and changed {changed[:6]}"
        yield from self._lost(after)
        if ran.exit == 0:
            yield from self._wrong(after, wanted)

    def _force(self) -> Iterator[str]:
        refused, kept = self.done["refused"], dict(self.person.theirs)
        for path in self._claimed():
            self.person.theirs.pop(f"{LIVE}/{path}", None)
        yield from self._build("--force")
        self.done["forced"] += 1
        if self.done["refused"] > refused:
            self.person.theirs = kept  # a folder where a file must be is in the way of force as well

    def _check(self) -> Iterator[str]:
        before = picture(self.project.folder)
        ran = self.project.build("--check", _QUIET)
        if picture(self.project.folder) != before:
            yield "--check changed something"
        if ran.exit not in (0, 3) or "Traceback" in ran.said:
            yield f"--check: exit code {ran.exit}: {ran.said[-300:]}"

    def _lost(self, after: Picture) -> Iterator[str]:
        lost = {path: seen for path, seen in self.person.theirs.items() if after.get(path) != seen}
        for path, seen in lost.items():
            yield f"{path} was a person's {seen}, and is {after.get(path)}"
            del self.person.theirs[path]  # told once

    def _wrong(self, after: Picture, wanted: Picture) -> Iterator[str]:
        """What is not as a build that says all is well leaves it."""
        for path, seen in wanted.items():
            if stat.S_ISREG(seen.mode) and not _same(after.get(f"{LIVE}/{path}"), seen):
                yield f"{path} is not what was built"
        yield from (f"litter: {path}" for path in after if path.startswith("deploy/.servespec-"))
        if (check := self.project.build("--check", _QUIET)).exit != 0:
            yield f"it says that all is well, and --check does not: {check.said[-300:]}"


def _same(found: Seen | None, wanted: Seen) -> bool:
    """Content, kind and the owner's executable bit; what else a person gave a file of ours as its mode may stay."""
    if found is None or stat.S_IFMT(found.mode) != stat.S_IFMT(wanted.mode):
        return False
    return found.content == wanted.content and found.mode & 0o100 == wanted.mode & 0o100
