"""The figures: what is measured against what, and the goal of each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from process import Command, Ratio, compare, sample
from projects import Lab, plain_writing, settle

_SPECS = 1000
_TARGETS = "targets: {torchserve: {}, docker: {}, compose: {}, client: {}, kubernetes: {namespace: ml}}\n"
_ACCEPTED = "suppress: [{rule: runtime-end-of-life, reason: a bench}, {rule: local-image, reason: a bench}]\n"
_PASS = Command((sys.executable, "-c", "pass"))
# What a tool like this one can't do without: a command line, a YAML reader, and one model.
_MODEL = "import click, yaml, pydantic\nclass Model(pydantic.BaseModel):\n    name: str\n"
_PEER = Command((sys.executable, "-c", _MODEL))
_SERVESPEC = str(Path(sys.executable).with_name("servespec"))


@dataclass(frozen=True)
class Figure:
    """One row of the table: what was measured, the goal, and whether it is met."""

    what: str
    goal: str
    value: str
    met: bool
    detail: str = ""


def figures(root: Path, *, runs: int) -> Iterator[Figure]:
    """All figures, one after the other."""
    yield _ratio("`servespec --help`", 5, compare(_command(Lab(root / "help"), "--help"), _PASS, runs=runs))
    yield _ratio("`build`, nothing to do", 6, compare(_nothing_to_do(Lab(root / "noop")), _PASS, runs=runs))
    check = _nothing_to_do(Lab(root / "check"), "--check")
    yield _ratio("`build --check`, nothing changed", 6, compare(check, _PASS, runs=runs))
    first = Lab(root / "first").fill(1)
    yield _ratio("`validate` of the example", 1.3, compare(_first(first, "validate"), _PEER, runs=runs))
    one_of_many = compare(_one_changed(Lab(root / "some").fill(100)), _PEER, runs=runs)
    yield _ratio("`validate` of 100 specs, one of them changed", 1.6, one_of_many)
    build = compare(_first(first, "build"), _PEER, runs=runs)
    yield _ratio("`build` of the example", 1.8, build)
    yield Figure("peak memory of that `build`", "≤ 80 MiB", f"{build.subject.peak:.0f} MiB", build.subject.peak <= 80)
    yield from _many(Lab(root / "many").fill(_SPECS, more=_TARGETS + _ACCEPTED), runs=runs)


def _command(lab: Lab, *arguments: str) -> Command:
    lab.projects.mkdir(parents=True, exist_ok=True)
    return Command((_SERVESPEC, *arguments), str(lab.projects), {**os.environ, "XDG_CACHE_HOME": str(lab.cache)})


def _first(lab: Lab, name: str) -> Command:
    command = _command(lab, name, "p000/serving.yaml")
    return Command(command.argv, command.cwd, command.environment, before=lab.forget)


def _nothing_to_do(lab: Lab, *more: str) -> Command:
    write, command = (_command(lab, "build", "p000/serving.yaml", *options) for options in ((), more))
    lab.fill(1)
    for step in (write, command):  # one that writes, one that finds nothing to do and remembers it
        sample(step)
        settle()
    return command


def _one_changed(lab: Lab) -> Command:
    """A run in which all specs but one are remembered."""
    command = _command(lab, "validate", ".")
    sample(command)
    settle()
    return Command(command.argv, command.cwd, command.environment, before=lab.change_one)


def _many(lab: Lab, *, runs: int) -> Iterator[Figure]:
    command = _command(lab, "build", ".")
    built = sample(command)
    floor = (
        f", {built.cpu:.2f} s of processor time; {plain_writing(lab):.2f} s for a plain loop that writes the same files"
    )
    yield _rate(f"{_SPECS:,} specs with five targets each, first build", 150, built.wall, more=floor)
    # The most that one of the processes had, for each processor one and the one that shares out; most of it is shared.
    memory = built.peak * (1 + len(os.sched_getaffinity(0)))
    yield Figure("memory of that build, of all its processes", "≤ 250 MiB", f"{memory:.0f} MiB", memory <= 250)
    settle()
    check = _command(lab, "build", "--check", ".")
    sample(check)
    settle()
    yield _ratio(f"`build --check` of {_SPECS:,} specs, nothing changed", 60, compare(check, _PASS, runs=runs))


def _ratio(what: str, goal: float, ratio: Ratio) -> Figure:
    reference = "`python -c pass`" if goal >= 5 else "click, yaml and one model"
    times = f"{ratio.subject.wall * 1000:.0f} ms to {ratio.reference.wall * 1000:.0f} ms"
    detail = f"{times}; processor time {ratio.cpu:.2f} ×"
    return Figure(what, f"≤ {goal:g} × {reference}", f"{ratio.wall:.2f} ×", ratio.wall <= goal, detail)


def _rate(what: str, goal: int, seconds: float, *, more: str = "") -> Figure:
    rate = _SPECS / seconds
    return Figure(what, f"≥ {goal:,} a second", f"{rate:,.0f} a second", rate >= goal, f"{seconds:.2f} s{more}")
