"""Looking at the paths that a deployment names. Nothing is imported, unpacked or followed out of the repository."""

from __future__ import annotations

import errno
import hashlib
import os
import posixpath
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from servespec.deployment.layout import MLMODEL
from servespec.facts import Depth, Facts, FileFact, Kind, Wanted
from servespec.records import replace

GIT = ".git"
"""What stands at a repository's root."""

_TEXT_LIMIT = 1 << 20
_LFS = b"version https://git-lfs.github.com/spec/"
# A zip's directory of names stands at its end; TorchScript keeps its code below `<name>/code/`.
_ZIP_TAIL = 1 << 16
_ZIP_START = b"PK\x03\x04"
_TORCHSCRIPT = b"/code/__torch__"
_MOST_LINKS = 40  # as the kernel has it, should they change while they are followed
_SOURCES = (".py", ".txt", ".yaml", ".yml")


def gather(project: Path, wanted: Iterable[Wanted]) -> Facts:
    """What stands at the wanted paths of the project folder."""
    project = project.resolve()
    inside = repository(project)
    files: dict[str, FileFact] = {}
    wanted = tuple(wanted)
    for item in wanted:
        for fact in _look(project, item, inside):
            known = files.get(fact.path)
            if known is None or not known.sha256:
                files[fact.path] = fact
    for item in wanted:
        files.update(_asked(project, item, files))
    return Facts(files)


def _asked(project: Path, wanted: Wanted, files: Mapping[str, FileFact]) -> dict[str, FileFact]:
    """The facts about the models that a path stands for, with what these say of themselves."""
    there = files[wanted.path]
    if wanted.model is None or there.kind not in (Kind.FILE, Kind.FOLDER):
        return {}
    from servespec.edge.models import said  # start-up: most readers of model files are for no model at hand

    return {path: replace(files[path], model=model) for path, model in said(project, wanted, files)}


def repository(project: Path) -> Path:
    """The root of the repository that holds the project folder, or the folder itself."""
    resolved = project.resolve()
    for folder in (resolved, *resolved.parents):
        if (folder / GIT).exists():
            return folder
    return resolved


def leads_out(path: Path, project: Path) -> bool:
    """Whether what stands at a path of the project folder is really outside of its repository."""
    return not _is_below(repository(project), os.path.realpath(path))


def _look(project: Path, wanted: Wanted, inside: Path, *, above: frozenset[Path] = frozenset()) -> Iterator[FileFact]:
    fact = _fact(project / wanted.path, wanted, inside)
    if fact.kind is Kind.MISSING:
        yield from _beside(project, wanted.path, inside)
    if fact.kind is not Kind.FOLDER or wanted.depth is Depth.STAT:
        yield fact
        return
    folder = (project / wanted.path).resolve()
    if folder in above:  # a link to a folder that it stands in: no end of files
        yield FileFact(wanted.path, Kind.OTHER)
        return
    yield fact
    for child in fact.children:
        below = Wanted(f"{wanted.path}/{child}".removeprefix("./").rstrip("/"), wanted.depth)
        if wanted.depth in (Depth.TREE, Depth.SOURCES):
            yield from _look(project, below, inside, above=above | {folder})
        elif not child.endswith("/"):
            yield _fact(project / below.path, below, inside)


def _beside(project: Path, missing: str, inside: Path) -> Iterator[FileFact]:
    """The folder in which a path is missing: what was meant may stand there."""
    folder = posixpath.dirname(missing) or "."
    fact = _fact(project / folder, Wanted(folder, Depth.STAT), inside)
    if fact.kind is Kind.FOLDER:
        yield fact


def _fact(path: Path, wanted: Wanted, inside: Path) -> FileFact:
    try:
        status, real = path.stat(), os.path.realpath(path)
        if not _is_below(inside, real):
            return FileFact(wanted.path, Kind.OUTSIDE)
        way = _way(path, wanted.path) if real != str(path) else ()
        if stat.S_ISDIR(status.st_mode):
            return FileFact(wanted.path, Kind.FOLDER, children=_children(path), way=way)
        if stat.S_ISREG(status.st_mode):
            fact = _file(path, status, wanted)
            return replace(fact, way=way) if way else fact
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            return FileFact(wanted.path, Kind.DANGLING, way=_way(path, wanted.path))
        return FileFact(wanted.path, Kind.MISSING)
    except OSError as failure:
        # No file has a name that no file can have.
        return FileFact(wanted.path, Kind.MISSING if failure.errno == errno.ENAMETOOLONG else Kind.UNREADABLE)
    except ValueError:  # a NUL in the path
        return FileFact(wanted.path, Kind.UNREADABLE)
    return FileFact(wanted.path, Kind.OTHER)


def _way(path: Path, named: str) -> tuple[str, ...]:
    """The links on the way to a path that is named from the project folder, and where the last one ends; nothing for an
    absolute one, which no build can read."""
    if named.startswith("/"):
        return ()
    project = path.parents[named.count("/")]
    way: list[str] = []
    done, left = "", named.split("/")
    while left and len(way) < _MOST_LINKS:
        done = posixpath.normpath(posixpath.join(done, left.pop(0)))
        if (project / done).is_symlink():
            way.append(done)
            to = os.readlink(project / done)
            if to.startswith("/"):
                return (*way, to)
            done, left = posixpath.dirname(done), [*to.split("/"), *left]
    return (*way, done)


def _is_below(folder: Path, real: str) -> bool:
    return real == str(folder) or real.startswith(os.path.join(folder, ""))


def _children(folder: Path) -> tuple[str, ...]:
    """What a folder lists, but for what Python puts into it: that is in no checkout."""
    with os.scandir(folder) as entries:
        found = [entry.name + ("/" if entry.is_dir() else "") for entry in entries]
    return tuple(sorted(name for name in found if name != "__pycache__/"))


def _file(path: Path, status: os.stat_result, wanted: Wanted) -> FileFact:
    executable = bool(status.st_mode & stat.S_IXUSR)
    small = status.st_size <= _TEXT_LIMIT
    code = small and path.suffix not in (".pt", ".pth") and (wanted.depth is not Depth.SOURCES or _is_source(path))
    if wanted.depth in (Depth.STAT, Depth.LISTED) or not (code or wanted.depth in (Depth.TREE, Depth.BYTES)):
        return FileFact(
            wanted.path,
            Kind.FILE,
            status.st_size,
            executable=executable,
            torchscript=_is_torchscript(path, status.st_size),
            lfs_pointer=_is_lfs_pointer(path, status.st_size),
        )
    data = path.read_bytes() if small else b""
    return FileFact(
        wanted.path,
        Kind.FILE,
        status.st_size,
        sha256=hashlib.sha256(data).hexdigest() if small else _digest(path),
        text=_text(data) if small else None,
        executable=executable,
        torchscript=_is_torchscript(path, status.st_size),
        lfs_pointer=data.startswith(_LFS),
    )


def _is_source(path: Path) -> bool:
    return path.suffix in _SOURCES or path.name == MLMODEL


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_lfs_pointer(path: Path, size: int) -> bool:
    if size > 1024:  # the specification of pointers: under 1024 bytes
        return False
    with path.open("rb") as stream:
        return stream.read(len(_LFS)) == _LFS


def _is_torchscript(path: Path, size: int) -> bool:
    if path.suffix not in (".pt", ".pth") or size < len(_ZIP_START):
        return False
    with path.open("rb") as stream:
        if stream.read(len(_ZIP_START)) != _ZIP_START:
            return False
        stream.seek(max(0, size - _ZIP_TAIL))
        tail = stream.read()
    return _TORCHSCRIPT in tail
