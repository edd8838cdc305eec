"""The branch of a repository that others start from, read off its files: no process is started."""

from __future__ import annotations

import re
from pathlib import Path

_REMOTE = re.compile(r"ref: refs/remotes/origin/(.+)")


def main_branch(root: Path) -> str:
    """What the remote calls its own branch, as `git clone` noted it; `main` where that is not known."""
    try:
        text = (root / ".git" / "refs" / "remotes" / "origin" / "HEAD").read_text("utf-8", "surrogateescape")
    except OSError:  # never cloned, or a work tree with its git folder elsewhere
        return "main"
    match = _REMOTE.fullmatch(text.strip())
    return match[1] if match else "main"
