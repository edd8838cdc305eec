"""A project that is compiled while the disk, other builds or a person are in the way, and pictures of it."""

from __future__ import annotations

import compileall
import contextlib
import io
import os
import shutil
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from servespec.cli.main import run

SERVESPEC = (str(Path(sys.executable).with_name("servespec")),)
"""The program that is tried; a test plants its bug in another one."""

NAME = "fraud-detector"
_ROOT = Path(__file__).parents[2]
_EXAMPLE = _ROOT / "examples" / "01-torchserve-fraud-detector"
_RELEASE = 'release: "1.0.0"'
_REST = "suppress: [{ rule: runtime-end-of-life, reason: compiled only }]\n"


@dataclass(frozen=True)
class Seen:
    """What stands at a path."""

    mode: int
    """With the kind of it."""
    content: bytes = b""
    """The bytes of a file, or where a link leads to."""


Picture = Mapping[str, Seen]
"""All below a folder, by relative path."""


def picture(folder: Path) -> dict[str, Seen]:
    """All below a folder as it is now; links are not followed."""
    seen: dict[str, Seen] = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(place, name)
            mode = os.lstat(path).st_mode
            content = b""
            if stat.S_ISLNK(mode):
                content = os.fsencode(os.readlink(path))
            elif stat.S_ISREG(mode):
                with open(path, "rb") as file:
                    content = file.read()
            seen[os.path.relpath(path, folder)] = Seen(mode, content)
    return seen


def compiled() -> None:
    """The package's byte code is there, which no program that is tried writes."""
    compileall.compile_dir(_ROOT / "servespec", quiet=1)


class Project:
    """A copy of an example in a repository of its own, with a cache and a folder for passing files beside it."""

    def __init__(self, root: Path, name: str = "project") -> None:
        self.root, self.folder = root, root / name
        self.out = self.folder / "deploy"
        self.live = self.out / NAME
        self.environment = {
            **os.environ,
            **{"XDG_CACHE_HOME": str(root / "cache"), "TMPDIR": str(root / "passing")},
            # What a program loads and in which order it works is the same in each run.
            **{"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"},
        }
        for folder in (root / ".git", root / "passing"):
            folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(_EXAMPLE, self.folder, ignore=shutil.ignore_patterns("deploy", "__pycache__", "*.whl"))
        self._text = (_EXAMPLE / "serving.yaml").read_text(encoding="utf-8")
        assert _RELEASE in self._text

    def say(self, release: str, *targets: str, more: str = "") -> None:
        """From now on the spec asks for these targets, and for another release."""
        asked = f"targets: {{ {', '.join(f'{target}: {{}}' for target in targets)} }}\n"
        text = self._text.replace(_RELEASE, f'release: "{release}"') + _REST + asked + more
        (self.folder / "serving.yaml").write_text(text, encoding="utf-8")

    def build(self, *options: str) -> Ran:
        """A build in this process, with this project's cache."""
        return servespec("build", *options, "serving.yaml", cwd=self.folder, environment=self.environment)


@dataclass(frozen=True)
class Ran:
    """What one call of the command line came to."""

    exit: int
    said: str


def servespec(*arguments: str, cwd: Path, environment: Mapping[str, str]) -> Ran:
    """The command line, run in this process."""
    said = io.StringIO()
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        with contextlib.chdir(cwd), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = run(arguments)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return Ran(int(code), said.getvalue())
