"""The Dockerfile's slots, from the deployment and from what its server says of its container."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.artifacts import Artifact, Bundle, Content, Language, Origin
from servespec.deployment.images import names_registry
from servespec.deployment.pulling import puller
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import dockerfile_name, of_workload
from servespec.emit import dockerignore, shell
from servespec.targets.container import BuiltImage
from servespec.targets.contract import Context, Lowered
from servespec.targets.docker.building import build_options, platform_options
from servespec.targets.docker.steps import context_path
from servespec.targets.variants import retold_artifact


def lower(deployment: Deployment, context: Context) -> Lowered:
    """For each image a Dockerfile, and the ignore file that BuildKit takes with it."""
    artifacts: list[Artifact] = []
    builds: dict[str, str] = {}
    pushes: list[str] = []
    for workload, image in context.images.items():
        name, own = dockerfile_name(workload, context.images), of_workload(deployment, workload)
        files = _files(name, context, image)
        artifacts += (retold_artifact(item, deployment, workload) for item in files)
        path = posixpath.join(context.output.of("docker"), name)
        # The tag says what is in the image, whichever environment's Dockerfile it is built by.
        builds[_build(path, own, image)] = _build(name, own, image)
        pushes.append(shell.command(["docker", "push", str(image.reference)]).text)
    same = tuple(builds.items())
    if puller(deployment) is None:
        return Lowered(Bundle("docker", tuple(artifacts), tuple(builds), same=same))
    if not names_registry(deployment.image.repository):
        pushes.clear()
    return Lowered(Bundle("docker", tuple(artifacts), ships=(*builds, *pushes), same=same))


def _files(name: str, context: Context, image: BuiltImage) -> Iterator[Artifact]:
    assert image.dockerfile is not None, "this target's images are its own"
    yield Artifact(name, image.dockerfile, Language.DOCKERFILE)
    yield Artifact(f"{name}.dockerignore", _allowed(context, image), Language.DOCKERIGNORE)


def _build(path: str, deployment: Deployment, image: BuiltImage) -> str:
    """The command line that builds an image by a Dockerfile."""
    options = build_options(deployment, file=path, reference=image.reference)
    build = shell.command(["docker", "build", *options, *platform_options(deployment), "."])
    return f"DOCKER_BUILDKIT=1 {build.text}"


def _allowed(context: Context, image: BuiltImage) -> Content:
    named: dict[str, Origin] = {}
    for item in image.container.inputs():
        # A build follows a link by itself, to what else was let in.
        way = context.facts.file(item.path).way if item.emitted_by is None else ()
        named |= dict.fromkeys((context_path(item, context.output), *way), item.origin)
    header = "Only these paths reach the build: everything else stays out, secrets and data too."
    return dockerignore.allow([(path, (origin,)) for path, origin in sorted(named.items())], header=header)
