"""Words of an nginx configuration: one value, one argument of a directive, and never a variable.

A `$` starts a variable in most arguments, and there is no way to write one that does not: such values are refused.
"""

from __future__ import annotations

import re

from servespec.artifacts import Origin
from servespec.emit.quoted import Quoted, Unwritable
from servespec.emit.shape import HOLE
from servespec.records import dataclass

_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*", re.ASCII)
_NAME = re.compile(r"[a-z][a-z_]*", re.ASCII)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*", re.ASCII)
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f$\ud800-\udfff]")
_PORTS = range(1, 65536)
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class NginxWord(Quoted):
    """One argument."""


def word(value: str, *origins: Origin) -> NginxWord:
    """The value as one argument, in quotes unless it is a plain name or path."""
    if match := _REFUSED.search(value):
        raise Unwritable(f"an argument of nginx cannot carry {match[0]!r}")
    text = value if _BARE.fullmatch(value) else '"' + re.sub(r'[\\"]', r"\\\g<0>", value) + '"'
    return NginxWord(text, value, HOLE, origins)


def variable(name: str, *origins: Origin) -> NginxWord:
    """A variable that the configuration itself makes."""
    if not _NAME.fullmatch(name):
        raise Unwritable(f"{name!r} is no name of a variable")
    return _plain(f"${name}", origins)


def address(host: str, port: int, *origins: Origin) -> NginxWord:
    """A host and its port, such as `fraud-detector:8080`."""
    if not _HOST.fullmatch(host) or port not in _PORTS:
        raise Unwritable(f"{host}:{port} is no address")
    return _plain(f"{host}:{port}", origins)


def integer(value: int, *origins: Origin) -> NginxWord:
    """A whole number."""
    return _plain(f"{value:d}", origins)


def seconds(value: int, *origins: Origin) -> NginxWord:
    """A span of time."""
    return _plain(f"{value:d}s", origins)


def share(percent: int | None, *origins: Origin) -> NginxWord:
    """A part of all requests, as `split_clients` has it; None for what is left of them."""
    if percent is not None and not 0 < percent <= _WHOLE:
        raise Unwritable(f"{percent} percent is no share")
    return _plain("*" if percent is None else f"{percent:d}%", origins)


def _plain(value: str, origins: tuple[Origin, ...]) -> NginxWord:
    return NginxWord(value, value, HOLE, origins)
