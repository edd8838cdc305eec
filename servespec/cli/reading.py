"""The files that together are one spec: which there are, and what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from servespec.cli.find import Source, overlay_environment

if TYPE_CHECKING:
    from servespec.pipeline import Texts

_MOST = 2 << 20  # twice what `source` takes: enough for it to see that a file is too large


def read(source: Source) -> tuple[Texts, tuple[Path, ...]]:
    """The texts of a spec, and every path that was read. Raises OSError when one can't be."""
    from servespec.pipeline import File, Texts

    beside = {name: path for path in sorted(source.project.iterdir()) if (name := _environment(source.path, path))}
    overlays = {name: File(source.beside(path), _data(path)) for name, path in beside.items()}
    spec = File(source.shown, _data(source.path))
    return Texts(spec, overlays), (source.path, *beside.values())


def _environment(spec: Path, path: Path) -> str:
    return overlay_environment(path, spec) if path.suffix == spec.suffix and path.is_file() else ""


def _data(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST)
