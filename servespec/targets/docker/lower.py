"""The Dockerfile's slots, from the deployment and from what its server says of its container."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from servespec.artifacts import Artifact, Bundle, Content, Language, Origin
from servespec.deployment.names import as_identifier
from servespec.deployment.types import Deployment
from servespec.emit import dockerfile, dockerflags, dockerignore, shell, template
from servespec.emit.quoted import Quoted
from servespec.emit.template import Slot
from servespec.facts import Facts
from servespec.targets.container import Container, image_reference
from servespec.targets.contract import Context

_REQUIREMENTS = "/opt/requirements"
_WHEELS = "/mnt/wheels"
_NETRC = "/root/.netrc"


def lower(deployment: Deployment, context: Context) -> Bundle:
    """The Dockerfile, and the ignore file that BuildKit takes with it."""
    container = context.made[deployment.runtime.server].container
    assert isinstance(container, Container)
    writer = _Dockerfile(deployment, context, container)
    content = template.render("docker/Dockerfile", writer.slots())
    artifacts = (
        Artifact("Dockerfile", content, Language.DOCKERFILE),
        Artifact("Dockerfile.dockerignore", _allowed(deployment, context, container), Language.DOCKERIGNORE),
    )
    bundle = Bundle("docker", artifacts)
    image = image_reference(deployment, context.facts, (context.made[container.server], bundle))
    path = posixpath.join(context.output.of("docker"), "Dockerfile")
    build = shell.command(["docker", "build", f"--file={path}", f"--tag={image}", *_build_flags(deployment), "."])
    return Bundle("docker", artifacts, (f"DOCKER_BUILDKIT=1 {build.text}",))


def _build_flags(deployment: Deployment) -> Iterator[str]:
    for name in deployment.image.build_secrets:
        yield f"--secret=id={name},env={as_identifier(name)}"


class _Dockerfile:
    """Fills the slots of one Dockerfile."""

    def __init__(self, deployment: Deployment, context: Context, container: Container) -> None:
        self.deployment = deployment
        self.context = context
        self.container = container
        self.folder = context.output.of(container.server)

    def slots(self) -> dict[str, Slot]:
        """Every slot of `templates/docker/Dockerfile`."""
        image, container, why = self.deployment.image, self.container, self.container.why
        probes, security = self.deployment.probes, self.deployment.security
        packages = ("apt-get", "install", "--yes", "--no-install-recommends")
        installed = (*container.system_packages, *image.system_packages)
        return {
            "base": dockerfile.image(str(image.base), "image.base", "image.python"),
            "stages": list(self._stages()),
            "mounts": list(self._mounts()),
            "packages": dockerfile.run_command([*packages, *installed], why, "image.systemPackages"),
            "requirements": list(self._requirements()),
            "installs": list(self._installs()),
            "env": list(self._env()),
            "home": dockerfile.word(container.home, why),
            "copies": list(self._copies()),
            "packed": list(self._packed()),
            "labels": list(self._labels()),
            "user": dockerfile.user(
                f"{security.run_as_user}:{security.run_as_group}", "security.runAsUser", "security.runAsGroup"
            ),
            "ports": [dockerfile.port(number, f"runtime.protocols.{name}") for name, number in container.ports.items()],
            "interval": dockerflags.flag(
                "--interval", f"{probes.readiness.period_seconds}s", "probes.readiness.periodSeconds"
            ),
            "timeout": dockerflags.flag(
                "--timeout", f"{probes.readiness.timeout_seconds}s", "probes.readiness.timeoutSeconds"
            ),
            "start": dockerflags.flag(
                "--start-period", f"{start_period(self.deployment)}s", "probes.startup", "runtime.timeouts.startup"
            ),
            "retries": dockerflags.flag(
                "--retries", str(probes.readiness.failure_threshold), "probes.readiness.failureThreshold"
            ),
            "health": dockerfile.exec_form(container.health, why),
            "entrypoint": dockerfile.exec_form(container.entrypoint, why),
        }

    def _stages(self) -> Iterator[Mapping[str, Slot]]:
        stage, why = self.container.stage, self.container.why
        if stage is None:
            return
        yield {
            "install": dockerfile.run_command(
                ["pip", "--python", "/opt/tool/bin/python", *self._pip(), *stage.requirements], why
            ),
            "copies": [dockerfile.copy_form([path], path, "model") for path in stage.files],
            "command": dockerfile.exec_form(stage.command, why),
        }

    def _pip(self) -> Iterator[str]:
        yield from ("install", "--disable-pip-version-check", "--no-input")
        image = self.deployment.image
        if image.wheels:
            yield f"--find-links={_WHEELS}"
        for index, item in enumerate(image.indexes):
            yield f"--index-url={item.url}" if index == 0 else f"--extra-index-url={item.url}"

    def _mounts(self) -> Iterator[Quoted]:
        image = self.deployment.image
        if image.wheels:
            yield dockerflags.bind(image.wheels, "image.wheels", target=_WHEELS)
        for secret in dict.fromkeys(item.secret for item in image.indexes if item.secret):
            yield dockerflags.secret(secret, "image.indexes", target=_NETRC)

    def _requirements(self) -> Iterator[Quoted]:
        path = posixpath.join(self.folder, self.container.requirements)
        yield dockerfile.copy_form([path], f"{_REQUIREMENTS}/server.txt", "runtime.version")
        if self.deployment.image.requirements:
            yield dockerfile.copy_form(
                [self.deployment.image.requirements], f"{_REQUIREMENTS}/model.txt", "image.requirements"
            )

    def _installs(self) -> Iterator[Quoted]:
        pip = ("pip", "--python", "/opt/venv/bin/python", *self._pip())
        server, model = f"--requirement={_REQUIREMENTS}/server.txt", f"--requirement={_REQUIREMENTS}/model.txt"
        if not self.deployment.image.requirements:
            yield dockerfile.run_command([*pip, server], "runtime.version")
        elif hashed(self.deployment, self.context.facts):
            # With hashes pip wants one for every requirement, and the server's own pins have none.
            yield dockerfile.run_command([*pip, "--require-hashes", model], "image.requirements")
            yield dockerfile.run_command([*pip, server], "runtime.version")
        else:
            yield dockerfile.run_command([*pip, server, model], "runtime.version", "image.requirements")

    def _env(self) -> Iterator[Mapping[str, Slot]]:
        for name, (value, origin) in self.container.env.items():
            yield _pair(name, value, origin)
        for name, value in self.deployment.image.env.items():
            yield _pair(name, value, f"image.env.{name}")

    def _copies(self) -> Iterator[Quoted]:
        files = [posixpath.join(self.folder, name) for name in self.container.files]
        yield dockerfile.copy_form(files, "./", self.container.why)
        for index, file in enumerate(self.deployment.image.files):
            yield dockerfile.copy_form([file.source], file.target, f"image.files[{index}]")

    def _packed(self) -> Iterator[Quoted]:
        if self.container.stage is not None:
            yield dockerfile.copy_form([self.container.stage.output], self.container.model_folder, self.container.why)

    def _labels(self) -> Iterator[Mapping[str, Slot]]:
        for name, (value, origin) in labels(self.deployment).items():
            yield {"name": dockerfile.label(name, origin), "value": dockerfile.word(value, origin)}


def labels(deployment: Deployment) -> dict[str, tuple[str, Origin]]:
    """The labels of an image with their origins: the Open Container annotations, and the spec's own."""
    prefix = "org.opencontainers.image"
    written: dict[str, tuple[str | None, Origin]] = {
        f"{prefix}.title": (deployment.name, "name"),
        f"{prefix}.version": (deployment.release, "release"),
        f"{prefix}.description": (deployment.description, "description"),
        f"{prefix}.vendor": (deployment.owner, "owner"),
        f"{prefix}.base.name": (str(deployment.image.base), "image.base"),
        **{name: (value, f"labels.{name}") for name, value in deployment.labels.items()},
    }
    return {name: (value, origin) for name, (value, origin) in written.items() if value is not None}


def hashed(deployment: Deployment, facts: Facts) -> bool:
    """Whether the project's requirements are locked with hashes."""
    path = deployment.image.requirements
    return path is not None and "--hash=" in (facts.file(path).text or "")


def start_period(deployment: Deployment) -> int:
    """Seconds that the server has for loading before a failed question counts."""
    return deployment.probes.startup.period_seconds * deployment.probes.startup.failure_threshold


def _pair(name: str, value: str, origin: Origin) -> Mapping[str, Slot]:
    return {"name": dockerfile.variable(name, origin), "value": dockerfile.word(value, origin)}


def _allowed(deployment: Deployment, context: Context, container: Container) -> Content:
    image, folder = deployment.image, context.output.of(container.server)
    emitted = {posixpath.join(folder, name): container.why for name in (*container.files, container.requirements)}
    named: dict[str, Origin] = dict.fromkeys(container.stage.files if container.stage else (), "model")
    if image.requirements:
        named[image.requirements] = "image.requirements"
    if image.wheels:
        named[image.wheels] = "image.wheels"
    for index, file in enumerate(image.files):
        named[file.source] = f"image.files[{index}].source"
    paths = sorted((emitted | named).items())
    header = "Only these paths reach the build: everything else stays out, secrets and data too."
    return dockerignore.allow([(path, (origin,)) for path, origin in paths], header=header)
