"""What a reader is: how a text is written for it, and what it makes of many."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Reader:
    """A program that reads a language."""

    name: str
    write: Callable[[str], str]
    """A text as `emit/` writes it; raises Unwritable."""
    read: Callable[[Sequence[str]], Sequence[object]]
    """What it gets back, in the order of what was written."""
    heavy: bool = False
    """Whether it wants more than this interpreter and the shells."""


def said(*command: str | Path, text: str = "") -> str:
    """What a program that must succeed prints."""
    done = subprocess.run([*command], input=text.encode(), capture_output=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode()
