"""Hostile names and layouts: whatever a spec says and whatever lies in the output, no path outside of it is changed.

Each is built under strace, and each path that a call would change is followed to where it really is. What stands
outside is compared as well.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from trust.rows import Row, Scale
from trust.strace import CHANGING, Traced, traced
from trust.writing.project import NAME, SERVESPEC, Project, compiled, picture

_FOLDERS = ("docker", "torchserve", "compose", "torchserve/model-store")
_FILES = ("docker/Dockerfile", "torchserve/archive.sh", ".servespec.json", ".gitattributes", "gone/old")
_UPWARDS = (
    "../victim",
    "../../victim",
    "/victim",
    "..",
    ".",
    "a/../../victim",
    "a\\..\\victim",
    "a\n../victim",
    "~/victim",
)


_LINES = (
    "name: {}",
    "release: {}",
    "model: {{format: pytorch, uri: ./model, name: {}}}",
    "environments: {{{}: {{}}}}",
    "model: {{format: pytorch, uri: ./model, extraFiles: [{}]}}",
    "image: {{requirements: {}}}",
    "image: {{requirements: ./requirements.txt, files: {{{}: ./requirements.txt}}}}",
    "variants: [{{name: {0}, weight: 50}}, {{name: b, weight: 50}}]",
)
"""Fields of which paths are made, with a place for a hostile text."""


@dataclass(frozen=True)
class Layout:
    """What is prepared against servespec."""

    name: str
    plant: Callable[[Project, Path], None]
    """Given the project, whose output is as a build left it, and a folder outside of it."""


def layouts() -> Iterator[Layout]:
    """All that is tried."""
    yield Layout("the output folder is a link", _planted(_link, ""))
    yield Layout("the service's folder is a link", _planted(_link, NAME))
    for folder in _FOLDERS:
        yield Layout(f"{folder} is a link", _planted(_link, f"{NAME}/{folder}"))
    for file in _FILES:
        yield Layout(f"{file} is a link", _planted(_link, f"{NAME}/{file}", to="file"))
        yield Layout(f"{file} is a second name", _planted(_second_name, f"{NAME}/{file}", to="file"))
    for end in ("new", "old", "journal"):
        place = f".servespec-{NAME}.{end}"
        yield Layout(f"{place} is a link to a folder", _planted(_link, place))
        yield Layout(f"{place} is a link to a file", _planted(_link, place, to="file"))
    yield Layout("the old tree of a killed build has links", _staged_links)
    yield Layout("a journal of an enemy", _journal)
    for path in _UPWARDS:
        yield Layout(f"the manifest says that {path!r} is ours", partial(_claim, path=path))
        for line in _LINES:
            text = line.format(json.dumps(path))
            yield Layout(f"the spec says {text}", partial(_say, line=text))


def _planted(act: Callable[[Path, Path], None], place: str, to: str = "") -> Callable[[Project, Path], None]:
    """The act, of a path from the output folder on and one from the folder outside on."""
    return lambda project, outside: act(project.out / place, outside / to)


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
        (self._outside / "file").write_text("a person's")
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


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _link(path: Path, to: Path) -> None:
    _remove(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(to)


def _second_name(path: Path, to: Path) -> None:
    _remove(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.link(to, path)


def _staged_links(project: Project, outside: Path) -> None:
    """As if killed after the exchange, with links where folders of the old tree were."""
    old = project.out / f".servespec-{NAME}.new"
    shutil.copytree(project.live, old)
    for folder in ("docker", "torchserve", "elsewhere"):
        _link(old / folder, outside)
    record = {"root": project.live.stat().st_ino, "linked": {}, "copied": {}, "replaced": {}, "written": {}}
    (project.out / f".servespec-{NAME}.journal").write_text(json.dumps(record))


def _journal(project: Project, outside: Path) -> None:
    """It says that files outside are known, and may go."""
    paths = ("../../outside/file", "../../../outside/file", str(outside / "file"))
    shutil.copytree(project.live, project.out / f".servespec-{NAME}.new")
    record = {
        "root": 1,
        "linked": {path: [(outside / "file").stat().st_ino, 10, 1] for path in paths},
        **{"copied": {}, "replaced": dict.fromkeys(paths, "sha256:0"), "written": dict.fromkeys(paths, "sha256:0")},
    }
    (project.out / f".servespec-{NAME}.journal").write_text(json.dumps(record))


def _claim(project: Project, outside: Path, path: str) -> None:
    """The manifest knows a file outside by its bytes, which no spec makes any more."""
    manifest = project.live / ".servespec.json"
    record = json.loads(manifest.read_text())
    record["files"][path] = {"sha256": "0f5a4bb0c2f5a8b8a4a1e2d5e1c4d5a59f4d1f0b9d0b0c3e2a1f0e9d8c7b6a59"}
    manifest.write_text(json.dumps(record))


def _say(project: Project, outside: Path, line: str) -> None:
    """A line takes the place of the block that bears its name."""
    spec = project.folder / "serving.yaml"
    key = line.partition(":")[0]
    blocks: list[list[str]] = []
    for text in spec.read_text().splitlines():
        if text[:1] in (" ", "#", "") and blocks:
            blocks[-1].append(text)
        else:
            blocks.append([text])
    rest = ["\n".join(block) for block in blocks if not block[0].startswith(f"{key}:")]
    spec.write_text("\n".join([*rest, line, ""]))
