"""Which paths an output may have, so that it can be checked out on everybody's disk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: reserved with any extension, in any case.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE | re.DOTALL)
_FORBIDDEN = re.compile(r"[\\\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST = 255


@lru_cache(maxsize=8192)
def problem(path: str) -> str:
    """What is wrong with a path relative to `DIR/<name>`; empty when nothing is."""
    if _FORBIDDEN.search(path):
        return "holds a backslash, a control character or half a character"
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return "is not a plain relative path"
        if part[-1] in " .":
            return "ends a name with a blank or a dot, which Windows drops"
        if _DEVICE.fullmatch(part):
            return f"names the Windows device `{part}`"
        if len(part.encode()) > _LONGEST:
            return f"has a name of more than {_LONGEST} bytes"
    return ""


@lru_cache(maxsize=8192)
def _ways(path: str) -> tuple[str, ...]:
    """The path with a slash at the end of each folder on its way: `a/b` gives `a/`, `a/b`."""
    parts = path.split("/")
    return (*("/".join(parts[:depth]) + "/" for depth in range(1, len(parts))), path)


def require(paths: Iterable[str]) -> None:
    """ValueError unless every path is fine and no two clash where case does not count."""
    spelled: dict[str, str] = {}
    for path in paths:
        if wrong := problem(path):
            raise ValueError(f"output path {path!r} {wrong}")
        for way in _ways(path):
            # A file and a folder of one name clash as well.
            if spelled.setdefault(way.casefold().rstrip("/"), way) != way:
                raise ValueError(f"output paths {way!r} and {spelled[way.casefold().rstrip('/')]!r} clash")
