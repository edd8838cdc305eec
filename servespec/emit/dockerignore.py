"""A `Dockerfile.dockerignore` that lets nothing but the named paths into the build context."""

from __future__ import annotations

import re
from collections.abc import Sequence

from servespec.artifacts import Content
from servespec.emit.lines import Lines, Origins
from servespec.emit.quoted import Unwritable
from servespec.emit.shape import encodable

# A backslash makes the next character literal in Go's patterns (github.com/moby/patternmatcher), and
# changes nothing before one that was literal already.
_SPECIAL = re.compile(r"[\\*?\[\](){}|+^$]")
_CACHES = "**/__pycache__"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def allow(paths: Sequence[tuple[str, Origins]], *, header: str = "") -> Content:
    """An ignore file that lets in just these paths of the context; a folder stands for all that is in it, but for what
    Python leaves behind where it runs."""
    lines = Lines()
    lines.comment(header)
    lines.add("*", ("template:header",))
    for path, origins in paths:
        lines.add(f"!{_pattern(path)}", origins)
    lines.add(_CACHES, ("template:header",))
    return lines.content(("*", *(f"!{path}" for path, _ in paths), _CACHES))


def _pattern(path: str) -> str:
    if not path or path != path.strip() or _CONTROL.search(path):
        raise Unwritable(f"an ignore file cannot name {path!r}")
    return _SPECIAL.sub(r"\\\g<0>", encodable(path))
