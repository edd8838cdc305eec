"""From a model and a few lines to the context of an image: as servespec does it, and as the closest packagers do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from figures import Figure
from process import Command, compare, sample

_ROOT = Path(__file__).parents[1]
_PACKAGERS = Path(__file__).parent / "packagers"
_EXAMPLE = _ROOT / "examples" / "02-onnxruntime-fraud-detector"
_MODEL = "fraud_detector.onnx"
_SERVESPEC = str(Path(sys.executable).with_name("servespec"))
_GOAL = 5
_MANY = 20


def figures(folder: Path, *, runs: int) -> Iterator[Figure]:
    """How many times as long as a first build of servespec each packager takes, for the same model."""
    ours, many = _ours(folder / "servespec"), _ours_of_many(folder / "many")
    together = median(sample(many).wall for _ in range(runs))
    for theirs, what in (
        (_truss(folder / "truss"), "`truss image build-context`"),
        (_bento(folder), "`bentoml build`"),
    ):
        ratio = compare(theirs, ours, runs=runs)
        times = f"{ratio.subject.wall * 1000:.0f} ms to {ratio.reference.wall * 1000:.0f} ms"
        detail = (
            f"{times}; processor time {ratio.cpu:.1f} ×; {ratio.subject.peak:.0f} to {ratio.reference.peak:.0f} MiB"
        )
        goal = f"≥ {_GOAL} × a first `servespec build`"
        yield Figure(what, goal, f"{ratio.wall:.1f} ×", ratio.wall >= _GOAL, detail)
        all_ = _MANY * ratio.subject.wall / together
        detail = f"{_MANY} times the above to {together * 1000:.0f} ms for all of them in one run"
        yield Figure(f"{what}, for {_MANY} models", goal, f"{all_:.1f} ×", all_ >= _GOAL, detail)


def _ours(project: Path) -> Command:
    shutil.copytree(_EXAMPLE, project, ignore=shutil.ignore_patterns("deploy", "README.md"))
    return _build(project, "serving.yaml")


def _ours_of_many(folder: Path) -> Command:
    for number in range(_MANY):
        project = folder / f"p{number:02}"
        shutil.copytree(_EXAMPLE, project, ignore=shutil.ignore_patterns("deploy", "README.md"))
        spec = project / "serving.yaml"
        spec.write_text(
            spec.read_text("utf-8").replace("name: fraud-detector\n", f"name: fraud-{number:02}\n"), "utf-8"
        )
    return _build(folder, ".")


def _build(folder: Path, path: str) -> Command:
    """A first build: without outputs, and with nothing remembered."""
    cache = folder.parent / f"{folder.name}-cache"

    def forget() -> None:
        for left in (cache, *folder.glob("**/deploy")):
            shutil.rmtree(left, ignore_errors=True)

    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    return Command((_SERVESPEC, "build", path), str(folder), environment, before=forget)


def _truss(project: Path) -> Command:
    shutil.copytree(_PACKAGERS / "truss", project)
    (project / "data").mkdir()
    shutil.copy(_EXAMPLE / "model" / _MODEL, project / "data")
    made = project.parent / "truss-context"
    program = str(_ROOT / ".e2e" / "truss" / "bin" / "truss")
    argv = (program, "image", "build-context", "--non-interactive", str(made), str(project))
    return Command(argv, str(project), before=lambda: shutil.rmtree(made, ignore_errors=True))


def _bento(folder: Path) -> Command:
    project, home = folder / "bentoml", folder / "bentoml-home"
    shutil.copytree(_PACKAGERS / "bentoml", project)
    shutil.copy(_EXAMPLE / "model" / _MODEL, project)
    environment = {**os.environ, "BENTOML_HOME": str(home), "BENTOML_DO_NOT_TRACK": "True"}
    program = str(_ROOT / ".e2e" / "bentoml" / "bin" / "bentoml")
    return Command(
        (program, "build"), str(project), environment, before=lambda: shutil.rmtree(home, ignore_errors=True)
    )
