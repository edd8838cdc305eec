"""What the folder of a spec tells git of itself.

A file of git's own in the output folder, so that nobody's `.gitattributes` is touched and nobody has to write one.
Rules: https://git-scm.com/docs/gitattributes (read 2026-11). `-merge` leaves one side's file whole and calls it a
conflict, where lines of two builds would make a file that no build makes. `linguist-generated` folds it in the reviews
of GitHub and GitLab.
"""

from __future__ import annotations

from functools import cache

from servespec import package_data
from servespec.artifacts import Artifact, Content, Language
from servespec.emit.shape import Shape

ATTRIBUTES = ".gitattributes"

_TEMPLATE = "git/attributes"


@cache
def attributes() -> Artifact:
    """The file, the same for every spec."""
    text = package_data.read(f"templates/{_TEMPLATE}")
    origins = tuple((f"template:{_TEMPLATE}:{number}",) for number in range(1, text.count("\n") + 1))
    return Artifact(ATTRIBUTES, Content(text, origins, Shape(text, ())), Language.GITATTRIBUTES)
