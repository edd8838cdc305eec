"""What git says of a working tree: which files are not as they were in a commit, and what was in them then.

Only a user who names a commit has it asked: nothing that is compiled depends on it.
"""

from __future__ import annotations

import os
import subprocess
from functools import cached_property
from pathlib import Path


class GitFailed(Exception):
    """git can't say; the message is a sentence."""


class Since:
    """A working tree beside one of its commits."""

    def __init__(self, top: Path, ref: str) -> None:
        self._top = top
        if ref.startswith("-"):
            raise GitFailed(f"{ref} is not the name of a commit")
        found = self._ask("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        if found is None:
            raise GitFailed(f"git knows no commit {ref} in {os.path.relpath(top)}; it may have to be fetched first")
        self._commit = found.decode("ascii").strip()

    @cached_property
    def touched(self) -> frozenset[str]:
        """Every file that differs, was added or is gone, committed or not, and every folder that one is in."""
        return frozenset(str(place) for path in self._named for place in (path, *path.parents))

    def touches(self, path: str) -> bool:
        """Whether what is at a path, or below it, is not as it was. Of a submodule git names the folder alone."""
        return path in self.touched or not self._named.isdisjoint(Path(path).parents)

    @cached_property
    def _named(self) -> frozenset[Path]:
        """What git names as different, added or gone: files, links, and submodules."""
        compare = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=none")
        differ = self._ask(*compare, self._commit, "--")
        new = self._ask("ls-files", "--others", "--exclude-standard", "-z")
        if differ is None or new is None:
            raise GitFailed(f"git can't compare {os.path.relpath(self._top)} with that commit")
        return frozenset(self._top / os.fsdecode(name) for name in (differ + new).split(b"\0") if name)

    def before(self, path: Path) -> bytes | None:
        """What was in a file; None when it was not there."""
        real = Path(os.path.realpath(path.parent), path.name)
        return self._ask("cat-file", "blob", f"{self._commit}:{real.relative_to(self._top).as_posix()}")

    def _ask(self, *arguments: str) -> bytes | None:
        """What git prints, or None when it says no. Raises `GitFailed` when there is no git."""
        # A hook of git's own names its repository in variables, which would win over where we look.
        env = {name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE")}
        argv = ["git", "-C", str(self._top), "-c", "core.fsmonitor=false", *arguments]
        try:
            done = subprocess.run(
                argv,
                env={**env, "GIT_OPTIONAL_LOCKS": "0"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        except OSError as failure:
            raise GitFailed(f"git can't be run: {failure.strerror}") from None
        return done.stdout if done.returncode == 0 else None
