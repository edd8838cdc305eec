"""docs/trust.md: what whole runs of the harnesses came to last, each with its day and the Python it ran on."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Sequence

from trust.rows import Row

_INTRODUCTION = """\
# What was tried to break it

`make trust` runs all of this and writes this page; `python trust NAME` runs one harness, `--quick` a little of it. A
run fails when something is found that is not wanted. A test for each harness plants a bug, and sees that it is found.
"""
_SECTION = re.compile(r"^## (\S+)\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_HEAD = "| what | tried | found | wanted | seconds |\n|---|---|---|---|---|\n"


def updated(text: str, name: str, rows: Sequence[Row], *, order: Sequence[str]) -> str:
    """The page with the section of a harness as it is now; those of others stay, those that are no more go."""
    sections = {match[1]: match[0].rstrip() for match in _SECTION.finditer(text)}
    sections[name] = _section(name, rows)
    return "\n".join([_INTRODUCTION, *(f"{sections[known]}\n" for known in order if known in sections)])


def cells(row: Row) -> str:
    """The rest of a line of the table."""
    found = f"{row.found}" if row.well else f"**{row.found}**"
    return f"| {row.what} | {row.tried} | {found} | {row.wanted} | {row.seconds:.1f} |"


def _section(name: str, rows: Sequence[Row]) -> str:
    ran = f"`python trust {name}`, {time.strftime('%Y-%m-%d')}, Python {platform.python_version()}"
    processors = len(os.sched_getaffinity(0))
    return f"## {name}\n\n{ran} on {processors} processors.\n\n{_HEAD}" + "\n".join(map(cells, rows))
