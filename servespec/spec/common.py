"""Types that several blocks share."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

from pydantic import Strict, StringConstraints

_T = TypeVar("_T")

# YAML has lists only; strictness would ask for a real tuple.
Many: TypeAlias = Annotated[tuple[_T, ...], Strict(False)]

Said: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
"""Text that says something: an empty path or name is a mistake, never a default."""
