"""The numbers in a version, as they compare."""

from __future__ import annotations

import re
from typing import TypeAlias

Number: TypeAlias = tuple[int, str]
"""How many digits, and these: a text may have thousands of them, which Python makes no number of."""
ZERO: Number = (0, "")


def numbers(version: str) -> tuple[Number, ...]:
    """The numbers of a version, one after the other, without what is local to a build."""
    digits = (number.lstrip("0") for number in re.findall(r"[0-9]+", version.partition("+")[0]))
    return tuple((len(number), number) for number in digits)
