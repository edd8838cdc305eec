"""Files that travel with the package: templates and the schema, from a checkout or from a wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@cache
def root() -> Path:
    """The folder that holds `templates/` and `schema/`: inside an installed wheel, else the checkout."""
    bundled = _PACKAGE / "_data"
    return bundled if bundled.is_dir() else _PACKAGE.parent


def read(path: str) -> str:
    """The text of a data file, by its path relative to `root()`, with LF line ends."""
    return (root() / path).read_text(encoding="utf-8")
