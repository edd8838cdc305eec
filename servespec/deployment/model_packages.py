"""What an MLflow model's own `requirements.txt` adds to those of its server."""

from __future__ import annotations

import posixpath

from servespec.deployment.pins import server_pins
from servespec.deployment.requirements_file import Requirement, parse, requirements
from servespec.deployment.types import Deployment
from servespec.emit import requirements as written
from servespec.emit.quoted import Unwritable
from servespec.facts import Facts
from servespec.records import dataclass
from servespec.runtimes.mlflow import REPLACED


@dataclass(frozen=True)
class ModelPackages:
    """The lines of a model's own requirements."""

    path: str
    taken: tuple[Requirement, ...] = ()
    """Those that are installed."""
    left: tuple[Requirement, ...] = ()
    """Those that nothing can be made of, or that go against the server's own."""


def model_packages(deployment: Deployment, facts: Facts) -> ModelPackages:
    """What the model wants; what the project's own requirements name is theirs, and MLflow itself the server's."""
    path = posixpath.join(deployment.model.uri, "requirements.txt")
    theirs = {line.name for line in requirements(deployment, facts)}
    pins = {line.name: line.version for pin in server_pins(deployment) for line in parse(pin)}
    taken: list[Requirement] = []
    left: list[Requirement] = []
    for line in parse(facts.file(path).text or ""):
        if line.name in theirs or line.name in REPLACED.value:
            continue
        if line.name in pins:
            left += [line] if line.pinned and line.version != pins[line.name] else []
        else:
            (taken if _is_plain(line) else left).append(line)
    return ModelPackages(path, tuple(taken), tuple(left))


def _is_plain(line: Requirement) -> bool:
    """Whether it is a package with versions: no option, path, address or marker."""
    try:
        written.parse(line.text)
    except Unwritable:
        return False
    return True
