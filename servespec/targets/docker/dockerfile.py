"""The Dockerfile of an image: its slots, from the deployment and from what its server says of its container."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.artifacts import Content, Origin
from servespec.deployment.types import Deployment
from servespec.emit import dockerfile, dockerflags, template
from servespec.emit.template import Slot
from servespec.facts import Facts
from servespec.runtimes.gpu import ENV as GPU_ENV
from servespec.targets.container import Container, Stage
from servespec.targets.contract import Output
from servespec.targets.docker.steps import Steps
from servespec.targets.health import probe_flags


def written(deployment: Deployment, container: Container, *, facts: Facts, output: Output) -> Content:
    """The text, for a build context in which what is emitted lies where the output goes."""
    return template.render("docker/Dockerfile", _slots(deployment, container, Steps(deployment, facts, output)))


def _slots(deployment: Deployment, container: Container, steps: Steps) -> dict[str, Slot]:
    security = deployment.security
    return {
        "stages": [
            {
                "base": dockerfile.image(str(stage.base), "image.base", "image.python", *_locked(deployment, stage)),
                "name": dockerfile.stage(stage.name, container.why) if stage.name else None,
                "steps": [steps.slots(step) for step in stage.steps],
            }
            for stage in container.stages
        ],
        "env": list(_env(deployment, container)),
        "home": dockerfile.word(container.home, container.why),
        "labels": [
            {"name": dockerfile.label(name, origin), "value": dockerfile.word(value, origin)}
            for name, (value, origin) in labels(deployment, container).items()
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


def _env(deployment: Deployment, container: Container) -> Iterator[Mapping[str, Slot]]:
    gpus = GPU_ENV.value if deployment.resources.accelerator else {}
    own = {**container.env, **{name: (value, "resources.accelerator") for name, value in gpus.items()}}
    given = {name: (value, f"image.env.{name}") for name, value in deployment.image.env.items()}
    for name, (value, origin) in {**own, **given}.items():
        yield {"name": dockerfile.variable(name, origin), "value": dockerfile.word(value, origin)}


def labels(deployment: Deployment, container: Container) -> dict[str, tuple[str, Origin]]:
    """The Open Container annotations of an image with their origins. The spec's labels are not among them: they often
    name the stage, and what was tested in one environment has to be what runs in the next."""
    prefix = "org.opencontainers.image"
    written: dict[str, tuple[str | None, Origin]] = {
        f"{prefix}.title": (deployment.name, "name"),
        f"{prefix}.version": (deployment.release, "release"),
        f"{prefix}.description": (deployment.description, "description"),
        f"{prefix}.vendor": (deployment.owner, "owner"),
        f"{prefix}.base.name": (str(container.stages[-1].base), "image.base"),
    }
    return {name: (value, origin) for name, (value, origin) in written.items() if value is not None}
