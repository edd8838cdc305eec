"""What is prepared against servespec: links and names in its output, and texts of a spec of which paths are made."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from trust.writing.project import NAME, Project

THEIRS = b"a person's"
"""What is in a file outside."""

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


_NO_JOURNALS = (
    "[]",
    "{}",
    '{"root": 1, "linked": 5, "copied": {}, "replaced": {}, "written": {}}',
    '{"root": 1, "linked": {"a": 5}, "copied": {}, "replaced": {}, "written": {}}',
    '{"root": 1, "linked": {}, "copied": {"a": [[1, 2, 3]]}, "replaced": {}, "written": {}}',
    '{"root": 1, "linked": {}, "copied": {}, "replaced": [[1, 2]], "written": 5}',
    "[" * 100_000,
)
"""What anybody can commit as the record of a build that was killed, and no build has written."""


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
    for record in _NO_JOURNALS:
        yield Layout(f"a journal that says {record[:60]}", partial(_no_journal, record=record))
    for path in _UPWARDS:
        yield Layout(f"the manifest says that {path!r} is ours", partial(_claim, path=path))
        for line in _LINES:
            text = line.format(json.dumps(path))
            yield Layout(f"the spec says {text}", partial(_say, line=text))


def _planted(act: Callable[[Path, Path], None], place: str, to: str = "") -> Callable[[Project, Path], None]:
    """The act, of a path from the output folder on and one from the folder outside on."""
    return lambda project, outside: act(project.out / place, outside / to)


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


def _no_journal(project: Project, _: Path, record: str) -> None:
    shutil.copytree(project.live, project.out / f".servespec-{NAME}.new")
    (project.out / f".servespec-{NAME}.journal").write_text(record)


def _claim(project: Project, outside: Path, path: str) -> None:
    """The manifest knows files outside by their bytes, which no spec makes any more."""
    for folder in (project.out, project.folder, outside):
        (folder / "victim").write_bytes(THEIRS)
    manifest = project.live / ".servespec.json"
    record = json.loads(manifest.read_text())
    record["files"][path] = {"sha256": hashlib.sha256(THEIRS).hexdigest()}
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
