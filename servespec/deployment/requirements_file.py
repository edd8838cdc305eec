"""A requirements file, line by line: what each asks for, as far as a check needs to know.

Form: https://pip.pypa.io/en/stable/reference/requirements-file-format/ (read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.facts import Facts
from servespec.records import dataclass

_COMMENT = r"(?:^|\s)#.*$"
_NAMED = r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?P<rest>.*)"
_EXACT = r"===?\s*(?P<version>[0-9A-Za-z][0-9A-Za-z.!+_-]*)"
# An address of one file, or of one commit, always gives the same package.
_ONE_FILE = r"@\s*\S+(?:\.whl|\.tar\.gz|\.zip|@[0-9a-f]{40})(?:#\S*)?"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line that is not empty."""

    line: int
    text: str
    name: str | None = None
    """The package, as PEP 503 spells it; None for options, paths and bare addresses."""
    version: str | None = None
    """The only version that will do, if there is just one."""
    pinned: bool = False


def requirements(deployment: Deployment, facts: Facts) -> tuple[Requirement, ...]:
    """The lines of the deployment's requirements file; none when there is no such file to read."""
    path = deployment.image.requirements
    text = facts.file(path).text if path else None
    return tuple(parse(text)) if text else ()


def normal(name: str) -> str:
    """The name of a package as PEP 503 spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parse(text: str) -> Iterator[Requirement]:
    """The requirements and options in a file's text, with the number of the line where each starts."""
    pending: list[str] = []
    start = 0
    for number, line in enumerate([*text.removeprefix("\ufeff").splitlines(), ""], 1):
        start = start if pending else number
        pending.append(re.sub(_COMMENT, "", line))
        if pending[-1].endswith("\\"):
            pending[-1] = pending[-1][:-1] + " "
            continue
        if joined := "".join(pending).strip():
            yield _requirement(start, joined)
        pending.clear()


def _requirement(line: int, text: str) -> Requirement:
    match = re.fullmatch(_NAMED, text)
    if match is None or re.match(r"[:/\\]", match["rest"]):
        return Requirement(line, text)
    wanted = re.split(r"\s+--|\s*;", match["rest"].strip(), maxsplit=1)[0].strip()
    exact = re.fullmatch(_EXACT, wanted)
    pinned = exact is not None or re.fullmatch(_ONE_FILE, wanted) is not None
    return Requirement(line, text, normal(match["name"]), exact["version"] if exact else None, pinned)
