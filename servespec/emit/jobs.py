"""Scalars of the YAML whose jobs GitHub and GitLab run: values, and names of what only they know."""

from __future__ import annotations

import re

from servespec.emit import yaml
from servespec.emit.quoted import Quoted
from servespec.emit.shape import HOLE
from servespec.records import dataclass

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class JobText(Quoted):
    """A piece of a job."""


def scalar(value: str) -> JobText:
    """The value as one scalar, for where nothing in it is looked for."""
    return JobText(yaml.string(value), value, HOLE)


def github_scalar(value: str) -> JobText:
    """The value as one scalar in which GitHub finds no expression: what starts one is written by one, as a literal."""
    return JobText(yaml.string(value.replace("${{", "${{ '${{' }}")), value, HOLE)


def github_expression(name: str) -> JobText:
    """What GitHub puts for a name, such as `secrets.TOKEN`."""
    return _named(name, f"${{{{ {name} }}}}")


def variable(name: str) -> JobText:
    """What a shell puts for a variable, between double quotes."""
    return _named(name, f"${name}")


def _named(name: str, text: str) -> JobText:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name")
    return JobText(text, text, HOLE)
