"""A little of GitHub's runner: it runs steps in bash, and reads commands off the lines that they print.

Rules: `src/Runner.Common/ActionCommand.cs` of https://github.com/actions/runner (read 2026-11). A line is a command when
it starts with `::`, or when `##[` stands anywhere in it.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_EXPRESSION = re.compile(r"\$\{\{ (?:'([^']*)'|([a-z_A-Z.-]+)) \}\}")
_DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}
_PROPERTY = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


@dataclass(frozen=True)
class Command:
    """A command to the runner."""

    name: str
    properties: Mapping[str, str]
    data: str


@dataclass(frozen=True)
class Ran:
    """What some steps came to."""

    exit: int
    said: str
    outputs: Mapping[str, str]


def run(
    steps: Iterable[Mapping[str, Any]],
    *,
    cwd: Path,
    env: Mapping[str, str],
    known: Mapping[str, str],
    scratch: Path,
) -> Ran:
    """The steps that run something, one after the other until one fails; what others' actions would do is left out.

    `known` has what each expression comes to, `env` the variables of the job; `scratch` is the runner's own folder.
    """
    output = scratch / "GITHUB_OUTPUT"
    output.touch()
    variables = {**os.environ, **env, "GITHUB_OUTPUT": str(output), "RUNNER_TEMP": str(scratch)}
    code, said = 0, ""
    for step in steps:
        if code == 0 and "run" in step:
            own = {name: evaluated(text, known) for name, text in step.get("env", {}).items()}
            # docs.github.com, "Workflow syntax": what `shell: bash` is
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", evaluated(step["run"], known)]
            done = subprocess.run(
                command, cwd=cwd, env={**variables, **own}, stdout=-1, stderr=subprocess.STDOUT, text=True
            )
            code, said = done.returncode, said + done.stdout
    return Ran(code, said, dict(line.split("=", 1) for line in output.read_text().splitlines()))


def evaluated(text: str, known: Mapping[str, str]) -> str:
    """A value as the runner has it: expressions are names that are known, or literals."""
    return _EXPRESSION.sub(lambda match: match[1] if match[1] is not None else known[match[2]], text)


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
