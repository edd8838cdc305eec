"""`python bench [RUNS]`: a Markdown table of how long servespec takes and how much memory, beside the goals."""

from __future__ import annotations

import compileall
import sys
import tempfile
from pathlib import Path

from figures import Figure, figures

_RUNS = 10


def main() -> None:
    """Print the table; figures vary with the machine, so a missed goal is told and is no failure."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else _RUNS
    compileall.compile_dir(Path(__file__).parents[1] / "servespec", quiet=1)
    print(f"Median of {runs} fresh processes, each run in turn with its reference.\n")
    print("| | goal | measured | met | |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="servespec-bench-") as folder:
        for figure in figures(Path(folder), runs=runs):
            print(_row(figure), flush=True)


def _row(figure: Figure) -> str:
    return f"| {figure.what} | {figure.goal} | {figure.value} | {'yes' if figure.met else 'no'} | {figure.detail} |"


main()
