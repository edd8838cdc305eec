"""`python bench compiling|packaging|serving|scoring|dags|streaming [RUNS]`: what was measured, beside the goals."""

from __future__ import annotations

import compileall
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import dags
import figures
import packaging
import scoring
import serving
import streaming
from figures import Figure

_RUNS = {"compiling": 10, "packaging": 5, "serving": 3, "scoring": 3, "dags": 5, "streaming": 3}


def main() -> None:
    """Print the tables; figures vary with the machine, so a missed goal is told and is no failure."""
    what = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else _RUNS[what]
    compileall.compile_dir(Path(__file__).parents[1] / "servespec", quiet=1)
    with tempfile.TemporaryDirectory(prefix="servespec-bench-") as folder:
        _TABLES[what](Path(folder), runs)


def _compiling(folder: Path, runs: int) -> None:
    print(f"Median of {runs} fresh processes, each run in turn with its reference.\n")
    _table(figures.figures(folder, runs=runs))


def _packaging(folder: Path, runs: int) -> None:
    print(f"From one model to an image's context. Median of {runs} fresh processes, each run in turn with ours.\n")
    _table(packaging.figures(folder, runs=runs))


def _serving(folder: Path, runs: int) -> None:
    print(f"One row a request, in a closed loop: medians of {runs} rounds, in which each has its turn.\n")
    print("| served by | requests/s, 1 client | p50 ms | p99 ms | 8 clients | p50 ms | p99 ms | memory MiB | start s |")
    print("|---|---|---|---|---|---|---|---|---|")
    found = serving.measured(folder, rounds=runs)
    print("".join(f"{serving.row(item)}\n" for item in found))
    _table(serving.figures(found))


def _scoring(folder: Path, runs: int) -> None:
    print(
        f"Four features a row; of times, the median of {runs} fresh processes, each run in turn with its reference.\n"
    )
    _table(scoring.figures(folder, runs=runs))


def _dags(folder: Path, runs: int) -> None:
    print(f"Reading a DAG file; the median of {runs} fresh processes, each run in turn with its reference.\n")
    _table(dags.figures(folder, runs=runs))


def _streaming(folder: Path, runs: int) -> None:
    print(
        f"Between two topics of one broker here; medians of {runs} runs, each in turn with that of the loop by hand.\n"
    )
    _table(streaming.figures(folder, runs=runs))


def _table(rows: Iterable[Figure]) -> None:
    print("| | goal | measured | met | |")
    print("|---|---|---|---|---|")
    for figure in rows:
        print(_row(figure), flush=True)


def _row(figure: Figure) -> str:
    return f"| {figure.what} | {figure.goal} | {figure.value} | {'yes' if figure.met else 'no'} | {figure.detail} |"


_TABLES = {
    "compiling": _compiling,
    "packaging": _packaging,
    "serving": _serving,
    "scoring": _scoring,
    "dags": _dags,
    "streaming": _streaming,
}

main()
