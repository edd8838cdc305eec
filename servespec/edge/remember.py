"""The fast path's memory: what a run came to, for as long as nothing that it read or wrote has changed.

It is disposable, lies outside of every output, and is never trusted when in doubt. It holds paths, numbers and
the outcome that the caller gave. Only light modules are imported: a run that recalls does little else.

When a path may be trusted. Stat data proves that a file is unchanged only if a change after the run began
would have changed it. A time stamp comes from a clock that ticks (Linux: every 1 to 10 ms), so a file saved just
after the run read it can bear a stamp from before the run. Hence a path whose newest stamp is not older than the
start of the run by two of the longest ticks (20 ms) is not remembered; where stamps are whole seconds, as on FAT,
HFS+ and ext3, the distance is the coarsest of them, two seconds. So the run that writes an output remembers nothing;
the next, which finds nothing to do, does.
"""

from __future__ import annotations

import os
import sys
import time
import zlib

TYPE_CHECKING = False  # start-up: importing typing takes longer than a recall
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_STARTED = time.time_ns()
_TICK = 20_000_000
_COARSE_TICK = 2_000_000_000
_SECOND = 1_000_000_000

_FORMAT = "servespec-memory-1"
_ABSENT = "-"
_MOST = 4096
_PRUNED_TO = 3072
_PRUNE_EVERY = 64

_fingerprint: list[str] = []


def recall(key: str) -> str | None:
    """The outcome remembered under `key`; None unless every path and servespec itself are as they were."""
    memory = _load(key)
    if memory is None:
        return None
    generator, outcome, *pairs = memory
    if generator != _generator():
        return None
    for path, then in zip(pairs[::2], pairs[1::2], strict=True):
        if _stamp(path)[0] != then:
            return None
    return outcome


def remember(key: str, paths: Iterable[Path], outcome: str, *, since: int = _STARTED) -> None:
    """`outcome` can be recalled while all `paths`, also those that are absent, stay as they are.

    `since` is when the run began, in nanoseconds. Where nothing can be stored there is simply no fast path.
    """
    fields = [key, _generator(), outcome]
    for path in paths:
        text = os.path.abspath(path)
        stamp, newest = _stamp(text)
        newest = newest or _emptied(text)
        if newest > since - (_TICK if newest % _SECOND else _COARSE_TICK):
            return
        fields += (text, stamp)
    if not any("\0" in field for field in fields):
        _store(key, "\0".join(fields))


def _stamp(path: str) -> tuple[str, int]:
    """Everything that would change with the path, and the newest time in it; 0 when nothing is there."""
    try:
        info = os.lstat(path)
    except OSError as error:
        return f"{_ABSENT}{error.errno}", 0
    stamp, newest = _numbers(info), max(info.st_mtime_ns, info.st_ctime_ns)
    if info.st_mode & 0o170000 != 0o120000:
        return stamp, newest
    # A link: what it leads to counts as well.
    try:
        there = os.stat(path)
    except OSError as error:
        return f"{stamp} {_ABSENT}{error.errno}", newest
    return f"{stamp} {_numbers(there)}", max(newest, there.st_mtime_ns, there.st_ctime_ns)


def _emptied(path: str) -> int:
    """When the folder in which `path` is absent last changed: it may have been there when the run looked."""
    while not (newest := _stamp(path)[1]) and path != os.path.dirname(path):
        path = os.path.dirname(path)
    return newest


def _numbers(info: os.stat_result) -> str:
    return f"{info.st_mtime_ns} {info.st_ctime_ns} {info.st_size} {info.st_ino} {info.st_mode}"


def _generator() -> str:
    """What changes with servespec, its templates and schema, its Python, or the packages installed beside it."""
    if not _fingerprint:
        package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        # `package_data.root()` says the same, at the price of importing pathlib.
        beside = [] if os.path.isdir(f"{package}/_data") else [f"{package}/../templates", f"{package}/../schema"]
        lines = [line for folder in (package, *beside) for line in _files(folder)]
        # Installing a package touches the folder it is installed into.
        installed = [place for place in sys.path if place.endswith(("site-packages", "dist-packages"))]
        lines += [f"{place} {_stamp(place)[0]}" for place in installed]
        text = "\n".join((sys.version, *sorted(lines)))
        _fingerprint.append(_sum(os.fsencode(text)))
    return _fingerprint[0]


def _files(folder: str) -> list[str]:
    """A line for each file below a folder. There are hundreds: what is done for one of them counts."""
    lines: list[str] = []
    try:
        entries = os.scandir(folder)
    except OSError:
        return lines  # an installed package has no folders beside it; what cannot be read was not used
    with entries:
        for entry in entries:
            if not entry.is_dir():
                lines.append(f"{entry.path} {_change(entry)}")
            elif entry.name != "__pycache__":
                lines += _files(entry.path)
    return lines


def _change(entry: os.DirEntry[str]) -> str:
    try:
        return _numbers(entry.stat())
    except OSError:
        return _ABSENT  # a link to nowhere, such as an editor's lock


def _load(key: str) -> list[str] | None:
    """The fields after the key, none missing; None for whatever is not a whole memory of ours."""
    try:
        fd = os.open(_place(key), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None  # nothing remembered, or nowhere to remember
    try:
        info = os.fstat(fd)
        # In a cache folder that others can write to, somebody could plant "nothing to do".
        data = os.read(fd, info.st_size + 1) if info.st_uid == os.geteuid() else b""
    except OSError:
        return None
    finally:
        os.close(fd)
    head, _, body = data.partition(b"\n")
    if head != _head(body):
        return None
    fields = os.fsdecode(body).split("\0")
    return fields[1:] if len(fields) >= 3 and len(fields) % 2 == 1 and fields[0] == key else None


def _store(key: str, text: str) -> None:
    place = _place(key)
    # The same for all, so that one that was killed leaves nothing that the next does not take: where two write at once,
    # what comes of it is a whole memory or none.
    passing = f"{place}.new"
    body = os.fsencode(text)
    try:
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        fd = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(_head(body) + b"\n" + body)
        os.replace(passing, place)
        if zlib.crc32(key.encode(errors="surrogateescape")) % _PRUNE_EVERY == 0:
            _prune(os.path.dirname(place))
    except OSError:
        _drop(passing)  # a cache that cannot be written is no cache: the run itself was fine


def _drop(passing: str) -> None:
    try:
        os.unlink(passing)
    except OSError:
        return  # it is not there, or stays until it is pruned


def _prune(folder: str) -> None:
    with os.scandir(folder) as entries:
        places = [entry.path for entry in entries]
    if len(places) > _MOST:
        places.sort(key=lambda place: _stamp(place)[1])
        for place in places[: len(places) - _PRUNED_TO]:
            os.unlink(place)


def _place(key: str) -> str:
    cache = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG base directory specification: a relative path is to be ignored.
    home = cache if os.path.isabs(cache) else os.path.expanduser("~/.cache")
    return os.path.join(home, "servespec", "memory", _sum(os.fsencode(key)))


def _head(body: bytes) -> bytes:
    return f"{_FORMAT} {len(body)} {_sum(body)}".encode()


def _sum(data: bytes) -> str:
    # Against accidents only; hashlib would cost more to import than all else here. Keys are compared in full.
    return f"{zlib.crc32(data):08x}{zlib.adler32(data):08x}"
