"""The table of all harnesses: made while they run, printed, and kept in docs/trust.md."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
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
    print(_HEAD, flush=True)
    well = True
    for name in asked.names or harnesses:
        rows, whole = _rows(name, scale)
        well = well and whole and all(row.well for row in rows)
        if asked.write and whole:
            text = page_at.read_text("utf-8") if page_at.exists() else ""
            page_at.write_text(page.updated(text, name, rows, order=known), "utf-8")
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


def _rows(name: str, scale: Scale) -> tuple[list[Row], bool]:
    """The rows of a harness, printed as they come, and whether it went to its end: one that breaks proves nothing."""
    rows: list[Row] = []
    began = time.monotonic()
    try:
        for row in import_module(f"trust.{name}").run(scale):
            rows.append(row)
            _print(name, row)
    except Exception:
        traceback.print_exc()
        _print(name, Row("the harness itself", "broke", 1, 0, time.monotonic() - began))
        return rows, False
    return rows, True


def _print(name: str, row: Row) -> None:
    print(f"| {name} {page.cells(row)}", flush=True)
    for line in row.details[:_SHOWN]:
        print(f"trust: {name}: {line}", file=sys.stderr, flush=True)
    if len(row.details) > _SHOWN:
        print(f"trust: {name}: and {len(row.details) - _SHOWN} more", file=sys.stderr, flush=True)
