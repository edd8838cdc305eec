"""Programs under strace: the calls they make to the system, and one of them that fails, or is the last."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CHANGING = (
    *("open", "openat", "openat2", "creat", "write", "pwrite64", "writev", "pwritev", "truncate", "ftruncate"),
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir", "mknod", "mknodat", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat"),
    *("lchown", "utimensat", "fsync", "fdatasync", "fallocate", "copy_file_range", "sendfile"),
)
"""All with which a program changes what is on a disk; of those that open a file, only some do."""

_OPENS = ("open", "openat", "openat2", "creat")
_CALL = re.compile(r"^(\w+)\((.*)\) += (.*)$")
# A folder's number with its path, or a text; strace writes bytes outside of ASCII, and `>` in a path, in octal.
_PLACE = re.compile(r'(?P<fd>(?:AT_FDCWD|\d+)<(?P<folder>[^>]*)>(?:\(deleted\))?)|"(?P<text>(?:[^"\\]|\\.)*)"')
_TEXT_FIRST = ("symlink", "symlinkat")
"""Calls whose first text is no path that is touched."""


@dataclass(frozen=True)
class Call:
    """One call of a process."""

    name: str
    number: int
    """The how-manieth of that name in its process, from one."""
    arguments: str
    result: str
    paths: tuple[str, ...]
    """What it is about, absolute, with links unresolved."""

    @property
    def changes(self) -> bool:
        """Whether it would change what is on a disk; what goes down a pipe or into a device does not."""
        if not all(path.startswith("/") and not path.startswith(("/dev/", "/proc/")) for path in self.paths):
            return False
        return self.name in CHANGING and (self.name not in _OPENS or bool(_WRITING.search(self.arguments)))

    @property
    def injected(self) -> bool:
        """Whether it failed because it was made to."""
        return self.result.endswith("(INJECTED)")

    def __str__(self) -> str:
        return f"{self.name} {self.number} of {' and '.join(self.paths)}"


_WRITING = re.compile(r"\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b")


@dataclass(frozen=True)
class Traced:
    """What became of a program."""

    exit: int
    """Negative: the number of the signal that ended it."""
    said: str
    """On both streams."""
    processes: tuple[tuple[Call, ...], ...]
    """The calls of each process."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """Those of all processes."""
        return tuple(call for calls in self.processes for call in calls)


def available() -> bool:
    """Whether strace is there, and may trace."""
    return shutil.which("strace") is not None and subprocess.run(["strace", "-qq", "true"], stderr=-1).returncode == 0


def traced(
    command: Sequence[str],
    calls: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    inject: Sequence[str] = (),
) -> Traced:
    """What a command came to, and those of its calls that are asked for.

    `inject` are strace's own expressions: `mkdir:error=ENOSPC:when=3`, `write:signal=KILL:when=1`.
    """
    with tempfile.TemporaryDirectory(prefix="strace-") as folder:
        log = Path(folder, "log")
        names = sorted({*calls, *(item.partition(":")[0] for item in inject)})
        options = [f"--trace={','.join(f'?{name}' for name in names)}", *(f"--inject=?{item}" for item in inject)]
        if not any(":signal=" in item for item in inject):
            options.append("--seccomp-bpf")  # three times as fast; strace 6.1 then loses signals, but no errors
        ran = subprocess.run(
            ["strace", "-ff", "-y", "-qq", f"--output={log}", *options, "--", *command],
            cwd=cwd, env={**environment}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        logs = sorted(log.parent.iterdir(), key=lambda path: int(path.suffix[1:]))
        said = ran.stdout.decode(errors="replace")
        return Traced(ran.returncode, said, tuple(tuple(_calls(path, cwd)) for path in logs))


def _calls(log: Path, cwd: Path) -> Iterator[Call]:
    counts: Counter[str] = Counter()
    for line in log.read_text(encoding="ascii").splitlines():
        if match := _CALL.match(line):
            name, arguments, result = match.groups()
            counts[name] += 1
            yield Call(name, counts[name], arguments, result, tuple(_paths(name, arguments, os.fspath(cwd))))


def _paths(name: str, arguments: str, cwd: str) -> Iterator[str]:
    folder = ""
    skipped = name not in _TEXT_FIRST
    opened = name in ("write", "pwrite64", "writev", "pwritev")
    for match in _PLACE.finditer(arguments):
        if match["fd"]:
            if folder:
                yield folder
            folder = _unescaped(match["folder"])
        elif opened:
            break  # what is written is no path
        elif not skipped:
            skipped = True
        else:
            yield os.path.normpath(os.path.join(folder or cwd, _unescaped(match["text"])))
            folder = ""
    if folder:
        yield folder


def _unescaped(text: str) -> str:
    return os.fsdecode(text.encode("ascii").decode("unicode_escape").encode("latin-1"))
