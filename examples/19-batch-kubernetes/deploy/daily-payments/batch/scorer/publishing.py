"""Where results are put together, and the one step in which readers see them.

On a file system a folder is made ready beside the old one, and they change places in one call; the name of each data
file ends with its digest, so that nobody takes a file of one run for that of another. On object storage, where nothing
changes places, each run has a prefix of its own below `runs/`, and `_current.json` says which one is meant.

A reader takes `_manifest.json` (on object storage the one that `_current.json` points to), then just the files that
are listed there; if one of them is gone, a newer run has taken its place, and the manifest is read again.
"""

import ctypes
import fcntl
import json
import os
import posixpath
import shutil

from pyarrow import fs

from scorer.failure import BUSY, STORAGE, Failure

MANIFEST, SUCCESS, CURRENT = "_manifest.json", "_SUCCESS", "_current.json"
RUN = "_run.json"  # which run it was and how long it took, which is another time every time
REPORT = "_part-"
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h


class Staging:
    """A folder that is being made ready."""

    def __init__(self, system, path):
        self.system, self.path = system, path

    def clear(self, *prefixes):
        """Remove what an earlier try left: everything, or the files whose names begin in one of these ways."""
        for item in self.system.get_file_info(fs.FileSelector(self.path, allow_not_found=True)):
            if item.is_file and item.base_name.startswith(prefixes or ""):
                self.system.delete_file(item.path)
        self.system.create_dir(self.path, recursive=True)

    def open(self, name):
        return self.system.open_output_stream(posixpath.join(self.path, name), compression=None)

    def seal(self, name, digest):
        """The name of a file that is complete."""
        return name

    def put(self, name, value):
        """A file of JSON."""
        with self.open(name) as stream:
            stream.write(f"{json.dumps(value, indent=2, ensure_ascii=False)}\n".encode())

    def get(self, name):
        """What is in a file of JSON; None when there is none."""
        try:
            with self.system.open_input_stream(posixpath.join(self.path, name), compression=None) as stream:
                return json.loads(stream.read())
        except FileNotFoundError:
            return None

    def complete(self):
        """The marker that all is there."""
        self.put(SUCCESS, {})


class Folder(Staging):
    """On a file system: `.NAME.staging` beside the folder NAME that readers see."""

    def __init__(self, place, run):
        self.target = place.path
        above, name = os.path.split(place.path)
        self._lock_path, self._old = os.path.join(above, f".{name}.lock"), os.path.join(above, f".{name}.old")
        os.makedirs(above, exist_ok=True)
        super().__init__(place.system, os.path.join(above, f".{name}.staging"))
        self._lock = None

    def published(self):
        """The name of the run whose results readers see; None for none."""
        return (Staging(self.system, self.target).get(RUN) or {}).get("name")

    def lock(self, *, shared, wait=False):
        """Keep other runs out until this process ends: all of them, or all but other parts of this one."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Failure(BUSY, f"another run writes to {self.target}: it holds {self._lock_path}") from None
        if not os.path.exists(self._lock_path) or not os.path.samestat(os.fstat(lock), os.stat(self._lock_path)):
            os.close(lock)
            return self.lock(shared=shared, wait=wait)  # a run that has just ended took its lock away
        self._lock = lock  # until this process ends, however it does
        if not os.path.exists(self.target) and os.path.exists(self._old):  # a crash between two renames
            os.rename(self._old, self.target)

    def unlock(self):
        """Others may come, and nothing is left of the lock."""
        os.unlink(self._lock_path)

    def complete(self):
        """Only what readers are to see is left."""
        self.clear(REPORT)
        super().complete()

    def seal(self, name, digest):
        stem, suffix = os.path.splitext(name)
        sealed = f"{stem}-{digest[:12]}{suffix}"
        os.replace(os.path.join(self.path, name), os.path.join(self.path, sealed))
        return sealed

    def publish(self):
        """The folder takes the place of what readers saw."""
        try:
            for entry in os.scandir(self.path):
                _sync(entry.path)
            _sync(self.path)
            if os.path.exists(self.target):
                self._exchange()
            else:
                os.rename(self.path, self.target)
            _sync(os.path.dirname(self.target))
        except OSError as error:
            raise Failure(STORAGE, f"{self.target} can't be replaced: {error}") from None
        for left in (self.path, self._old):
            shutil.rmtree(left, ignore_errors=True)  # nobody reads it, and the next run clears it
        os.unlink(self._lock_path)

    def _exchange(self):
        if exchange(self.path, self.target):
            return
        # Where the system can't exchange: for an instant there is no folder, and never half of one.
        shutil.rmtree(self._old, ignore_errors=True)
        os.rename(self.target, self._old)
        os.rename(self.path, self.target)


class Bucket(Staging):
    """On object storage: a prefix for the run, and an object that points to it, which is replaced in one request.

    There are no locks. Two runs at once don't touch each other's files, and the one that ends last is the one seen.
    """

    def __init__(self, place, run):
        self.target, self._run = place.path, run
        super().__init__(place.system, f"{place.path}/runs/{run}")

    def lock(self, *, shared, wait=False):
        pass

    def unlock(self):
        pass

    def published(self):
        """The name of the run that readers are pointed to; None for none."""
        found = Staging(self.system, self.target).get(CURRENT)
        return found and posixpath.basename(found["run"])

    def publish(self):
        """Readers are pointed to the run. The files of the one before stay, for those who read them now."""
        top = Staging(self.system, self.target)
        before = self.published()
        if before == self._run:
            return  # another part of it was as late, and has done it
        top.put(CURRENT, {"run": f"runs/{self._run}", "manifest": f"runs/{self._run}/{MANIFEST}"})
        keep = {self._run, before}
        for item in self.system.get_file_info(fs.FileSelector(f"{self.target}/runs", allow_not_found=True)):
            if item.type == fs.FileType.Directory and item.base_name not in keep:
                self.system.delete_dir(item.path)


def destination(place, run):
    """The place that results go to, made ready for a run of that name."""
    return Bucket(place, run) if place.remote else Folder(place, run)


def exchange(one, other):
    """Whether two folders changed places: not every system, and not every file system, can do it in one call."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    return rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0


def _sync(path):
    """What was written is on the disk, and not only on its way."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
