"""The forms that a report can take, by the names that `--format` knows; each is loaded when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
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


def _module(name: str) -> Renderer:
    """The renderer of a form that looks the same everywhere."""

    def rendered(findings: Sequence[Findings], _: Options) -> str:
        text: str = import_module(f"servespec.diagnostics.{name}").render(findings)
        return text

    return rendered


FORMATS: Mapping[str, Renderer] = {
    "text": _text,
    "concise": _module("concise"),
    "json": _module("json_"),
    "sarif": _module("sarif"),
    "github": _module("github"),
    "gitlab": _module("gitlab"),
    "junit": _module("junit"),
}
