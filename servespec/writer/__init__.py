"""The one writer: puts all that one spec makes into `DIR/<name>`, all or nothing.

What is promised. A build that is killed, interrupted, refused by the disk (full, read-only, no permission) or
run four times at once leaves the old tree or the new tree, never a mixture; the next build of the same spec
finishes or removes what was left. A file that this writer did not write, or that a person edited since, is never
overwritten or removed without `force`; whatever is not ours moves along, and what a person saves while a build
runs is kept.

What is not promised. Nothing is synced to the platter: the outputs can be made again, and syncing would cost more
than the build. After a loss of power the file system decides; `--check` then says what is wrong. Where a file
system cannot exchange two folders in one call (anything but Linux's local ones), there is an instant in which
`DIR/<name>` does not exist, and a build killed in it leaves that to the next build to mend. Access lists and
extended attributes of folders are not carried.
"""

from __future__ import annotations

from servespec.writer.applying import apply
from servespec.writer.diffing import diff, text_diff
from servespec.writer.planning import plan
from servespec.writer.tree import MANIFEST, Tree
from servespec.writer.types import Applied, Cause, PlannedFile, Refused, State, WriteFailed, WritePlan

__all__ = [
    "MANIFEST",
    "Applied",
    "Cause",
    "PlannedFile",
    "Refused",
    "State",
    "Tree",
    "WriteFailed",
    "WritePlan",
    "apply",
    "diff",
    "plan",
    "text_diff",
]
