"""What was meant by a text that is no span of time, and no quantity: read only when there is something to explain."""

from __future__ import annotations

import re
from fractions import Fraction

from servespec.deployment.durations import Duration
from servespec.deployment.quantities import Quantity

_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,3})?"
_TIMES = re.compile(rf"(?:{_NUMBER} ?[a-z]+(?:,? (?:and )?)?)+", re.ASCII)
_TIME = re.compile(rf"({_NUMBER}) ?([a-z]+)", re.ASCII)
_ISO = re.compile(r"pt((?:[0-9]{1,9}[hms])+)", re.ASCII)
_UNITS = {
    1: ("ms", "msec", "msecs", "milli", "millis", "millisecond", "milliseconds"),
    1_000: ("s", "sec", "secs", "second", "seconds"),
    60_000: ("m", "min", "mins", "minute", "minutes"),
    3_600_000: ("h", "hr", "hrs", "hour", "hours"),
    86_400_000: ("d", "day", "days"),
}
_BYTES = re.compile(rf"({_NUMBER})([kmgt])(i?)(?:b|bytes?)?", re.ASCII | re.IGNORECASE)
_MILLICORES = re.compile(r"([0-9]{1,9})(?:mi|(?i:m|mc|mcpus?|millis?|milli-?cores?|milli-?cpus?))", re.ASCII)
_CORES = re.compile(rf"({_NUMBER})(?:c|cores?|v?cpus?)", re.ASCII | re.IGNORECASE)
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{1,2}(?![0-9]))", re.ASCII)


def time(text: str) -> str | None:
    """The span of time: `5m` for `5 mins`, `24h` for `1d`, `90m` for `1.5h`; None when nobody can tell."""
    folded = _COMMA.sub(".", text.strip().lower())
    if iso := _ISO.fullmatch(folded):
        return iso[1]
    if not _TIMES.fullmatch(folded):
        return None
    sizes = {word: size for size, words in _UNITS.items() for word in words}
    parts = [(number, sizes.get(word)) for number, word in _TIME.findall(folded)]
    total = sum(Fraction(number) * (size or 0) for number, size in parts)
    meant = str(Duration(int(total)))
    exact = total.denominator == 1 and all(size for _, size in parts)
    return meant if exact and Duration.parse(meant) else None


def memory(text: str) -> tuple[str, ...]:
    """The amounts that may be meant, the likeliest first: `1GiB` is one, and `1GB` may be two."""
    plain = _COMMA.sub(".", text).replace(" ", "")
    match = _BYTES.fullmatch(plain)
    if match is None:
        return ()
    number, letter, binary = match.groups()
    two, ten = f"{number}{letter.upper()}i", f"{number}{'k' if letter in 'kK' else letter.upper()}"
    if binary:
        return (two,)
    return (ten,) if plain == ten else (two, ten)


def cores(text: str) -> tuple[str, ...]:
    """The number of cores, if there is one: `500m` for `500 millicores`, `2` for `2 cores`."""
    plain = _COMMA.sub(".", text).replace(" ", "")
    if match := _MILLICORES.fullmatch(plain):
        return (f"{match[1]}m",)
    match = _CORES.fullmatch(plain)
    number = match[1] if match else plain if plain[-1:].isdecimal() else ""
    meant = Quantity.parse(number)
    return (meant.text,) if meant else ()
