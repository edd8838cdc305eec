"""Lines of a requirements file: parsed strictly, so that none can be an option, a path or an address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from servespec.artifacts import Content, Origin
from servespec.emit.lines import Lines
from servespec.emit.quoted import Unwritable
from servespec.records import dataclass

# https://packaging.python.org/en/latest/specifications/dependency-specifiers/ without markers and addresses,
# and https://packaging.python.org/en/latest/specifications/version-specifiers/ in its normal spelling.
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_RELEASE = r"(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*"
_PHASES = r"(?:(?:a|b|rc)[0-9]+)?(?:\.post[0-9]+)?(?:\.dev[0-9]+)?"
_VERSION = rf"{_RELEASE}{_PHASES}"
_LOCAL = r"(?:\+[a-z0-9]+(?:\.[a-z0-9]+)*)?"
_CLAUSE = (
    rf"(?:[=!]=[ \t]*(?:{_RELEASE}\.\*|{_VERSION}{_LOCAL})|(?:<=|>=|<|>)[ \t]*{_VERSION}"
    rf"|~=[ \t]*(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)+{_PHASES})"
)
_REQUIREMENT = re.compile(
    rf"[ \t]*(?P<name>{_NAME})[ \t]*(?:\[[ \t]*(?P<extras>{_NAME}(?:[ \t]*,[ \t]*{_NAME})*)[ \t]*\])?"
    rf"[ \t]*(?P<clauses>{_CLAUSE}(?:[ \t]*,[ \t]*{_CLAUSE})*)?[ \t]*",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A package with its extras and the versions that will do."""

    name: str
    extras: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()

    def __str__(self) -> str:
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.name}{extras}{','.join(self.clauses)}"


def parse(text: str, *origins: Origin) -> Requirement:
    """The requirement that `text` spells; Unwritable for options, addresses, markers and everything else."""
    match = _REQUIREMENT.fullmatch(text)
    if match is None:
        raise Unwritable(f"{text!r} is no requirement of the form `name[extras]==1.2`")
    return Requirement(match["name"], _split(match["extras"]), _split(match["clauses"]), origins)


def dump(requirements: Sequence[Requirement], *, header: str = "") -> Content:
    """A requirements file, one line each, in the order given."""
    lines = Lines()
    lines.comment(header)
    for requirement in requirements:
        # Written from its fields, whoever filled them: only what parses again may become a line.
        lines.add(str(parse(str(requirement))), requirement.origins)
    return lines.content(tuple(str(requirement) for requirement in requirements))


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(re.sub(r"[ \t]", "", part) for part in text.split(",")) if text else ()
