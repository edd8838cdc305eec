"""What the compiled stacks do under load, beside the same model served otherwise, in one run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from figures import Figure
from load import Load, load
from servers import Served, running
from stacks import stacks, train

_SECONDS = 5
_WARM = 2
_FEW, _MANY = 1, 8
_TOLERANCE = 1e-4


@dataclass(frozen=True)
class Measured:
    """One way to serve the model: the median of all rounds."""

    name: str
    one: Load
    many: Load
    memory: float
    """MiB under load."""
    start: float
    """Seconds to the first answer."""


def measured(root: Path, *, rounds: int) -> tuple[Measured, ...]:
    """Every way to serve the model, each in turn in every round, so that a busy machine falls on all alike."""
    train(root / "models")
    ways = tuple(stacks(root / "models", root))
    taken = [[_sample(way, root) for way in ways] for _ in range(rounds)]
    _require_one_model([answer for answer, _ in taken[0]])
    return tuple(_middle([sample for _, sample in column]) for column in zip(*taken, strict=True))


def figures(found: tuple[Measured, ...]) -> Iterator[Figure]:
    """What is wanted of the stacks, in the order of `stacks`."""
    onnx, onnx_own, sklearn, sklearn_own, _, mlflow = found
    most = "with 8 clients, of `mlflow models serve`"
    yield _at_least(f"requests a second of `onnxruntime` {most}", 5, onnx.many.rate / mlflow.many.rate)
    yield _at_most(f"p99 of `onnxruntime` {most}", 0.25, onnx.many.p99 / mlflow.many.p99)
    yield _at_most("memory of `onnxruntime`, of `mlflow models serve`", 0.4, onnx.memory / mlflow.memory)
    for name, ours, own in (("onnxruntime", onnx, onnx_own), ("mlserver", sklearn, sklearn_own)):
        for clients, mine, other in ((_FEW, ours.one, own.one), (_MANY, ours.many, own.many)):
            what = f"requests a second of `{name}` with {clients}, of MLServer by its own defaults"
            yield _at_least(what, 1, mine.rate / other.rate)


def row(item: Measured) -> str:
    """A row of the table."""
    loads = " | ".join(f"{one.rate:,.0f} | {one.p50:.1f} | {one.p99:.1f}" for one in (item.one, item.many))
    return f"| {item.name} | {loads} | {item.memory:.0f} | {item.start:.1f} |"


def _sample(way: Served, root: Path) -> tuple[bytes, Measured]:
    with running(way) as server:
        load(way.url, way.body, clients=_MANY, seconds=_WARM, folder=root)
        one, many = (load(way.url, way.body, clients=n, seconds=_SECONDS, folder=root) for n in (_FEW, _MANY))
        memory = server.memory(without_first=way.starter)
        return server.answer, Measured(way.name, one, many, memory, server.seconds)


def _middle(samples: list[Measured]) -> Measured:
    """The median of each figure."""

    def middle(loads: list[Load]) -> Load:
        return Load(*(median(getattr(item, name) for item in loads) for name in ("rate", "p50", "p99")))

    return Measured(
        samples[0].name,
        middle([item.one for item in samples]),
        middle([item.many for item in samples]),
        median(item.memory for item in samples),
        median(item.start for item in samples),
    )


def _require_one_model(answers: list[bytes]) -> None:
    """Stops when the servers disagree: then they would not be doing the same work."""
    said = [_probabilities(json.loads(answer)) for answer in answers]
    for other in said[1:]:
        if any(abs(a - b) > _TOLERANCE for a, b in zip(said[0], other, strict=True)):
            raise SystemExit(f"bench: the servers disagree: {said}")


def _probabilities(answer: Any) -> list[float]:
    found = answer["outputs"][0]["data"] if "outputs" in answer else answer["predictions"][0]
    return [float(value) for value in found]


def _at_least(what: str, goal: float, value: float) -> Figure:
    return Figure(what, f"≥ {goal:g} ×", f"{value:.2f} ×", value >= goal)


def _at_most(what: str, goal: float, value: float) -> Figure:
    return Figure(what, f"≤ {goal:g} ×", f"{value:.2f} ×", value <= goal)
