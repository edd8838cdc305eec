"""What a user sees of our bugs: one sentence, and a file to send us that holds nothing of theirs."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback

from servespec import __version__

_ISSUES = "https://github.com/servespec/servespec/issues"


def report(bug: Exception) -> str:
    """A sentence that names the report file; the report holds code places only, no values and no messages."""
    text = "\n".join(_lines(bug))
    try:
        handle, path = tempfile.mkstemp(prefix="servespec-bug-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return f"servespec: this is a bug in servespec; please report it at {_ISSUES}\n{text}"
    return f"servespec: this is a bug in servespec; please attach {path} to a report at {_ISSUES}"


def _lines(bug: BaseException) -> list[str]:
    """Type and places of an exception and of what led to it; messages could hold secrets, so they stay out."""
    lines = [f"servespec {__version__}, Python {platform.python_version()}, {platform.system()}"]
    seen: BaseException | None = bug
    while seen is not None:
        lines.append(type(seen).__name__)
        for frame in traceback.extract_tb(seen.__traceback__):
            lines.append(f"  {_module(frame.filename)}:{frame.lineno} in {frame.name}")
        seen = seen.__cause__ or seen.__context__
    return lines


def _module(filename: str) -> str:
    """The file below its package's folder: what stands above it names the user and the machine."""
    parts = filename.replace(os.sep, "/").split("/")
    roots = [index for index, part in enumerate(parts) if part in ("servespec", "site-packages", "dist-packages")]
    return "/".join(parts[roots[-1] + 1 :] if roots else parts[-1:])
