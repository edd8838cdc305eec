"""The files of the fetch target."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Artifact, Bundle, Language
from servespec.deployment.addresses import scheme
from servespec.deployment.connections import Connection
from servespec.deployment.fetching import FETCH, asked, fetched, models
from servespec.deployment.types import Deployment
from servespec.deployment.variants import view
from servespec.emit import requirements, template
from servespec.runtimes.fetching import CLIENTS, SCHEMES
from servespec.targets.contract import Context, Lowered
from servespec.targets.fetch.container import container

_OBJECTS = ("s3", "gs", "az", "https")
"""Schemes whose modules make paths of keys."""


def lower(deployment: Deployment, context: Context) -> Lowered:
    """The program, a module for each scheme, and what those need installed."""
    schemes = tuple(sorted({str(scheme(model.uri)) for model in models(deployment) if fetched(model)}))
    artifacts = (*_programs(schemes), *_requirements(deployment, schemes))
    files = tuple(item.path for item in artifacts)
    return Lowered(Bundle(FETCH, artifacts), container(deployment, files))


def _programs(schemes: tuple[str, ...]) -> Iterator[Artifact]:
    shared = ("objects",) if set(schemes) & set(_OBJECTS) else ()
    yield _program("fetch")
    for name in ("__init__", "failure", *shared, *schemes):
        yield _program(f"sources/{name}")


def _program(name: str) -> Artifact:
    return Artifact(f"{name}.py", template.render(f"fetch/{name}.py", {}), Language.PYTHON)


def _requirements(deployment: Deployment, schemes: tuple[str, ...]) -> Iterator[Artifact]:
    """A registry leads to a storage, whose client it takes."""
    behind = {name for name, kind in SCHEMES.items() if kind in {item.type for item in _asked(deployment)}}
    wanted = [name for name in CLIENTS if name in schemes or name in behind]
    pins = [(pin, "fact:fetching.CLIENTS") for name in wanted for pin in CLIENTS[name].value]
    if pins:
        lines = [requirements.parse(pin, why) for pin, why in pins]
        yield Artifact("requirements.txt", requirements.dump(lines), Language.REQUIREMENTS)


def _asked(deployment: Deployment) -> Iterator[Connection]:
    runs = [view(deployment, variant) for variant in deployment.variants] or [deployment]
    for each in runs:
        yield from asked(each)
