"""Mutations of a spec's text, from single bytes to what only YAML gives a meaning to."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from random import Random
from typing import TypeAlias

Mutation: TypeAlias = Callable[[Random, bytes], bytes]

_PIECES = (
    b"&a ", b"*a", b"<<: *a", b"!!str ", b"!!int ", b"!!python/object:os.system ", b"!", b"{{ x }}", b"{% x %}",
    b"\t", b"'", b'"', b"[", b"]",
    b"{", b"}", b": ", b":", b"- ", b"-", b"? ", b"|", b"|+2\n", b">", b">-", b"%", b"%YAML 1.2\n---\n", b"@", b"`",
    b",", b"#", b" #", b"\\", b"\n", b"\n\n  ",
    b"\r", b"\r\n", b"\0", b"\x1b[31m", b"\x7f", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    BOM_UTF8, b"---\n", b"...\n", b"\xc2\x85", b"\xe2\x80\xa8",
    b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xf0\x9f\x98\x80", b"e\xcc\x81", b"\\ud800", b"\\UFFFFFFFF", b"$(id)",
    b"${X}", b"$$X$$", b"~", b"null", b"y", b"0x10",
    b"1e3", b"1e999", b"-0.0", b".nan", b".inf", b"9" * 400, b"08", b"12:30", b"1_000", b"2001-13-45", b"x" * 3000,
    b"{interval.start:%Y}", b"{interval.start:%",
)  # fmt: skip
_VALUE = re.compile(rb"(?<=: )[^\s#{\[,}\]][^\n#,}\]]*|(?<=- )[^\s#{\[][^\n#]*")
_NUMBER = re.compile(rb"[0-9]+")
_NUMBERS = (
    b"0", b"-1", b"00", b"1.5", b"65536", b"4294967296", b"9223372036854775807", b"9223372036854775808", b"1e308",
    b"1e-400", b"9" * 5000, b"0b1", b"1e1000000",
    b"\xd9\xa1", b"\xef\xbc\x91",
)  # fmt: skip


def cut(rng: Random, data: bytes) -> bytes:
    """Without a piece of it."""
    start, end = _slice(rng, data)
    return data[:start] + data[end:]


def repeated(rng: Random, data: bytes) -> bytes:
    """With a piece of it twice, the second time anywhere."""
    start, end = _slice(rng, data)
    at = rng.randint(0, len(data))
    return data[:at] + data[start:end] + data[at:]


def ended(rng: Random, data: bytes) -> bytes:
    """Its beginning."""
    return data[: rng.randint(0, len(data))]


def flipped(rng: Random, data: bytes) -> bytes:
    """With a few other bytes."""
    new = bytearray(data)
    for _ in range(rng.randint(1, 4) if new else 0):
        new[rng.randrange(len(new))] = rng.randrange(256)
    return bytes(new)


def inserted(rng: Random, data: bytes) -> bytes:
    """With a piece that means something to somebody, anywhere."""
    at = rng.randint(0, len(data))
    return data[:at] + rng.choice(_PIECES) + data[at:]


def revalued(rng: Random, data: bytes) -> bytes:
    """With a piece before, behind or instead of a value."""
    found = list(_VALUE.finditer(data))
    if not found:
        return inserted(rng, data)
    value, piece = rng.choice(found), rng.choice(_PIECES)
    new = rng.choice((piece + value[0], value[0] + piece, piece, b"[" + value[0] + b"]", b"{" + value[0] + b"}"))
    return data[: value.start()] + new + data[value.end() :]


def renumbered(rng: Random, data: bytes) -> bytes:
    """With another number for one, also inside of words."""
    found = list(_NUMBER.finditer(data))
    if not found:
        return inserted(rng, data)
    number = rng.choice(found)
    return data[: number.start()] + rng.choice(_NUMBERS) + data[number.end() :]


def aliased(rng: Random, data: bytes) -> bytes:
    """With an anchor on a value, and the alias, or a merge key that means it, somewhere behind it."""
    found = list(_VALUE.finditer(data))
    if len(found) < 2:
        return inserted(rng, data)
    first, second = sorted(rng.sample(found, 2), key=lambda match: match.start())
    use = rng.choice((b"*a", b"\n  <<: *a", b"{<<: *a}", b"{<<: [*a, *a]}", b"&a *a"))
    return data[: first.start()] + b"&a " + data[first.start() : second.start()] + use + data[second.end() :]


def relined(rng: Random, data: bytes) -> bytes:
    """With a line gone, doubled, moved, or joined to the next."""
    lines = data.split(b"\n")
    index = rng.randrange(len(lines))
    line = lines.pop(index)
    kept = rng.randint(0, 3)
    if kept == 1:
        lines[index:index] = [line, line]
    elif kept == 2:
        lines.insert(rng.randint(0, len(lines)), line)
    elif kept == 3 and index < len(lines):
        lines[index] = line + lines[index]
    return b"\n".join(lines)


def indented(rng: Random, data: bytes) -> bytes:
    """With some lines further in or out, by spaces or a tab."""
    lines = data.split(b"\n")
    first = rng.randrange(len(lines))
    more = rng.choice((b" ", b"  ", b"\t", b"- ", b"", b"", b""))
    for index in range(first, min(first + rng.choice((1, 1, 2, 5, 100)), len(lines))):
        lines[index] = more + lines[index] if more else lines[index].removeprefix(b" ").removeprefix(b" ")
    return b"\n".join(lines)


def rekeyed(rng: Random, data: bytes) -> bytes:
    """With the key of one line at another, so that there are two of it, or none."""
    lines = data.split(b"\n")
    keyed = [index for index, line in enumerate(lines) if b":" in line]
    if not keyed:
        return inserted(rng, data)
    one, other = rng.choice(keyed), rng.choice(keyed)
    lines[other] = lines[one].partition(b":")[0] + b":" + lines[other].partition(b":")[2]
    return b"\n".join(lines)


def encoded(rng: Random, data: bytes) -> bytes:
    """As another editor would save it: other line ends, a mark at its start, two bytes a character."""
    kind = rng.randint(0, 5)
    if kind < 3:
        return data.replace(b"\n", (b"\r\n", b"\r", b"\xc2\x85")[kind])
    if kind < 5:
        return BOM_UTF8 * rng.randint(1, 2) + data
    return data.decode(errors="replace").encode(rng.choice(("utf-16", "utf-16-le", "utf-32", "utf-7")))


TEXT: tuple[Mutation, ...] = (
    cut, repeated, ended, flipped, inserted, inserted, revalued, revalued, renumbered, aliased, relined, relined,
    indented, rekeyed, encoded,
)  # fmt: skip


def _slice(rng: Random, data: bytes) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.choice((1, 1, 2, 4, 16, 100)))
