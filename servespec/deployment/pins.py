"""Which packages a server brings along: its own, and those that the model's format needs beside it."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.layout import pytorch_layout
from servespec.deployment.requirements_file import normal, parse, requirements
from servespec.deployment.types import Deployment, Model
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
    known = SERVERS[deployment.runtime.server].companions.get(deployment.model.format)
    return _besides_theirs(known.value if known else (), deployment, facts)


def converted_format(model: Model, facts: Facts) -> str:
    """The format that a converter has to do with: a PyTorch model without code of its own is TorchScript."""
    return "torchscript" if pytorch_layout(model, facts).torchscript else model.format


def converter_pins(deployment: Deployment, facts: Facts) -> tuple[str, ...]:
    """What the model's conversion to ONNX needs, by the same rules."""
    from servespec.runtimes.optimize import PACKAGES  # start-up: most models are not converted

    return _besides_theirs(PACKAGES[converted_format(deployment.model, facts)].value, deployment, facts)


def _besides_theirs(pins: tuple[str, ...], deployment: Deployment, facts: Facts) -> tuple[str, ...]:
    theirs = {line.name for line in requirements(deployment, facts)}
    return tuple(pin for pin in _versioned(pins, deployment) if not {line.name for line in parse(pin)} & theirs)


def _versioned(pins: tuple[str, ...], deployment: Deployment) -> Iterator[str]:
    framework = deployment.model.framework
    for pin in pins:
        name = pin.partition("==")[0]
        if framework and normal(framework.name) == name:
            pin = f"{name}=={framework.version.removeprefix('v')}"
        yield pin
