"""The files of the triton target."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.artifacts import Artifact, Bundle, Language, Structured
from servespec.deployment.fetching import fetched
from servespec.deployment.layout import model_file
from servespec.deployment.types import Deployment
from servespec.facts import Kind
from servespec.runtimes import triton as facts
from servespec.targets.container import Container, Copy, Input, Port, Step, Watched
from servespec.targets.contract import Context, Lowered
from servespec.targets.image import digest_check, locked_check
from servespec.targets.triton.options import TritonOptions
from servespec.targets.triton.settings import command, model_config
from servespec.targets.upstream import health_command, health_script, scratch_env, upstream_stage
from servespec.targets.watching import metrics

_WHY = "fact:triton.home"


def lower(deployment: Deployment, context: Context) -> Lowered:
    """The model's configuration at its place in a model repository, and the health check."""
    options, model = context.options, deployment.model
    assert isinstance(options, TritonOptions)
    file = model_file(model, context.facts)
    config = model_config(deployment, options, file=posixpath.basename(file))
    path = f"models/{model.name}/config.pbtxt"
    artifacts = (Artifact(path, Structured(config), Language.TEXTPROTO), health_script())
    return Lowered(Bundle("triton", artifacts), _container(deployment, context, options))


def _container(deployment: Deployment, context: Context, options: TritonOptions) -> Container:
    home, ready, model = facts.SERVER.home.value, facts.SERVER.ready_path, deployment.model
    assert ready is not None
    path = ready.value.format(model=model.name)
    return Container(
        server="triton",
        stages=(upstream_stage(deployment, *_steps(deployment, context, home=home)),),
        home=home,
        writable=(facts.SCRATCH.value,),
        env=scratch_env(facts.SCRATCH.value, why="fact:triton.SCRATCH"),
        entrypoint=command(deployment, options),
        health=health_command(deployment, path, home=home),
        ports=tuple(Port(name, number) for name, number in deployment.runtime.protocols.items()),
        stop_seconds=facts.STOP_SECONDS.value,
        why=_WHY,
        watched=_watched(deployment, path),
        model_folder=f"{facts.MODELS.value}/{model.name}/{model.version}" if fetched(model) else None,
    )


def _watched(deployment: Deployment, ready: str) -> Watched:
    return Watched(ready, facts.LIVE_PATH.value, metrics(deployment))


def _steps(deployment: Deployment, context: Context, *, home: str) -> Iterator[Step]:
    model, folder = deployment.model, f"{facts.MODELS.value}/{deployment.model.name}"
    config = f"models/{model.name}/config.pbtxt"
    yield Copy((Input("healthcheck.sh", _WHY, "triton"),), f"{home}/")
    yield Copy((Input(config, "model.name", "triton"),), f"{folder}/")
    if fetched(model):
        return
    # Whatever the modes of the checkout are, the server's user must be able to read it.
    whole = context.facts.file(model.uri).kind is Kind.FOLDER  # with the external data that the file names
    mode = "0755" if whole else "0644"
    yield Copy((Input(model.uri, "model.uri"),), f"{folder}/{model.version}/", mode=mode)
    for path in model.extra_files:
        below = f"{posixpath.basename(path)}/" if context.facts.file(path).kind is Kind.FOLDER else ""
        yield Copy((Input(path, "model.extraFiles"),), f"{folder}/{model.version}/{below}", mode="0755")
    yield from locked_check(model, [(model.uri, f"{folder}/{model.version}")])
    name = posixpath.basename(model_file(model, context.facts))
    yield from digest_check(model, f"{folder}/{model.version}/{name}")
