"""Which packages a server brings along: its own, and those that the model's format needs beside it."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.requirements_file import normal, parse, requirements
from servespec.deployment.types import Deployment
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS


def server_pins(deployment: Deployment) -> tuple[str, ...]:
    """The server's own pinned requirements; none for a version of it that is not known."""
    server = SERVERS[deployment.runtime.server]
    pins = server.gpu_requirements if deployment.resources.accelerator else {}
    own = (pins or server.requirements).get(deployment.runtime.version)
    return own.value if own else ()


def companion_pins(deployment: Deployment, facts: Facts) -> tuple[str, ...]:
    """What the format needs besides, the framework in the version of `model.framework`; what the project's own
    requirements name is left to them."""
    theirs = {line.name for line in requirements(deployment, facts)}
    return tuple(pin for pin in _companions(deployment) if not {line.name for line in parse(pin)} & theirs)


def _companions(deployment: Deployment) -> Iterator[str]:
    known = SERVERS[deployment.runtime.server].companions.get(deployment.model.format)
    framework = deployment.model.framework
    for pin in known.value if known else ():
        name = pin.partition("==")[0]
        if framework and normal(framework.name) == name:
            pin = f"{name}=={framework.version.removeprefix('v')}"
        yield pin
