"""The files of the tf-serving target."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.artifacts import Artifact, Bundle, Language, Structured
from servespec.deployment.mirrors import placed
from servespec.deployment.saved_model import version_folder
from servespec.deployment.types import Deployment
from servespec.emit import shell, template
from servespec.emit.quoted import Data
from servespec.facts import Kind
from servespec.runtimes import tf_serving as facts
from servespec.targets.container import Container
from servespec.targets.contract import Context, Lowered
from servespec.targets.tf_serving.container import container, model_folders
from servespec.targets.tf_serving.export import can_export, export
from servespec.targets.tf_serving.options import TfServingOptions
from servespec.targets.tf_serving.settings import batching, models_config, monitoring
from servespec.targets.upstream import health_script


def lower(deployment: Deployment, context: Context) -> Lowered:
    """Everything that TensorFlow Serving needs in an image, and the script that exports a Keras model for it."""
    options = context.options
    assert isinstance(options, TfServingOptions)
    files = tuple(_files(deployment, options))
    made = container(deployment, context, files, options=options)
    exports = (export(deployment),) if can_export(deployment) else ()
    bundle = Bundle("tf-serving", (*files, *exports), tuple(_commands(deployment, context, options, made)))
    return Lowered(bundle, made)


def _files(deployment: Deployment, options: TfServingOptions) -> Iterator[Artifact]:
    yield _config("models.config", models_config(deployment, options))
    yield _config("monitoring.config", monitoring())
    if deployment.runtime.micro_batch.size > 1:
        yield _config("batching_parameters.txt", batching(deployment))
    entry = template.render("tf-serving/entrypoint.sh", {})
    yield Artifact("entrypoint.sh", entry, Language.SHELL, executable=True)
    yield health_script()


def _config(path: str, data: dict[str, Data]) -> Artifact:
    return Artifact(path, Structured(data), Language.TEXTPROTO)


def _commands(deployment: Deployment, context: Context, options: TfServingOptions, made: Container) -> Iterator[str]:
    """The export where there is nothing to serve yet, and the run of the server's own image with what was emitted."""
    folder = version_folder(deployment.model, context.facts, version=deployment.model.version)
    script = posixpath.join(context.output.of("tf-serving"), "export.py")
    if can_export(deployment) and context.facts.file(folder).kind is Kind.MISSING:
        yield shell.command(["python", script, f"{deployment.model.name}.keras", folder]).text
    files = (context.output.of("tf-serving"), facts.SERVER.home.value)
    security = deployment.security
    mounts = [files, *model_folders(deployment, context, options)]
    yield shell.command(
        [
            *("docker", "run", "--rm", "--init", f"--user={security.run_as_user}:{security.run_as_group}"),
            *(f"--publish=127.0.0.1:{port.number}:{port.number}" for port in made.ports),
            *(f"--volume=./{source}:{target.rstrip('/')}:ro" for source, target in mounts),
            *(
                f"--entrypoint={made.entrypoint[0]}",
                str(placed(deployment.image.base, deployment)),
                *made.entrypoint[1:],
            ),
        ]
    ).text
