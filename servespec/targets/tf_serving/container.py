"""How TensorFlow Serving runs in a container."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Artifact
from servespec.deployment.fetching import fetched
from servespec.deployment.saved_model import saved_models, version_folder
from servespec.deployment.types import Deployment
from servespec.runtimes import tf_serving as facts
from servespec.targets.container import Container, Copy, Input, Port, Watched
from servespec.targets.contract import Context
from servespec.targets.image import locked_check
from servespec.targets.tf_serving.options import TfServingOptions
from servespec.targets.tf_serving.settings import LATEST, command, served_versions
from servespec.targets.upstream import health_command, scratch_env, upstream_stage
from servespec.targets.watching import metrics

_WHY = "fact:tf-serving.home"


def container(
    deployment: Deployment, context: Context, files: tuple[Artifact, ...], *, options: TfServingOptions
) -> Container:
    """What docker and compose need to know of it: `files` are the emitted ones that it reads."""
    home, model = facts.SERVER.home.value, deployment.model
    emitted = Copy(tuple(Input(item.path, _WHY, "tf-serving") for item in files), f"{home}/")
    # Whatever the modes of the checkout are, the server's user must be able to read it.
    folders = () if fetched(model) else tuple(model_folders(deployment, context, options))
    copies = (Copy((Input(source, "model.uri"),), target, mode="0755") for source, target in folders)
    path = _ready(deployment, options)
    return Container(
        server="tf-serving",
        stages=(upstream_stage(deployment, emitted, *copies, *locked_check(model, folders)),),
        home=home,
        writable=(facts.SCRATCH.value,),
        env=scratch_env(facts.SCRATCH.value, why="fact:tf-serving.SCRATCH"),
        entrypoint=command(deployment, options),
        health=health_command(deployment, path, home=home),
        ports=tuple(Port(name, number) for name, number in deployment.runtime.protocols.items()),
        stop_seconds=facts.STOP_SECONDS.value,
        why=_WHY,
        watched=_watched(deployment, path),
        model_folder=_model_folder(deployment, context) if fetched(model) else None,
    )


def _ready(deployment: Deployment, options: TfServingOptions) -> str:
    """Where a version that is served tells its metadata: the newest by itself where none is known to stay."""
    model, served = deployment.model, served_versions(deployment, options)
    version = model.version if model.version in served else served[-1]
    path = facts.HEALTH_PATH.value.format(model=model.name, version=version)
    return path.replace(f"/versions/{version}", "") if options.versions == LATEST else path


def _model_folder(deployment: Deployment, context: Context) -> str:
    """Where the folder goes that is fetched: all versions, or the one that its name tells."""
    model, below = deployment.model, f"{facts.MODELS.value}/{deployment.model.name}"
    return f"{below}/{model.version}" if saved_models(model, context.facts).lone else below


def _watched(deployment: Deployment, ready: str) -> Watched:
    """Of a model that loads the state is told with a 200: enough to know that the process works."""
    state = facts.SERVER.ready_path
    assert state is not None
    return Watched(ready, state.value.format(model=deployment.model.name), metrics(deployment))


def model_folders(deployment: Deployment, context: Context, options: TfServingOptions) -> Iterator[tuple[str, str]]:
    """Path in the project and in the image of each folder of the model."""
    model, below = deployment.model, f"{facts.MODELS.value}/{deployment.model.name}/"
    if options.versions == LATEST and not saved_models(model, context.facts).lone:
        yield model.uri, below
        return
    for version in served_versions(deployment, options):
        yield version_folder(model, context.facts, version=version), f"{below}{version}/"
