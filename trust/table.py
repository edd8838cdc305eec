"""The table of all harnesses, as many at a time as there are processors: printed, and kept in docs/trust.md."""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

from trust import page
from trust.rows import Row, Scale

_PAGE = Path(__file__).parents[1] / "docs" / "trust.md"
_SHOWN = 20
_HEAD = "| harness | what | tried | found | wanted | seconds |\n|---|---|---|---|---|---|"


def main(
    arguments: Sequence[str], harnesses: Sequence[str], page_at: Path = _PAGE, *, by_hand: Sequence[str] = ()
) -> int:
    """Runs the harnesses that are named, or all but those by hand; 1 when one of them found something."""
    known = (*harnesses, *by_hand)
    asked = _asked(arguments, known)
    scale = Scale.QUICK if asked.quick else Scale.FULL
    names = asked.names or harnesses
    print(_HEAD, flush=True)
    well = True
    # A fork of this process, which has loaded none of them: each begins small.
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), mp_context=get_context("fork")) as pool:
        for name, told in zip(names, pool.map(partial(_told, scale=scale), names), strict=True):
            _print(name, told)
            well = well and not told.broken and all(row.well for row in told.rows)
            if asked.write and not told.broken:
                text = page_at.read_text("utf-8") if page_at.exists() else ""
                page_at.write_text(page.updated(text, name, told.rows, order=known), "utf-8")
    return 0 if well else 1


def _asked(arguments: Sequence[str], harnesses: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="trust", description="Tries to break what servespec promises.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(harnesses)}; all when none is named"
    )
    parser.add_argument("--quick", action="store_true", help="try little, for a look")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/trust.md")
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.names if name not in harnesses]:
        parser.error(f"no harness is called {', '.join(unknown)}")
    if asked.quick and asked.write:
        parser.error("the page has the figures of whole runs only")
    return asked


@dataclass(frozen=True)
class _Told:
    """What a harness came to."""

    rows: tuple[Row, ...]
    broken: str = ""
    """How it broke, if it did: then it proves nothing."""


def _told(name: str, *, scale: Scale) -> _Told:
    rows: list[Row] = []
    began = time.monotonic()
    try:
        rows.extend(import_module(f"trust.{name}").run(scale))
    except Exception:
        rows.append(Row("the harness itself", "broke", 1, 0, time.monotonic() - began))
        return _Told(tuple(rows), traceback.format_exc())
    return _Told(tuple(rows))


def _print(name: str, told: _Told) -> None:
    print(told.broken, end="", file=sys.stderr)
    for row in told.rows:
        print(f"| {name} {page.cells(row)}", flush=True)
        for line in row.details[:_SHOWN]:
            print(f"trust: {name}: {line}", file=sys.stderr, flush=True)
        if len(row.details) > _SHOWN:
            print(f"trust: {name}: and {len(row.details) - _SHOWN} more", file=sys.stderr, flush=True)
