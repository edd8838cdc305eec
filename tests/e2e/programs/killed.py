"""Kills a scorer that publishes, at each line that does it: python killed.py FOLDER MODEL DATA PLACES WHO

WHO is `publish`, a step that is done again, or one of the two parts that `share` the work: the last one is killed, and
then part `0` or `1` is tried again. DATA is a folder for input and results, PLACES says where these are put: `folder`,
or `bucket`, whose file system is this machine's. Prints as JSON how often it was killed, and what readers saw that they
should not have.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import batch_files

DAY = "2026-01-05"
_FUNCTIONS = ("publish", "leave", "_exchange", "_forget", "_sweep")
"""What changes what is there; a file or an object that any of them writes is there when it is whole."""
OLD, NEW = ("old", 20, "amount"), ("new", 30, "hour")
"""Two runs: how many rows of input, and the column that the first of each of its two files lacks."""


def ended(work: Callable[[], int]) -> int:
    """The exit code of what a child of this process does."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            code = work()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


class Killing:
    """A tracer that ends this process for good before a line of those functions of a file."""

    def __init__(self, file: str, lines: int) -> None:
        self.file, self.left = file, lines

    def __call__(self, frame: Any, event: str, given: object) -> Any:
        if frame.f_code.co_filename != self.file or frame.f_code.co_name not in _FUNCTIONS:
            return None
        if event == "line":
            self.left -= 1
            if self.left < 0:
                os._exit(99)
        return self


def rows(place: Path) -> list[dict[str, Any]]:
    """What readers find, who look at each file."""
    current = place / "_current.json"
    found = batch_files.read(str(place / json.loads(current.read_text())["run"] if current.exists() else place))
    listed: list[dict[str, Any]] = found["rows"]
    return listed


class Places:
    """Input and results in a folder, and the scorer that makes one of the other."""

    def __init__(self, score: Any, model: str, folder: str) -> None:
        self.score, self.model, self.folder = score, model, Path(folder)
        self.written = [self.folder / name for name in ("out", "bad")]

    def step(self, name: str, run: str, *more: str) -> int:
        """The exit code of a step."""
        data = [f"--model={self.model}", f"--data={self.folder}", f"--interval-start={DAY}"]
        sys.argv = ["score.py", name, *data, f"--run={run}", *more]
        code: int = self.score.main()
        return code

    def prepare(self, who: str) -> None:
        """The old run is published, and the new one has passed the gates, or one of its parts is scored."""
        begun = [("score",), ("gate",)] if who == "publish" else [("share", "--part=0/2")]
        for (run, count, column), steps in ((OLD, [("score",), ("gate",), ("publish",)]), (NEW, begun)):
            for name in "ab":
                batch_files.write(str(self.folder / "in" / DAY / f"{name}.parquet"), count // 2, spoil={column: "null"})
            codes = [ended(partial(self.step, step, run, *more)) for step, *more in steps]
            assert not any(codes), (run, codes)
        for place in self.written:
            shutil.copytree(place, self.folder / "kept" / place.name)

    def restore(self) -> None:
        """All is as it was prepared."""
        for place in self.written:
            shutil.rmtree(place)
            shutil.copytree(self.folder / "kept" / place.name, place)

    def seen(self) -> list[Any]:
        """How many rows of input readers find the results of, and why two have none."""
        good, bad = (rows(place / DAY) for place in self.written)
        return [len(good) + len(bad), *(row["bad_reason"] for row in bad)]

    def killed(self, file: str, lines: int, *step: str) -> int:
        """The exit code of a step that is killed before it has done so many lines of publishing."""

        def publish() -> int:
            sys.settrace(Killing(file, lines))
            return self.step(step[0], NEW[0], *step[1:])

        return ended(publish)


def main(folder: str, model: str, data: str, where: str, who: str) -> dict[str, Any]:
    """How often it was killed, and what was wrong."""
    sys.path.insert(0, folder)
    import score
    from scorer import publishing

    for kind in ("output", "bad_rows") if where == "bucket" else ():
        score.SPEC[kind]["uri"] = [f"file://{data}/", *score.SPEC[kind]["uri"]]
    places = Places(score, model, data)
    places.prepare(who)
    step, last = (["publish"],) * 2 if who == "publish" else (["share", f"--part={who}/2"], ["share", "--part=1/2"])
    old, new = ([count, *[f"{column} is missing"] * 2] for _, count, column in (OLD, NEW))
    allowed = (old, [old[0], *new[1:]], new)  # bad rows are published first
    tries, wrong, code = 0, [], 99
    while code == 99:
        places.restore()
        code, first = places.killed(publishing.__file__, tries, *last), places.seen()
        again = ended(partial(places.step, step[0], NEW[0], *step[1:]))
        if first not in allowed or (again, places.seen()) != (0, new):
            wrong.append([tries, first, again, places.seen()])
        tries += 1
    return {"tries": tries, "code": code, "wrong": wrong, "left": sorted(os.listdir(places.written[0]))}


print(json.dumps(main(*sys.argv[1:])))
