"""Four builds at once into one output, of two projects that make different trees, again and again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from trust.rows import Row, Scale
from trust.writing.project import NAME, SERVESPEC, Picture, Project, compiled, picture

_AT_ONCE = 4
_PATIENCE = 120
"""Seconds after which a build is taken to wait for a lock that nobody gives back."""


def run(scale: Scale, program: Sequence[str] = SERVESPEC, rounds: int = 0) -> Iterator[Row]:
    """One row."""
    began = time.monotonic()
    compiled()
    rounds = rounds or scale.of(2, 100)
    with tempfile.TemporaryDirectory(prefix="servespec-crowd-") as folder:
        wrong = tuple(_Crowd(Path(folder), program).rounds(rounds))
    tried = f"{_AT_ONCE} builds at once × {rounds}"
    yield Row(
        "builds at once leave a tree that is one of theirs", tried, len(wrong), 0, time.monotonic() - began, wrong
    )


class _Crowd:
    def __init__(self, root: Path, program: Sequence[str]) -> None:
        self.program = program
        self.out = root / "deploy"
        self.projects = [Project(root, name) for name in ("one", "other")]

    def rounds(self, count: int) -> Iterator[str]:
        """What was wrong in each of the rounds."""
        for number in range(count):
            # Neither has an image to build, whose context the output of another project would be out of reach for.
            self.projects[0].say(f"1.{number}.0", "torchserve")
            self.projects[1].say(f"2.{number}.0", *(("torchserve", "client") if number % 2 else ("client",)))
            wanted = [self._alone(project) for project in self.projects]
            for line in self._round(wanted, first=number % 10 == 0):
                yield f"round {number}: {line}"

    def _alone(self, project: Project) -> Picture:
        """The tree that a project makes when nobody else is there; it names its place."""
        aside = project.root / "aside"
        if self.out.exists():
            self.out.rename(aside)
        ran = project.build("--output", str(self.out))
        assert ran.exit == 0, ran.said
        made = picture(self.out)
        shutil.rmtree(self.out)
        if aside.exists():
            aside.rename(self.out)
        return made

    def _round(self, wanted: Sequence[Picture], *, first: bool) -> Iterator[str]:
        if first:
            shutil.rmtree(self.out, ignore_errors=True)  # builds that all make the folder are tried too
        builds = [self._start(self.projects[index % 2]) for index in range(_AT_ONCE)]
        for build in builds:
            try:
                said, _ = build.communicate(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                build.kill()
                build.communicate()
                yield f"a build still waits after {_PATIENCE} s"
                continue
            if build.returncode != 0:
                yield f"a build exits with {build.returncode}: {said[-300:]}"
        there = sorted(os.listdir(self.out)) if self.out.exists() else []
        if there != [NAME]:
            yield f"in the output is {there}"
        if (found := picture(self.out)) not in wanted:
            yield f"a tree that nobody made: {sorted(found)}"

    def _start(self, project: Project) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.program, "build", "--no-summary", "--output", str(self.out), str(project.folder / "serving.yaml")],
            cwd=project.folder, env=project.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
