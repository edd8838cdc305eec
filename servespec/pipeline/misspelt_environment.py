"""A file that was probably meant for another environment. Start-up: loaded where a file's is not declared."""

from __future__ import annotations

from collections.abc import Collection
from itertools import takewhile
from operator import eq

from servespec.diagnostics.types import Diagnostic, Label, warning
from servespec.diagnostics.wording import shown

_SHORTEST = 5
"""Letters of a word that is not another word with one letter changed, as `live` and `lite` are."""


def misspelt_environment(at: Label, name: str, likely: str, *, file: str) -> Diagnostic:
    """A file is an overlay of an environment of its own, and its name is that of a declared one but for a slip.

    The declared environment would be compiled without what the file says.

    Bad:
    ```yaml
    # beside it is serving.stagign.yaml
    environments: {staging: {}}
    ```
    Good:
    ```yaml
    # beside it is serving.staging.yaml
    environments: {staging: {}}
    ```
    """
    return warning(
        "misspelt-environment",
        f"{shown(name)} is not one of the declared environments",
        at,
        help=f"rename the file to `{file}`, or declare `{name}` under `environments` as well",
        notes=(f"`environments` declares `{likely}`, and the file makes another one",),
    )


def likely_environment(name: str, declared: Collection[str]) -> str:
    """The declared environment that the name is but for one slip inside a word; nothing when there is none, or several.

    The ends of words tell environments apart that are named alike: `tenant-a` and `tenant-b`, `eu1` and `eu2`.
    """
    near = [other for other in declared if _is_slip(name.split("-"), other.split("-"))]
    return near[0] if len(near) == 1 else ""


def _is_slip(words: list[str], others: list[str]) -> bool:
    pairs = [(word, other) for word, other in zip(words, others, strict=False) if word != other]
    return len(words) == len(others) and len(pairs) == 1 and _slipped(*pairs[0])


def _slipped(word: str, other: str) -> bool:
    """Whether a letter inside is another one, too many or missing, or two neighbours have changed places."""
    begin = _shared(word, other)
    word, other, longest = word[begin:], other[begin:], max(len(word), len(other))
    end = _shared(word[::-1], other[::-1])
    wrong, right = word[: len(word) - end], other[: len(other) - end]
    if begin == 0 or longest < _SHORTEST or not (wrong + right).isalpha():
        return False
    return wrong == right[::-1] if len(right) == 2 else end > 0 and len(wrong) <= 1 and len(right) <= 1


def _shared(word: str, other: str) -> int:
    """The number of letters that both begin with."""
    return len([*takewhile(bool, map(eq, word, other))])
