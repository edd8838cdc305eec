"""What GitHub's runner makes of the lines that a step prints: its own way to read commands, told again.

Rules: `src/Runner.Common/ActionCommand.cs` of https://github.com/actions/runner (read 2026-11). A line is a command when
it starts with `::`, or when `##[` stands anywhere in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}
_PROPERTY = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


@dataclass(frozen=True)
class Command:
    """A command to the runner."""

    name: str
    properties: Mapping[str, str]
    data: str


def commands(printed: str) -> list[Command]:
    """The commands in all that a step printed, in order."""
    found = (_command(line) for line in printed.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return [command for command in found if command is not None]


def _command(line: str) -> Command | None:
    line = line.lstrip()
    if line.startswith("::") and "::" in line[2:]:
        head, _, data = line[2:].partition("::")
        name, _, properties = head.partition(" ")
        pairs = (item.split("=", 1) for item in properties.strip().split(",") if "=" in item)
        return Command(name, {key: _unescaped(value, _PROPERTY) for key, value in pairs}, _unescaped(data, _DATA))
    if "##[" in line and "]" in line.partition("##[")[2]:
        head, _, data = line.partition("##[")[2].partition("]")
        return Command(head.partition(" ")[0], {}, data)
    return None


def _unescaped(text: str, tokens: Mapping[str, str]) -> str:
    for escape, token in tokens.items():
        text = text.replace(escape, token)
    return text
