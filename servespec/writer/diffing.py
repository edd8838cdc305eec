"""A plan as a unified diff, in the shape git prints and `patch` reads."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Recipe
from servespec.writer.tree import MANIFEST
from servespec.writer.types import Cause, PlannedFile, State, WritePlan


def diff(plan: WritePlan) -> Iterator[str]:
    """The lines, without line ends, that turn what is on disk into what would be written.

    The manifest is left out: its hashes say nothing that the other files do not show.
    """
    for file in plan.files:
        if file.state is not State.UNCHANGED and file.path != MANIFEST:
            yield from _file(file, plan.tree.name)


def _file(file: PlannedFile, name: str) -> Iterator[str]:
    old = f"a/{name}/{file.path}" if file.seen or file.note else "/dev/null"
    new = "/dev/null" if file.after is None else f"b/{name}/{file.path}"
    if file.cause is Cause.MODE_CHANGED:
        yield f"diff --git {old} {new}"
        yield f"old mode {'100644' if file.executable else '100755'}"
        yield f"new mode {'100755' if file.executable else '100644'}"
    elif isinstance(file.after, Recipe) or (file.seen and file.before is None):
        yield f"Binary files {old} and {new} differ"
    else:
        yield from text_diff(file.before or b"", file.after or b"", names=(old, new))


def text_diff(before: bytes, after: bytes, *, names: tuple[str, str]) -> Iterator[str]:
    """The lines that turn one text into the other; none when they are the same."""
    from difflib import unified_diff  # start-up: only `--diff` needs it

    for line in unified_diff(_lines(before), _lines(after), *names):
        body = line.removesuffix("\n")
        yield body
        if body == line:
            yield "\\ No newline at end of file"


def _lines(data: bytes) -> list[str]:
    # `splitlines` would also split at form feeds and U+2028, which end no line in a file.
    text = data.decode("utf-8", "replace")
    return [line + "\n" for line in text.split("\n")[:-1]] + ([last] if (last := text.rpartition("\n")[2]) else [])
