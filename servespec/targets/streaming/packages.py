"""What a worker needs installed: the clients of its brokers, and what the model needs in a batch too."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from servespec.deployment.requirements_file import normal
from servespec.deployment.types import Deployment
from servespec.emit import requirements
from servespec.emit.requirements import Requirement
from servespec.facts import Facts
from servespec.runtimes import streaming as facts
from servespec.targets.batch.packages import with_model


def packages(
    deployment: Deployment, found: Facts, *, kinds: Collection[str], encodings: Collection[str], service: bool
) -> list[Requirement]:
    """The lines of requirements.txt, for these kinds of brokers and encodings; a `service` needs no model's library."""
    pins = list(_clients(kinds, encodings))
    if service:
        return pins
    needed = with_model(deployment, found, pins)
    by_name = {normal(pin.name): pin for pin in reversed(needed)}  # numpy comes with the model's libraries too
    return [by_name[name] for name in dict.fromkeys(normal(pin.name) for pin in needed)]


def _clients(kinds: Collection[str], encodings: Collection[str]) -> Iterator[Requirement]:
    yield requirements.parse(facts.NUMPY.value, "fact:streaming.NUMPY")
    for kind, pin in facts.CLIENTS.value.items():
        if kind in kinds:
            yield requirements.parse(pin, "fact:streaming.CLIENTS")
    if "avro" in encodings:
        yield requirements.parse(facts.AVRO.value, "fact:streaming.AVRO")
