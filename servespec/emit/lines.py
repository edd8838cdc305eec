"""Lines of a text under construction, each with the origins of what stands on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from servespec.artifacts import Content, Origin
from servespec.emit.quoted import Unwritable

Origins = tuple[Origin, ...]


@dataclass(slots=True)
class Lines:
    """A text that grows line by line."""

    texts: list[str] = field(default_factory=list)
    origins: list[Origins] = field(default_factory=list)

    def add(self, text: str, origins: Origins) -> None:
        """Append one line."""
        self.texts.append(text)
        self.origins.append(origins)

    def comment(self, header: str) -> None:
        """Append a comment of ours, line by line. It holds no value, so it may hold no surprise."""
        for number, line in enumerate(header.splitlines(), start=1):
            self.add(f"# {line}".rstrip(), (f"template:header:{number}",))

    def content(self, expected: object) -> Content:
        """The finished text, whose last line is ended too."""
        return Content("".join(f"{text}\n" for text in self.texts), tuple(self.origins), expected)


def number(value: int | float) -> str:
    """The digits of a number; Unwritable unless it is finite."""
    if isinstance(value, int):
        return int.__repr__(value)
    if not math.isfinite(value):
        raise Unwritable(f"{value} is no number that every reader knows")
    return float.__repr__(value)
