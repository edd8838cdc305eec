"""Where results are put together, and the one step in which readers see them.

Each run that has a name has a place of its own to put them together, so that runs at once don't touch each other's files.
What readers see is never written to again: a step that is done again after its run was published works beside it.

On a file system a folder is made ready in `.NAME.staging` beside the folder NAME, and they change places in one call; the
name of each data file ends with its digest, so that nobody takes a file of one run for that of another. On object
storage, where nothing changes places, a run has a prefix below `runs/`, and `_current.json` says which one is meant.

A reader takes `_manifest.json` (on object storage the one that `_current.json` points to), then just the files that
are listed there; if one of them is gone, a newer run has taken its place, and the manifest is read again.
"""

import ctypes
import datetime as dt
import fcntl
import json
import os
import posixpath
import shutil
from contextlib import suppress

from pyarrow import fs

from scorer.failure import BUSY, STORAGE, Failure

MANIFEST, SUCCESS, CURRENT = "_manifest.json", "_SUCCESS", "_current.json"
RUN = "_run.json"  # which run it is, and how long it took, which is another time every time
REPORT = "_part-"
PASSED = "_passed"  # the gates are behind it, and readers don't see it yet
_UNNAMED = ".unnamed"  # no run has a name with a dot first
_GIVEN_UP = dt.timedelta(days=30)  # how long nothing was written to a run that nobody will go on with
_TRIES = 4  # to read what others replace or remove meanwhile: a run does so a few times in its life
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h


class Staging:
    """A folder that is being made ready."""

    def __init__(self, system, path):
        self.system, self.path = system, path

    def clear(self, *prefixes):
        """Remove what an earlier try left: everything, or the files whose names begin in one of these ways."""
        for item in self.files():
            if item.base_name.startswith(prefixes or ""):
                with suppress(FileNotFoundError):  # another part has done it
                    self.system.delete_file(item.path)
        self.system.create_dir(self.path, recursive=True)

    def files(self):
        found = self.system.get_file_info(fs.FileSelector(self.path, allow_not_found=True))
        return [item for item in found if item.is_file]

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
        """What is in a file of JSON; None when there is none.

        Object storage is asked for a file's size first, and then for so many bytes: of a file that was replaced between
        the two that is a piece, or too much, and of one that was removed there is an error. It is asked again then.
        """
        path = posixpath.join(self.path, name)
        for left in reversed(range(_TRIES)):
            try:
                stream = self.system.open_input_stream(path, compression=None)
            except FileNotFoundError:
                return None
            try:
                with stream:
                    return json.loads(stream.read())
            except OSError:
                if not left:
                    raise
            except ValueError:
                if not left:
                    raise Failure(STORAGE, f"{path} is not what a scorer writes there") from None

    def is_given_up(self, now):
        """Whether nothing was written to it for so long that nobody will go on with it; `now` by the storage's clock."""
        times = [item.mtime for item in self.files()]
        return bool(times) and now - max(times) > _GIVEN_UP


class Folder(Staging):
    """On a file system: a folder for the run in `.NAME.staging`, beside the folder NAME that readers see."""

    def __init__(self, place, run):
        self.target = place.path
        above, name = os.path.split(place.path)
        self._lock_path, self._old = os.path.join(above, f".{name}.lock"), os.path.join(above, f".{name}.old")
        self._runs = os.path.join(above, f".{name}.staging")
        os.makedirs(above, exist_ok=True)
        # A run without a name is one process, or steps that nobody does twice at once: one place will do for all.
        super().__init__(place.system, os.path.join(self._runs, run or _UNNAMED))
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
        if not self._is_at(lock):
            os.close(lock)
            return self.lock(shared=shared, wait=wait)  # a run that has just ended took its lock away
        self._lock = lock  # until this process ends, however it does
        if not os.path.exists(self.target) and os.path.exists(self._old):  # a crash between two renames
            os.rename(self._old, self.target)

    def _is_at(self, lock):
        try:
            return os.path.samestat(os.fstat(lock), os.stat(self._lock_path))
        except FileNotFoundError:
            return False

    def leave(self):
        """Others may come, and nothing is left of the run but what readers see."""
        for left in (self.path, self._old):
            shutil.rmtree(left, ignore_errors=True)  # nobody reads it, and the next run clears it
        with suppress(OSError):  # other runs are there
            os.rmdir(self._runs)
        os.unlink(self._lock_path)

    def seal(self, name, digest):
        stem, suffix = os.path.splitext(name)
        sealed = f"{stem}-{digest[:12]}{suffix}"
        os.replace(os.path.join(self.path, name), os.path.join(self.path, sealed))
        return sealed

    def put(self, name, value):
        """A file of JSON that is whole as soon as it has its name: other parts look for it."""
        super().put(f".{name}", value)
        os.replace(os.path.join(self.path, f".{name}"), os.path.join(self.path, name))

    def publish(self):
        """The folder takes the place of what readers saw. What the parts told stays in it until then: with it, a part that
        is tried again because this process was killed knows that it has to publish."""
        self.put(SUCCESS, {})
        try:
            for entry in os.scandir(self.path):
                _sync(entry.path)
            _sync(self.path)
            if os.path.exists(self.target):
                # A crash may have left more. What comes back from there must not look as if it waited to be published.
                self._forget()
                self._exchange()
            else:
                os.rename(self.path, self.target)
            self._forget()
            _sync(os.path.dirname(self.target))
        except OSError as error:
            raise Failure(STORAGE, f"{self.target} can't be replaced: {error}") from None
        self._sweep()
        self.leave()

    def _forget(self):
        """Of what readers see, only what they are to see stays."""
        Staging(self.system, self.target).clear(PASSED, REPORT)

    def _exchange(self):
        if exchange(self.path, self.target):
            return
        # Where the system can't exchange: for an instant there is no folder, and never half of one.
        shutil.rmtree(self._old, ignore_errors=True)
        os.rename(self.target, self._old)
        os.rename(self.path, self.target)

    def _sweep(self):
        now = self.system.get_file_info(os.path.join(self.target, SUCCESS)).mtime
        for run in os.scandir(self._runs):
            if run.is_dir() and Staging(self.system, run.path).is_given_up(now):
                shutil.rmtree(run.path, ignore_errors=True)


class Bucket(Staging):
    """On object storage: a prefix for the run, and an object that points to it, which is replaced in one request.

    There are no locks. Of two runs at once the one that ends last is the one seen. When steps of a run that was
    published are done again, they have another prefix, whose name ends with a number.
    """

    def __init__(self, place, run):
        self.target, self._top, self._name = place.path, Staging(place.system, place.path), run
        super().__init__(place.system, place.path)
        last = max((number for name in self._runs() if (number := _number(name, run))), default=1)
        name = f"{run}--{last}" if last > 1 else run
        self.path = self._at(f"{run}--{last + 1}" if self._was_seen(name) else name)

    def _at(self, name):
        return f"{self.target}/runs/{name}"

    def _runs(self):
        found = self.system.get_file_info(fs.FileSelector(f"{self.target}/runs", allow_not_found=True))
        return [item.base_name for item in found if item.type == fs.FileType.Directory]

    def _seen(self):
        """The prefix that readers are pointed to; None for none."""
        found = self._top.get(CURRENT)
        return found and posixpath.basename(found["run"])

    def _was_seen(self, name):
        """Whether readers are, or once were, pointed to a prefix."""
        return self._seen() == name or Staging(self.system, self._at(name)).get(SUCCESS) is not None

    def clear(self, *prefixes):
        # Until there is a pointer, it is by this that a scorer which reads the results knows a run that is not seen yet.
        self.system.create_dir(self.path, recursive=True)
        self.put(RUN, {"name": self._name})
        super().clear(*prefixes)

    def files(self):
        """All but what says which run it is: that is there from the first file to the last."""
        return [item for item in super().files() if item.base_name != RUN]

    def lock(self, *, shared, wait=False):
        pass

    def leave(self):
        pass

    def published(self):
        """The name of the run that readers are pointed to; None for none."""
        seen = self._seen()
        return seen and (Staging(self.system, self._at(seen)).get(RUN) or {}).get("name")

    def publish(self):
        """Readers are pointed to the run. The files of the one before stay, for those who read them now."""
        own, before = posixpath.basename(self.path), self._seen()
        if self._was_seen(own):
            return  # another part of it was as late, and has done it
        self._top.put(CURRENT, {"run": f"runs/{own}", "manifest": f"runs/{own}/{MANIFEST}"})
        self.put(SUCCESS, {})
        self._sweep({own, before})

    def _sweep(self, kept):
        """Remove what nobody reads. Runs that were not seen yet may be at work."""
        now = self.system.get_file_info(f"{self.target}/{CURRENT}").mtime
        runs = [(name, Staging(self.system, self._at(name))) for name in self._runs() if name not in kept]
        over = [(name, run) for name, run in runs if run.get(SUCCESS) is not None or run.is_given_up(now)]
        seen = self._seen()  # asked last: what has been seen by now and is not seen any more will not be again
        for name, run in over:
            if name != seen:
                with suppress(FileNotFoundError):  # another part has done it
                    self.system.delete_dir(run.path)


def _number(name, run):
    """Which prefix of a run it is, from 1; None for one of another run."""
    given, _, number = name.rpartition("--")
    if name == run:
        return 1
    return int(number) if given == run and number.isdecimal() else None


def destination(place, given):
    """The place that results go to, made ready for the run that is given."""
    return Bucket(place, given.name) if place.remote else Folder(place, given.run)


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
