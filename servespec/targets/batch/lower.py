"""The files of the batch target."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.artifacts import Artifact, Bundle, Language, Member, Packed
from servespec.deployment.batch import Batch
from servespec.deployment.scorer import connections
from servespec.deployment.types import Deployment
from servespec.emit import python, requirements, shell, template
from servespec.targets.batch.container import container
from servespec.targets.batch.literal import literal
from servespec.targets.batch.model import model_files, sent
from servespec.targets.batch.packages import packages
from servespec.targets.contract import Context, Lowered
from servespec.targets.scorer import model_modules, scorer_modules

_MODULES = (
    "columns", "interval", "progress", "publishing", "reading", "rows", "scoring", "storage", "writing",
)  # fmt: skip


def lower(deployment: Deployment, context: Context) -> Lowered:
    """The program, the modules that it is made of, and what it needs installed."""
    assert deployment.batch is not None
    files = model_files(deployment, context)
    spec = python.literal(literal(deployment, files), column=len("SPEC = "))
    artifacts = (
        Artifact("score.py", template.render("batch/score.py", {"spec": spec}), Language.PYTHON),
        *(_module(name, path) for name, path in sorted(_modules(deployment, deployment.batch))),
        Artifact("requirements.txt", requirements.dump(packages(deployment, context.facts)), Language.REQUIREMENTS),
    )
    if deployment.batch.run_on == "spark":
        artifacts = (*artifacts, *_for_spark(artifacts))
    scripts = tuple(item.path for item in artifacts if item.language is Language.PYTHON)
    return Lowered(
        Bundle("batch", artifacts, (_run(deployment, context),)), container(deployment, context, files, scripts)
    )


def _for_spark(artifacts: tuple[Artifact, ...]) -> Iterator[Artifact]:
    """The job, and the archive by which its tasks have the scorer."""
    yield Artifact("score_spark.py", template.render("batch/score_spark.py", {}), Language.PYTHON)
    scripts = sorted(item.path for item in artifacts if item.language is Language.PYTHON)
    yield Artifact("scorer.zip", Packed(tuple(Member(path, artifact=path) for path in scripts)), Language.ZIP)


def _modules(deployment: Deployment, batch: Batch) -> Iterator[tuple[str, str]]:
    """Each module that this spec needs, and its template."""
    if storages := {found.type for found in connections(deployment)}:
        yield "kept", "batch/scorer/kept.py"
        yield from ((storage, f"batch/storages/{storage}.py") for storage in storages)
    yield from ((name, f"batch/scorer/{name}.py") for name in _MODULES)
    for data_format in {batch.input.format, batch.output.format}:
        yield data_format, f"batch/formats/{data_format}.py"
    yield from (*scorer_modules(), *model_modules(deployment.model.format))


def _module(name: str, path: str) -> Artifact:
    return Artifact(f"scorer/{name}.py", template.render(path, {}), Language.PYTHON)


def _run(deployment: Deployment, context: Context) -> str:
    """The command line that scores the first interval, in an environment with the requirements."""
    assert deployment.batch is not None
    folder, path = context.output.of("batch"), model_files(deployment, context).path
    start = deployment.batch.schedule.start.text[: len("2026-01-01")]
    given = [shell.option("--model", path), shell.option("--interval-start", start)]
    if deployment.batch.run_on != "spark":
        return shell.command(["python", posixpath.join(folder, "score.py"), *given]).text
    archive = shell.option("--py-files", posixpath.join(folder, "scorer.zip"))
    files = [shell.option("--files", path)] if sent(deployment, path) else []
    return shell.command(["spark-submit", archive, *files, posixpath.join(folder, "score_spark.py"), *given]).text
