"""The new tree, prepared in a hidden folder beside the live one: what is not ours moves along, ours is written."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable
from contextlib import suppress

from servespec.artifacts import Recipe
from servespec.records import dataclass
from servespec.writer.disk import CHUNK, FOLDER_FLAGS, Live
from servespec.writer.journal import Journal, Stage, stamp
from servespec.writer.tree import MANIFEST
from servespec.writer.types import PlannedFile, State, WritePlan

# Other file systems, other owners (fs.protected_hardlinks), too many links, no links at all.
_NO_LINK = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


def prepare(plan: WritePlan, live: Live, stage: Stage) -> Journal:
    """The journal of a complete new tree at `stage.new`; it is saved, and nothing was changed elsewhere."""
    new = stage.new
    _make_folder(new)
    journal = Journal(root=os.stat(new).st_ino)
    planned = [file for file in plan.files if file.state is not State.UNCHANGED]
    journal.replaced.update((file.path, file.seen) for file in planned if file.seen)
    if live.fd is not None:
        _Carrier(live, journal).carry(live.fd, new)
    hashes = _write(plan, planned, new=new)
    journal.written.update((path, f"sha256:{sha256}") for path, sha256 in hashes.items())
    if live.fd is not None:
        journal.save(stage.journal)
    return journal


@dataclass(frozen=True)
class _Carrier:
    """Moves along what the plan does not touch."""

    live: Live
    journal: Journal

    def carry(self, source: int, target: str, prefix: str = "") -> bool:
        """Whether `target` is wanted: something was carried there, or the folder was empty before."""
        info = os.fstat(source)
        with os.scandir(source) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        wanted = [self._entry(entry, source, target=target, prefix=prefix) for entry in found]
        _resemble(target, info)
        return not found or any(wanted)

    def _entry(self, entry: os.DirEntry[str], source: int, *, target: str, prefix: str) -> bool:
        path, goal = prefix + entry.name, f"{target}/{entry.name}"
        try:
            if entry.is_dir(follow_symlinks=False):
                return self._folder(entry.name, source, goal=goal, path=path)
            if path in self.journal.replaced:
                return False
            self._file(entry.name, source, goal=goal, path=path)
        except OSError as error:
            if error.filename in (None, entry.name):
                error.filename = f"{self.live.path}/{path}"
            raise
        return True

    def _folder(self, name: str, source: int, *, goal: str, path: str) -> bool:
        folder = os.open(name, FOLDER_FLAGS, dir_fd=source)
        try:
            if os.fstat(folder).st_dev != os.fstat(source).st_dev:
                # Carrying would copy a whole file system, and clearing up would empty it.
                raise OSError(errno.EBUSY, "is a mount point")
            os.mkdir(goal, 0o700)
            wanted = self.carry(folder, goal, path + "/")
        finally:
            os.close(folder)
        if not wanted:
            os.rmdir(goal)
        return wanted

    def _file(self, name: str, source: int, *, goal: str, path: str) -> None:
        info = os.stat(name, dir_fd=source, follow_symlinks=False)
        try:
            os.link(name, goal, src_dir_fd=source, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
            _copy(name, source, goal=goal, info=info)
            self.journal.copied[path] = (stamp(info), stamp(os.lstat(goal)))
        else:
            self.journal.linked[path] = stamp(os.lstat(goal))


def _copy(name: str, source: int, *, goal: str, info: os.stat_result) -> None:
    if stat.S_ISLNK(info.st_mode):
        os.symlink(os.readlink(name, dir_fd=source), goal)
    elif stat.S_ISFIFO(info.st_mode):
        os.mkfifo(goal)
    elif stat.S_ISREG(info.st_mode):
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=source)
        with os.fdopen(fd, "rb", buffering=0) as file:
            _pour(iter(lambda: file.read(CHUNK), b""), goal, mode=0o600)
    else:
        raise OSError(errno.ENOTSUP, "cannot be carried along; move it away")
    if not stat.S_ISLNK(info.st_mode):
        _resemble(goal, info)


def _resemble(path: str, info: os.stat_result) -> None:
    made = os.stat(path)
    if (made.st_uid, made.st_gid) != (info.st_uid, info.st_gid):
        with suppress(PermissionError):  # only root gives away; others keep what they copied
            os.chown(path, info.st_uid, info.st_gid)
    os.chmod(path, stat.S_IMODE(info.st_mode))
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))


def _write(plan: WritePlan, planned: Iterable[PlannedFile], *, new: str) -> dict[str, str]:
    """The hash of each file written, by path."""
    hashes: dict[str, str] = {}
    folders: set[str] = set()
    for file in planned:
        if file.after is not None and file.path != MANIFEST:
            chunks = file.after.chunks() if isinstance(file.after, Recipe) else (file.after,)
            _make_parents(file.path, new, known=folders)
            mode = 0o755 if file.executable else 0o644
            hashes[file.path] = _pour(chunks, f"{new}/{file.path}", mode=mode)
    if any(file.path == MANIFEST for file in planned):
        whole = plan.record.completed(hashes).render()
        hashes[MANIFEST] = _pour((whole,), f"{new}/{MANIFEST}", mode=0o644)
    return hashes


def _make_parents(path: str, new: str, *, known: set[str]) -> None:
    parts = path.split("/")[:-1]
    for depth in range(1, len(parts) + 1):
        folder = "/".join(parts[:depth])
        if folder not in known:
            with suppress(FileExistsError):
                _make_folder(f"{new}/{folder}")
            known.add(folder)


def _make_folder(path: str) -> None:
    os.mkdir(path)
    os.chmod(path, 0o755)  # whatever the umask


def _pour(chunks: Iterable[bytes], goal: str, *, mode: int) -> str:
    """The SHA-256 of what is now in the new file `goal`."""
    digest = hashlib.sha256()
    fd = os.open(goal, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        os.fchmod(fd, mode)  # whatever the umask
        for chunk in chunks:
            digest.update(chunk)
            _put(fd, chunk, goal)
    finally:
        os.close(fd)
    return digest.hexdigest()


def _put(fd: int, chunk: bytes, goal: str) -> None:
    rest = memoryview(chunk)
    try:
        while rest:
            rest = rest[os.write(fd, rest) :]
    except OSError as error:
        error.filename = goal
        raise
