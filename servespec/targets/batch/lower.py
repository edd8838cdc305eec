"""The files of the batch target."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.artifacts import Artifact, Bundle, Language
from servespec.deployment.batch import Batch
from servespec.deployment.types import Deployment
from servespec.emit import python, requirements, shell, template
from servespec.targets.batch.container import container
from servespec.targets.batch.literal import literal
from servespec.targets.batch.model import model_files
from servespec.targets.batch.packages import packages
from servespec.targets.contract import Context, Lowered

_MODULES = ("estimators", "failure", "interval", "outcome", "progress", "publishing", "reading", "rows", "scoring",
            "storage", "writing")  # fmt: skip
_BY_METHODS = ("sklearn", "xgboost", "mlflow")
"""Formats whose models have methods as scikit-learn's have."""
_MODEL = {"pytorch": "torch", "torchscript": "torch"}


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
    scripts = tuple(item.path for item in artifacts if item.language is Language.PYTHON)
    return Lowered(
        Bundle("batch", artifacts, (_run(deployment, context),)), container(deployment, context, files, scripts)
    )


def _modules(deployment: Deployment, batch: Batch) -> Iterator[tuple[str, str]]:
    """Each module that this spec needs, and its template."""
    model = deployment.model.format
    for name in _MODULES:
        if name != "estimators" or model in _BY_METHODS:
            yield name, f"batch/scorer/{name}.py"
    for data_format in {batch.input.format, batch.output.format}:
        yield data_format, f"batch/formats/{data_format}.py"
    yield "model", f"batch/models/{_MODEL.get(model, model)}.py"


def _module(name: str, path: str) -> Artifact:
    return Artifact(f"scorer/{name}.py", template.render(path, {}), Language.PYTHON)


def _run(deployment: Deployment, context: Context) -> str:
    """The command line that scores the first interval here, in an environment with the requirements."""
    assert deployment.batch is not None
    model = model_files(deployment, context)
    start = deployment.batch.schedule.start.text[: len("2026-01-01")]
    script = posixpath.join(context.output.of("batch"), "score.py")
    return shell.command(
        ["python", script, shell.option("--model", model.path), shell.option("--interval-start", start)]
    ).text
