"""What an unquoted word means: the core schema of YAML 1.2 (10.3.2), and where YAML 1.1 would disagree."""

from __future__ import annotations

import math
import re

from servespec.spans import Scalar

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_BASES = {"0o": 8, "0x": 16}
_MAX_INTEGER_LENGTH = 24  # 64 bits need 20 characters in base ten and 24 in base eight

# https://yaml.org/type/{bool,merge,value,int,float,timestamp}.html, as widely as any reader of YAML 1.1 takes
# them: Go's y/n are text and its 0o17 is a number, PyYAML's are not; dates that do not exist are dates too.
_OLD_WORDS = frozenset(("y", "Y", "n", "N", "=", "<<")) | frozenset(
    form for word in ("yes", "no", "on", "off") for form in (word, word.title(), word.upper())
)
_OLD_NUMBER = re.compile(
    r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o[0-7_]+"
    r"|[0-9][0-9_]*(?::[0-5]?[0-9])++(?:\.[0-9_]*)?"
    r"|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?"
    r"|\.(?:inf|Inf|INF|nan|NaN|NAN))"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?"
)
_NO_TEXT = _OLD_WORDS.union(_WORDS)
_FIRST = frozenset("0123456789+-.")  # no number, old or new, starts with anything else


class OutOfRange(ValueError):
    """A number that no reader of what is emitted could hold."""


def resolve(word: str) -> Scalar:
    """The value of an unquoted scalar."""
    if word[:1] not in _FIRST:
        return _WORDS.get(word, word)
    if _INTEGER.fullmatch(word):
        return _integer(word)
    if _FLOAT.fullmatch(word):
        return _float(word)
    if _NO_NUMBER.fullmatch(word):
        raise OutOfRange(word)
    return word


def is_ambiguous(word: str) -> bool:
    """Whether an unquoted scalar that is text here is something else to a reader of YAML 1.1."""
    return word in _OLD_WORDS or (word[:1] in _FIRST and _OLD_NUMBER.fullmatch(word) is not None)


def is_text(word: str) -> bool:
    """Whether an unquoted scalar is text to every reader."""
    if word[:1] not in _FIRST:
        return word not in _NO_TEXT
    try:
        return isinstance(resolve(word), str) and not is_ambiguous(word)
    except OutOfRange:
        return False


def _integer(word: str) -> int:
    # Length first: int() refuses thousands of digits with an exception of its own, and is slow before that.
    if len(word) > _MAX_INTEGER_LENGTH:
        raise OutOfRange(word)
    base = _BASES.get(word[:2], 10)
    number = int(word, base)
    if not -(1 << 63) <= number < 1 << 63:
        raise OutOfRange(word)
    return number


def _float(word: str) -> float:
    number = float(word)
    mantissa = word.lower().partition("e")[0]
    vanished = number == 0 and mantissa.strip("+-0.") != ""
    if math.isinf(number) or vanished:
        raise OutOfRange(word)
    return number
