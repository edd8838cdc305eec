"""What a scorer needs installed: the libraries that predict online too, in the same versions, and what reads data."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.model_packages import model_packages
from servespec.deployment.requirements_file import normal, parse
from servespec.deployment.requirements_file import requirements as named_by_project
from servespec.deployment.types import Deployment
from servespec.emit import requirements
from servespec.emit.requirements import Requirement
from servespec.facts import Facts
from servespec.runtimes import batch as facts
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.fits import default_server


def packages(deployment: Deployment, found: Facts) -> list[Requirement]:
    """The lines of requirements.txt. What the project's own requirements name is left to them."""
    pins = [requirements.parse(pin, "fact:batch.PINS") for pin in facts.PINS.value]
    return with_model(deployment, found, pins)


def with_model(deployment: Deployment, found: Facts, pins: list[Requirement]) -> list[Requirement]:
    """Those pins and what the model needs, but for what the project's own requirements name."""
    model = deployment.model
    own = model_packages(deployment, found).taken if model.format == "mlflow" else ()
    theirs = {line.name for line in (*named_by_project(deployment, found), *own)}
    libraries = [requirements.parse(pin, "model.format", "model.framework.version") for pin in _libraries(deployment)]
    mine = [pin for pin in (*pins, *libraries) if normal(pin.name) not in theirs]
    return [*mine, *(requirements.parse(line.text, "model.uri") for line in own)]


def _libraries(deployment: Deployment) -> Iterator[str]:
    """The pins of the format's libraries, as its default server has them; the framework's version is the spec's."""
    model = deployment.model
    if model.format == "tensorflow":
        yield from facts.TENSORFLOW.value
        return
    server = SERVERS[default_server(model.format)]
    asked = deployment.runtime.version if deployment.runtime.server == server.name else server.version.value
    known = [fact.value for fact in (server.requirements[asked], *server.companions.values())]
    by_name = {line.name: pin for pins in reversed(known) for pin in pins for line in parse(pin)}
    for name in facts.LIBRARIES.value.get(model.format, ()):
        framework = model.framework if model.framework and normal(model.framework.name) == name else None
        yield f"{name}=={framework.version.removeprefix('v')}" if framework else by_name[name]
