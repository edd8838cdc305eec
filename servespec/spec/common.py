"""Types that several blocks share."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

from pydantic import Strict

_T = TypeVar("_T")

# YAML has lists only; strictness would ask for a real tuple.
Many: TypeAlias = Annotated[tuple[_T, ...], Strict(False)]
