"""An answer against what an example expects of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from servespec.diagnostics.visible import escaped
from servespec.spans import Value

_SHOWN = 3
_WIDTH = 80


def difference(answer: Value, expected: Value, *, tolerance: float) -> str:
    """What is wrong with an answer, in words; empty when it is as expected.

    Keys that are not expected are not compared; lists are, item by item in their order. A number may be off by
    `tolerance`, whether it is written with a point or not.
    """
    found = list(islice(_differences(answer, expected, tolerance=tolerance, at=""), _SHOWN + 1))
    if len(found) > _SHOWN:
        found[_SHOWN] = "and more"
    return "; ".join(found)


def compared(answer: Value, expected: Value) -> Value:
    """The answer without what nothing is expected of."""
    if isinstance(expected, dict) and isinstance(answer, dict):
        return {key: compared(answer[key], value) for key, value in expected.items() if key in answer}
    if isinstance(expected, list) and isinstance(answer, list):
        return [compared(one, other) for one, other in zip(answer, expected, strict=False)]
    return answer


def _differences(answer: Value, expected: Value, *, tolerance: float, at: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(answer, dict):
        for key, value in expected.items():
            here = f"{at}.{key}" if at else str(key)
            if key in answer:
                yield from _differences(answer[key], value, tolerance=tolerance, at=here)
            else:
                yield f"{_name(here)} is missing"
    elif isinstance(expected, list) and isinstance(answer, list):
        if len(answer) != len(expected):
            yield f"{_name(at)} has {_items(len(answer))}, not {len(expected)}"
        for index, (one, other) in enumerate(zip(answer, expected, strict=False)):
            yield from _differences(one, other, tolerance=tolerance, at=f"{at}[{index}]")
    elif not _same(answer, expected, tolerance):
        within = f" (tolerance {tolerance:g})" if _is_number(expected) and _is_number(answer) else ""
        yield f"{_name(at)} is {shown(answer)}, not {shown(expected)}{within}"


def _same(answer: Value, expected: Value, tolerance: float) -> bool:
    if _is_number(answer) and _is_number(expected):
        try:
            return bool(abs(answer - expected) <= tolerance)  # type: ignore[operator]
        except OverflowError:  # an integer beyond every float
            return answer == expected
    return type(answer) is type(expected) and answer == expected


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _items(count: int) -> str:
    return f"{count} item" if count == 1 else f"{count} items"


def _name(at: str) -> str:
    return f"`{escaped(at)}`" if at else "the answer"


def shown(value: Value) -> str:
    """A value on one short line."""
    return excerpt(json.dumps(value, ensure_ascii=False))


def excerpt(text: str, width: int = _WIDTH) -> str:
    """The beginning of a text on one line, safe to print."""
    return escaped(text if len(text) <= width else f"{text[: width - 1]}…")
