"""The Dockerfile's slots, from the deployment and from what its server says of its container."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from servespec.artifacts import Artifact, Bundle, Content, Language, Origin
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import dockerfile_name, of_workload
from servespec.emit import dockerfile, dockerflags, dockerignore, shell, template
from servespec.emit.template import Slot
from servespec.runtimes.gpu import ENV as GPU_ENV
from servespec.targets.container import BuiltImage, Container, Stage
from servespec.targets.contract import Context, Lowered, Output
from servespec.targets.docker.building import build_options
from servespec.targets.docker.steps import Steps, context_path
from servespec.targets.health import probe_flags
from servespec.targets.variants import retold_artifact


def lower(deployment: Deployment, context: Context) -> Lowered:
    """For each image a Dockerfile, and the ignore file that BuildKit takes with it."""
    artifacts: list[Artifact] = []
    builds: list[str] = []
    for workload, image in context.images.items():
        name, own = dockerfile_name(workload, context.images), of_workload(deployment, workload)
        files = _files(name, own, context, image)
        artifacts += (retold_artifact(item, deployment, workload) for item in files)
        builds.append(_build(name, own, context, image))
    return Lowered(Bundle("docker", tuple(artifacts), tuple(builds)))


def _files(name: str, deployment: Deployment, context: Context, image: BuiltImage) -> Iterator[Artifact]:
    content = template.render("docker/Dockerfile", _slots(deployment, context, image))
    yield Artifact(name, content, Language.DOCKERFILE)
    yield Artifact(f"{name}.dockerignore", _allowed(deployment, context.output, image), Language.DOCKERIGNORE)


def _build(name: str, deployment: Deployment, context: Context, image: BuiltImage) -> str:
    """The command line that builds an image."""
    path = posixpath.join(context.output.of("docker"), name)
    options = build_options(deployment, file=path, reference=image.reference)
    build = shell.command(["docker", "build", *options, "."])
    return f"DOCKER_BUILDKIT=1 {build.text}"


def _slots(deployment: Deployment, context: Context, image: BuiltImage) -> dict[str, Slot]:
    container, security = image.container, deployment.security
    steps = Steps(deployment, context)
    return {
        "stages": [
            {
                "base": dockerfile.image(str(stage.base), "image.base", "image.python", *_locked(deployment, stage)),
                "name": dockerfile.stage(stage.name, container.why) if stage.name else None,
                "steps": [steps.slots(step) for step in stage.steps],
            }
            for stage in container.stages
        ],
        "env": list(_env(deployment, image)),
        "home": dockerfile.word(container.home, container.why),
        "labels": [
            {"name": dockerfile.label(name, origin), "value": dockerfile.word(value, origin)}
            for name, (value, origin) in labels(deployment, image.container).items()
        ],
        "user": dockerfile.user(
            f"{security.run_as_user}:{security.run_as_group}", "security.runAsUser", "security.runAsGroup"
        ),
        "ports": [dockerfile.port(port.number, f"runtime.protocols.{port.protocol}") for port in container.ports],
        "health_flags": [dockerflags.flag(name, value, *origins) for name, value, origins in probe_flags(deployment)],
        "health": dockerfile.exec_form(container.health, container.why) if container.health else None,
        "entrypoint": dockerfile.exec_form(container.entrypoint, container.why),
    }


def _locked(deployment: Deployment, stage: Stage) -> tuple[Origin, ...]:
    """Where a digest comes from that no field has."""
    return ("lock:images",) if stage.base.digest in deployment.digests.values() else ()


def _env(deployment: Deployment, image: BuiltImage) -> Iterator[Mapping[str, Slot]]:
    gpus = GPU_ENV.value if deployment.resources.accelerator else {}
    own = {**image.container.env, **{name: (value, "resources.accelerator") for name, value in gpus.items()}}
    given = {name: (value, f"image.env.{name}") for name, value in deployment.image.env.items()}
    for name, (value, origin) in {**own, **given}.items():
        yield {"name": dockerfile.variable(name, origin), "value": dockerfile.word(value, origin)}


def labels(deployment: Deployment, container: Container) -> dict[str, tuple[str, Origin]]:
    """The labels of an image with their origins: the Open Container annotations, and the spec's own."""
    prefix = "org.opencontainers.image"
    written: dict[str, tuple[str | None, Origin]] = {
        f"{prefix}.title": (deployment.name, "name"),
        f"{prefix}.version": (deployment.release, "release"),
        f"{prefix}.description": (deployment.description, "description"),
        f"{prefix}.vendor": (deployment.owner, "owner"),
        f"{prefix}.base.name": (str(container.stages[-1].base), "image.base"),
        **{name: (value, f"labels.{name}") for name, value in deployment.labels.items()},
    }
    return {name: (value, origin) for name, (value, origin) in written.items() if value is not None}


def _allowed(deployment: Deployment, output: Output, image: BuiltImage) -> Content:
    named: dict[str, Origin] = {context_path(item, output): item.origin for item in image.container.inputs()}
    if deployment.image.wheels:
        named[deployment.image.wheels] = "image.wheels"
    header = "Only these paths reach the build: everything else stays out, secrets and data too."
    return dockerignore.allow([(path, (origin,)) for path, origin in sorted(named.items())], header=header)
