"""Each call with which a build changes the disk is killed, refused, or the first of many on a disk that is full."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from trust.rows import Row, Scale
from trust.strace import Call, Traced
from trust.writing import scenes
from trust.writing.project import NAME, SERVESPEC, Picture, Project, Ran, compiled, picture, servespec
from trust.writing.scenes import HIDDEN, SCENES, Scene

_FAULTS = ("kill", "ENOSPC", "EIO", "EACCES", "full")
_GROWING = ("write", "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat", "rename", "renameat", "fsync")
"""What fails on a disk that is full from some moment on; a name may still be removed."""


@dataclass
class Found:
    """How much was tried, and what was wrong."""

    tried: int = 0
    calls: int = 0
    wrong: list[str] = field(default_factory=list)


def run(scale: Scale, program: Sequence[str] = SERVESPEC, chosen: Sequence[Scene] = SCENES) -> Iterator[Row]:
    """A row a scene."""
    compiled()
    for scene in chosen[:: scale.of(3, 1)]:
        began = time.monotonic()
        shares = scale.of(1, len(os.sched_getaffinity(0)))
        work = partial(_share, scene, tuple(program), scale=scale, shares=shares)
        with ProcessPoolExecutor(shares, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(work, range(shares)))
        wrong = tuple(line for part in parts for line in part.wrong)
        tried = f"{parts[0].calls} calls, {sum(part.tried for part in parts)} faults at them"
        yield Row(
            f"the old tree or the new one, and the next run heals: {scene.name}",
            tried, len(wrong), 0, time.monotonic() - began, wrong,
        )  # fmt: skip


def _share(scene: Scene, program: tuple[str, ...], share: int, *, scale: Scale, shares: int) -> Found:
    with tempfile.TemporaryDirectory(prefix="servespec-faults-") as folder:
        stage = Stage(scene, Project(Path(folder)), program)
        pairs = [(call, fault) for call in stage.calls for fault in _FAULTS if fault != "full" or call.name in _GROWING]
        mine = pairs[share :: shares * scale.of(len(pairs) // 4, 1)]
        found = Found(len(mine), len(stage.calls))
        for call, fault in mine:
            found.wrong += [f"{scene.name}: {fault} at {call}: {line}" for line in stage.attempt(call, fault)]
        return found


class Stage:
    """A scene that is set again and again."""

    def __init__(self, scene: Scene, project: Project, program: tuple[str, ...]) -> None:
        self.scene, self.project, self.program = scene, project, program
        scene.prepare(project)
        self._kept = project.root / "kept"
        shutil.copytree(project.folder, self._kept, symlinks=True)
        scene.before(project)
        self.old = _settled(picture(project.folder), apart=scene.apart)
        self._made = scenes.undisturbed(project, scene.command, scene.always, program)
        failing = {item.partition(":")[0] for item in scene.always}
        self.calls = [call for call in self._made if call.changes and call.name not in failing]
        self.new: Picture = picture(project.folder)

    def attempt(self, call: Call, fault: str) -> Iterator[str]:
        """What is wrong after a fault at a call, and after the next run."""
        self._reset()
        ran = scenes.run(self.project, self.scene.command, self._injections(call, fault), (call.name,), self.program)
        self._require_hit(ran, call, fault)
        yield from self._wrong(ran, fault)
        again = self._again()
        after = picture(self.project.folder)
        if again.exit != 0:
            yield f"the next run exits with {again.exit}: {again.said[-300:]}"
        if after != self.new:
            yield f"the next run leaves {_difference(after, self.new)}"
        if litter := sorted(path.name for path in (self.project.root / "passing").iterdir()):
            yield f"litter in TMPDIR: {litter}"

    def _reset(self) -> None:
        for folder in (self.project.folder, self.project.root / "cache"):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._kept, self.project.folder, symlinks=True)
        self.scene.before(self.project)

    def _again(self) -> Ran:
        project = self.project
        return servespec(*self.scene.command, cwd=project.folder, environment=project.environment)

    def _injections(self, call: Call, fault: str) -> tuple[str, ...]:
        if fault == "kill":
            return (*self.scene.always, f"{call.name}:signal=KILL:when={call.number}")
        if fault != "full":
            return (*self.scene.always, f"{call.name}:error={fault}:when={call.number}")
        before = Counter(made.name for made in self._made[: self._made.index(call)])
        first = {name: before[name] + 1 for name in _GROWING}
        always = {item.partition(":")[0] for item in self.scene.always}
        full = (f"{name}:error=ENOSPC:when={number}+" for name, number in first.items() if name not in always)
        return (*self.scene.always, *full)

    def _require_hit(self, ran: Traced, call: Call, fault: str) -> None:
        """A fault that struck elsewhere proves nothing."""
        calls = [made for made in ran.calls if made.name == call.name]
        hit = calls[-1] if fault == "kill" else next((made for made in calls if made.injected), None)
        if hit is None or (hit.number, hit.paths) != (call.number, call.paths):
            raise RuntimeError(f"{fault} was meant for {call}, and struck {hit}")

    def _wrong(self, ran: Traced, fault: str) -> Iterator[str]:
        wanted = (-9,) if fault == "kill" else (0, 5)
        if ran.exit not in wanted or "Traceback" in ran.said:
            yield f"it exits with {ran.exit}: {ran.said[-300:]}"
        now = _settled(picture(self.project.folder), apart=self.scene.apart)
        paths = {*now, *self.old, *self.new}
        if torn := [path for path in paths if now.get(path) not in (self.old.get(path), self.new.get(path))]:
            yield f"torn: {sorted(torn)[:6]}"
        elif self.scene.together and now not in (self.old, self.new):
            yield f"mixed: {_difference(now, self.new)}"
        if ran.exit == 0 and now != self.new:
            yield "it says that all is well, and the new tree is not there"
        if "nothing was changed" in ran.said and now != self.old:
            yield "it says that nothing was changed, and something was"


def _settled(found: Picture, *, apart: bool) -> Picture:
    """The picture without what servespec keeps beside its work."""
    live, aside = f"deploy/{NAME}", f"deploy/.servespec-{NAME}.old"
    if apart and live not in found:
        found = {path.replace(aside, live, 1) if path.startswith(aside) else path: seen for path, seen in found.items()}
    hidden = _hidden(found)
    rest = {path: seen for path, seen in found.items() if path not in hidden}
    if not any(path.startswith("deploy/") for path in rest):
        rest.pop("deploy", None)  # made for what was to come
    return rest


def _hidden(found: Picture) -> set[str]:
    return {path for path in found if any(part.startswith(HIDDEN) for part in path.split("/"))}


def _difference(one: Picture, other: Picture) -> list[str]:
    """The paths at which the pictures differ, a few of them."""
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))[:6]
