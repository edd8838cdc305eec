"""Hostile names and layouts: whatever a spec says and whatever lies in the output, no path outside of it is changed.

Each is built under strace, and each path that a call would change is followed to where it really is. What stands
outside is compared as well.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from trust.rows import Row, Scale
from trust.strace import CHANGING, Traced, traced
from trust.writing.layouts import THEIRS, Layout, layouts
from trust.writing.project import SERVESPEC, Project, compiled, picture


def run(scale: Scale, program: Sequence[str] = SERVESPEC, tried: Sequence[Layout] = ()) -> Iterator[Row]:
    """One row, of the layouts given or of all."""
    began = time.monotonic()
    compiled()
    chosen = tried or tuple(layouts())[:: scale.of(15, 1)]
    calls, wrong = 0, list[str]()
    with tempfile.TemporaryDirectory(prefix="servespec-escape-") as folder:
        attempt = _Attempt(Path(os.path.realpath(folder)), program)
        for layout in chosen:
            for force in ((), ("--force",)):
                made, lines = attempt.of(layout, force)
                calls += made
                wrong += [f"{layout.name}{' with --force' if force else ''}: {line}" for line in lines]
    counted = f"{len(chosen)} layouts and names, with and without `--force`; {calls} paths followed"
    what = "no path outside of the output is opened for writing, named, or removed"
    yield Row(what, counted, len(wrong), 0, time.monotonic() - began, tuple(wrong))


class _Attempt:
    def __init__(self, root: Path, program: Sequence[str]) -> None:
        self.root, self.program = root, program
        self.project = Project(root / "in" / "repository")
        self.project.say("1.0.0", "torchserve", "docker", "compose")
        assert self.project.build().exit == 0
        self._kept = root / "kept"
        shutil.copytree(self.project.folder, self._kept, symlinks=True)
        self._outside = root / "in" / "outside"

    def of(self, layout: Layout, options: Sequence[str]) -> tuple[int, list[str]]:
        """How many paths were followed, and what was wrong."""
        project = self.project
        for folder in (project.folder, self._outside):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._kept, project.folder, symlinks=True)
        self._outside.mkdir()
        (self._outside / "file").write_bytes(THEIRS)
        project.say("2.0.0", "torchserve", "docker", "client")
        layout.plant(project, self._outside)
        before = self._around()
        ran = traced(
            (*self.program, "build", "--no-summary", *options, str(project.folder / "serving.yaml")),
            CHANGING, cwd=project.folder, environment=project.environment,
        )  # fmt: skip
        wrong = list(self._wrong(ran))
        if (after := self._around()) != before:
            wrong.append(
                f"changed: {sorted(path for path in {*before, *after} if before.get(path) != after.get(path))}"
            )
        return len(ran.calls), wrong

    def _around(self) -> dict[str, object]:
        """All that is not the output's, the cache's or a report's; of a folder, that it is there."""
        own = (self.project.out, self.project.root / "cache", self.project.root / "passing")
        names = tuple(str(path.relative_to(self.root)) for path in own)
        return {path: seen for path, seen in picture(self.root).items() if not path.startswith(names)}

    def _wrong(self, ran: Traced) -> Iterator[str]:
        if ran.exit not in (0, 1, 4, 5) or "Traceback" in ran.said:
            yield f"exit code {ran.exit}: {ran.said[-300:]}"
        allowed = (self.project.out, self.project.root / "cache")
        for call in ran.calls:
            if call.changes and call.result.partition(" ")[0] != "-1":
                for path in call.paths:
                    real = Path(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
                    if not any(real == folder or real.is_relative_to(folder) for folder in allowed):
                        yield f"{call} leads to {real}"
