"""The forms that a report can take, by the names that `--format` knows; each is loaded when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from servespec.diagnostics.types import Findings
from servespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What the place that a rendering goes to can show."""

    color: bool = False
    width: int = 80
    """Terminal cells in a line."""


Renderer: TypeAlias = Callable[[Sequence[Findings], Options], str]


def render(name: str, findings: Sequence[Findings], options: Options) -> str:
    """The findings in the form `name`, complete with its last line end: to be written as it is."""
    return FORMATS[name](findings, options)


def _text(findings: Sequence[Findings], options: Options) -> str:
    from servespec.diagnostics import text

    return text.render(findings, color=options.color, width=options.width)


def _concise(findings: Sequence[Findings], _: Options) -> str:
    from servespec.diagnostics import concise

    return concise.render(findings)


def _json(findings: Sequence[Findings], _: Options) -> str:
    from servespec.diagnostics import json_

    return json_.render(findings)


FORMATS: Mapping[str, Renderer] = {"text": _text, "concise": _concise, "json": _json}
