"""Pieces of a Dockerfile. A newline ends an instruction whatever the quotes say, so no piece ever holds one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from servespec.artifacts import Origin
from servespec.emit import shell
from servespec.emit.quoted import Quoted, Unwritable
from servespec.emit.shape import HOLE, encodable
from servespec.records import dataclass

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_JSON_CONTROL = re.compile(r"[\x7f-\x9f\u2028\u2029]")  # json.dumps escapes the others itself
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?")
_STAGE = re.compile(r"[a-z][a-z0-9-]*")
_USER = re.compile(r"(?:[a-z_][a-z0-9_-]*|[0-9]+)(?::(?:[a-z_][a-z0-9_-]*|[0-9]+))?")

# The grammar of github.com/distribution/reference, which the engine itself reads references by.
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_PATH = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_IMAGE = re.compile(rf"(?P<name>(?:{_DOMAIN}/)?{_PATH}(?:/{_PATH})*)(?::{_TAG})?(?:@{_DIGEST})?")


@dataclass(frozen=True, slots=True)
class DockerWord(Quoted):
    """A value, or a list of them, as one argument of an instruction."""


@dataclass(frozen=True, slots=True)
class RunWord(shell.ShellWord):
    """A command line that both the Dockerfile and the shell behind RUN read back."""


def word(value: str, *origins: Origin) -> DockerWord:
    """The value in double quotes, for WORKDIR and for what stands after `=` in ENV, LABEL and ARG."""
    return DockerWord(f'"{_escaped(value, quotes=_DOUBLE)}"', value, HOLE, origins)


def exec_form(argv: Sequence[str], *origins: Origin) -> DockerWord:
    """A JSON array for RUN, CMD, ENTRYPOINT and HEALTHCHECK CMD: no shell, no expansion, any character but NUL."""
    if not argv or any("\0" in item for item in argv):
        raise Unwritable("a command needs a program, and no argument holds NUL")
    return _array(argv, argv, origins)


def copy_form(sources: Sequence[str], destination: str, *origins: Origin) -> DockerWord:
    """A JSON array for COPY, where `$` and quotes are still expanded and the sources are patterns."""
    if any("\\" in source for source in sources):
        raise Unwritable("a source of COPY that holds a backslash is a pattern for something else")
    patterns = [re.sub(r"[*?\[]", r"[\g<0>]", source) for source in sources]
    written = [_escaped(item, quotes=_BARE) for item in (*patterns, destination)]
    return _array(written, [*sources, destination], origins)


def image(reference: str, *origins: Origin) -> DockerWord:
    """A reference to an image, as FROM and `COPY --from` take it."""
    match = _IMAGE.fullmatch(reference)
    if match is None or len(match["name"]) > 255:
        raise Unwritable(f"{reference!r} is no reference to an image")
    return _bare(reference, origins)


def stage(name: str, *origins: Origin) -> DockerWord:
    """The name of a build stage, for `FROM … AS` and `COPY --from=`."""
    return _matching(_STAGE, name, origins)


def integer(value: int, *origins: Origin) -> DockerWord:
    """A whole number."""
    return _bare(f"{value:d}", origins)


def port(number: int, *origins: Origin, protocol: str = "tcp") -> DockerWord:
    """A port for EXPOSE, such as `8080/tcp`."""
    if not 0 < number < 65536 or protocol not in ("tcp", "udp"):
        raise Unwritable(f"{number}/{protocol} is no port")
    return _bare(f"{number:d}/{protocol}", origins)


def user(value: str, *origins: Origin) -> DockerWord:
    """A user and maybe a group, by name or by number, for USER and `--chown`."""
    return _matching(_USER, value, origins)


def variable(name: str, *origins: Origin) -> DockerWord:
    """A name that ENV and ARG can set."""
    return _matching(_VARIABLE, name, origins)


def label(key: str, *origins: Origin) -> DockerWord:
    """A key of LABEL. BuildKit looks for its `=` before it looks for quotes, so a key goes without both."""
    return _matching(_KEY, key, origins)


def run_command(argv: Sequence[str], *origins: Origin) -> RunWord:
    """One command line for RUN, where the shell is wanted around it; else take `exec_form`."""
    if not argv:
        raise Unwritable("a command needs a program")
    program = shell.quote_program(_without_control(argv[0]))
    # RUN reads flags of its own until the first word that is none.
    texts = [f"'{program}'" if program.startswith("-") else program]
    texts += (shell.quote(_without_control(item)) for item in argv[1:])
    return RunWord(" ".join(texts), "\0".join(argv), " ".join([HOLE] * len(argv)), origins)


_DOUBLE = re.compile(r'[\\"$]')
_BARE = re.compile(r"""[\\"'$]""")


def _escaped(value: str, *, quotes: re.Pattern[str]) -> str:
    # BuildKit's shell lexer: a backslash makes these literal; it is no escape before anything else.
    return quotes.sub(r"\\\g<0>", _without_control(value))


def _without_control(value: str) -> str:
    if match := _CONTROL.search(value):
        raise Unwritable(f"a Dockerfile cannot carry the control character {match[0]!r}")
    return encodable(value)


def _array(written: Sequence[str], plain: Sequence[str], origins: tuple[Origin, ...]) -> DockerWord:
    text = json.dumps([encodable(item) for item in written], ensure_ascii=False)
    return DockerWord(
        _JSON_CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text),
        "\0".join(plain),
        json.dumps([HOLE] * len(written), ensure_ascii=False),
        origins,
    )


def _matching(pattern: re.Pattern[str], value: str, origins: tuple[Origin, ...]) -> DockerWord:
    if not pattern.fullmatch(value):
        raise Unwritable(f"{value!r} cannot stand in a Dockerfile without quotes")
    return _bare(value, origins)


def _bare(value: str, origins: tuple[Origin, ...]) -> DockerWord:
    return DockerWord(value, value, HOLE, origins)
