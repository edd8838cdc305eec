"""Flags of Dockerfile instructions. BuildKit splits them at blanks and reads mounts as CSV, so only values
that need no quotes pass."""

from __future__ import annotations

import re

from servespec.artifacts import Origin
from servespec.emit.dockerfile import DockerWord
from servespec.emit.quoted import Unwritable
from servespec.emit.shape import HOLE

PLAIN_PATH = re.compile(r"[A-Za-z0-9._+@-]+(?:/[A-Za-z0-9._+@-]+)*", re.ASCII)
"""Relative paths that a mount can name."""
_MEASURE = re.compile(r"[0-9]+(?:ms|s|m|h)?", re.ASCII)
SECRET_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)


def bind(source: str, *origins: Origin, target: str) -> DockerWord:
    """`--mount=type=bind` of a path of the build context, at an absolute path of ours."""
    if not PLAIN_PATH.fullmatch(source):
        raise Unwritable(f"a mount can't name {source!r}")
    return _flag("--mount=type=bind,source={},target=" + target, source, origins)


def secret(identifier: str, *origins: Origin, target: str) -> DockerWord:
    """`--mount=type=secret`, required, as a file at an absolute path of ours."""
    if not SECRET_ID.fullmatch(identifier):
        raise Unwritable(f"{identifier!r} is no name of a build secret")
    return _flag("--mount=type=secret,id={},target=" + target + ",required=true", identifier, origins)


def flag(name: str, value: str, *origins: Origin) -> DockerWord:
    """`--name=value`, where the value is a number or a number with a unit."""
    if not _MEASURE.fullmatch(value):
        raise Unwritable(f"{value!r} is no number with a unit")
    return _flag(name + "={}", value, origins)


def _flag(form: str, value: str, origins: tuple[Origin, ...]) -> DockerWord:
    return DockerWord(form.replace("{}", value), value, form.replace("{}", HOLE), origins)
