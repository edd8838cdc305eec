"""Who builds, where, when and by what: all that must make no difference to what is built."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trust.rewriting import rewritten

_ROOT = Path(__file__).parents[1]
_PYTHONS = _ROOT / ".e2e"
_CLOCKS = "/usr/lib/*/faketime/libfaketime.so.1"
_NOBODY = 65534


@dataclass(frozen=True)
class Machine:
    """One of them."""

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    python: str = sys.executable
    before: Sequence[str] = ()
    """What the command is run by."""
    folder: str = "clone"
    umask: int = 0o022
    user: int | None = None
    """None: whoever runs this."""
    written: Callable[[str], str] = str
    """How the specs are written there."""
    modified: int | None = None
    """When the files were, in seconds since 1970; None: now."""

    @property
    def is_here(self) -> bool:
        """Whether this machine can stand for it: who is not root can't be another, and not all Pythons are there."""
        command = [*self.before, self.python, "-c", "import pydantic, servespec"]
        if self.user is not None and os.geteuid() != 0:
            return False
        try:
            done = subprocess.run(
                command,
                user=self.user,
                cwd="/",
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(_ROOT), **self.environment},
                capture_output=True,
            )
        except OSError:
            return False
        return done.returncode == 0 and not done.stderr  # the loader tells of a clock that it can't load


def _users() -> Iterator[Machine]:
    """Another user, who may not reach the Python that runs this, but that of the system."""
    nobody = {"HOME": "/nonexistent", "USER": "nobody"}
    path = f"{_ROOT}:{sysconfig.get_path('purelib')}"
    yield Machine("another user", nobody, user=_NOBODY)
    yield Machine("another user's Python", {**nobody, "PYTHONPATH": path}, python="/usr/bin/python3", user=_NOBODY)


def _pythons() -> Iterator[Machine]:
    for python in sorted(_PYTHONS.glob("python3.*/bin/python")):
        yield Machine(python.parts[-3].replace("python", "Python "), python=str(python))


def _clocks() -> Iterator[Machine]:
    library = next((str(path) for path in Path("/").glob(_CLOCKS[1:])), "libfaketime.so.1")
    for year, moment, seconds in ((1980, "1980-01-01 00:00:01", 315532801), (2038, "2038-01-19 03:14:09", 2147483649)):
        clock = {"LD_PRELOAD": library, "FAKETIME": moment, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}
        yield Machine(f"clock and files of {year}", clock, modified=seconds)


FIRST = Machine(
    f"Python {sys.version_info.major}.{sys.version_info.minor}",
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
)
OTHERS: tuple[Machine, ...] = (
    *(Machine(f"hash seed {seed}", {"PYTHONHASHSEED": seed}) for seed in ("0", "4242", "random")),
    # Without UTF-8 mode and coercion, this makes ASCII of every file that is opened without an encoding.
    Machine("locale C", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    Machine("a locale that is not there", {"LC_ALL": "tr_TR.ISO-8859-9", "LANGUAGE": "tr"}),
    *(Machine(f"zone {zone}", {"TZ": zone}) for zone in ("Pacific/Kiritimati", "America/Adak", "Asia/Kathmandu")),
    *(Machine(f"umask {umask:03o}", umask=umask) for umask in (0o000, 0o027, 0o077)),
    Machine("a folder with spaces", folder="a folder/with ünusual characters/and depth"),
    Machine("a folder 30 deep", folder="/".join(["deep"] * 30)),
    Machine("no home", {"HOME": "/nonexistent"}),
    *_users(),
    Machine("one processor", before=("taskset", "--cpu-list", "0")),
    Machine("optimized", {"PYTHONOPTIMIZE": "2"}),
    Machine("colours, 20 columns wide", {"FORCE_COLOR": "1", "COLUMNS": "20", "TERM": "xterm-256color"}),
    Machine("comments", written=lambda text: f"# ünimportant\n\n{text}\n\n# the end"),
    Machine("line ends of Windows", written=lambda text: text.replace("\n", "\r\n")),
    *_clocks(),
    *_pythons(),
    Machine("keys turned round, in flow", {"PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu"}, written=rewritten),
)
