"""Which folders of the project a scorer in a container reads and writes."""

from __future__ import annotations

import posixpath

from servespec.deployment.batch import Batch
from servespec.deployment.path_templates import PathTemplate
from servespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder: relative to the project folder, or absolute."""

    folder: str
    read_only: bool


def mounts(batch: Batch) -> tuple[Mount, ...]:
    """The folders that hold what the batch reads and writes, none inside another; nothing of object storage."""
    written = [batch.output.uri, *((batch.gates.bad_rows.output,) if batch.gates.bad_rows.output else ())]
    # What a run writes takes the place of a folder, so it is the one above that has to be there.
    named = [Mount(_above(uri), False) for uri in written if not _remote(uri)]
    if not _remote(batch.input.uri):
        named.append(Mount(_holding(batch.input.uri), True))
    outermost: dict[str, Mount] = {}
    for item in sorted(named, key=lambda item: (item.folder.count("/"), item.folder, item.read_only)):
        holder = next((folder for folder in outermost if _holds(folder, item.folder)), None)
        if holder is None:
            outermost[item.folder] = item
        elif not item.read_only:
            outermost[holder] = Mount(holder, False)
    return tuple(outermost.values())


def _remote(uri: PathTemplate) -> bool:
    return "://" in str(uri)


def _above(uri: PathTemplate) -> str:
    """The folder above that of an interval, which is the same for all of them."""
    return posixpath.dirname(_text(uri).rstrip("/") if len(uri.pieces) == 1 else _text(uri)) or "."


def _holding(uri: PathTemplate) -> str:
    """The folder that holds what is read in any interval."""
    return posixpath.dirname(_text(uri)) or "."


def _text(uri: PathTemplate) -> str:
    """What comes before the first placeholder, in one form."""
    first = uri.pieces[0] if uri.pieces and isinstance(uri.pieces[0], str) else ""
    return posixpath.normpath(first) + ("/" if first.endswith("/") else "") if first else ""


def _holds(folder: str, other: str) -> bool:
    return folder in (other, ".") or other.startswith(f"{folder.rstrip('/')}/")
