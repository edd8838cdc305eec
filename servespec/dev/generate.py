"""The derived files: what each is made of, which are out of date, and the writing of those."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from servespec.dev import examples_page, fields_page, lock_page, rootfile_schema, rules_page, schema, targets_page

DERIVED: Mapping[str, Callable[[], str]] = {
    "schema/serving.schema.json": schema.text,
    "schema/servespec.schema.json": rootfile_schema.text,
    "schema/reference.md": fields_page.text,
    "schema/lock.md": lock_page.text,
    "schema/diagnostics.md": rules_page.text,
    "schema/targets.md": targets_page.text,
    "examples/README.md": examples_page.text,
}
"""Files by path, each with what makes its text. Everything is made of the source, never of another derived file."""


def stale(root: Path) -> tuple[str, ...]:
    """The derived files below `root` that are missing, or not what their source says."""
    return tuple(path for path, make in DERIVED.items() if _content(root / path) != make().encode())


def write(root: Path, paths: Iterable[str]) -> None:
    """Write the derived files at `paths`."""
    for path in paths:
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(DERIVED[path]().encode())


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
