"""The variables of a scorer: what its connections are shown, what leads to a registry, and those of the spec."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.names import secret_variable
from servespec.deployment.references import written_at
from servespec.deployment.registry import registry_address
from servespec.deployment.scorer import connections
from servespec.deployment.types import Deployment
from servespec.runtimes.fetching import VARIABLES
from servespec.targets.fetch import arguments
from servespec.targets.fetch.arguments import Variable


def variables(deployment: Deployment) -> tuple[Variable, ...]:
    """All of them, in the order of their names. What the spec itself gives has the last word."""
    every = (*_of_data(deployment), *_of_registry(deployment), *_own(deployment))
    found = {item.name: item for item in every}
    return tuple(found[name] for name in sorted(found))


def _of_data(deployment: Deployment) -> Iterator[Variable]:
    """What shows a storage who asks, each by a name of its own: the scorer may ask two."""
    for connection in connections(deployment):
        for key in connection.keys:
            yield Variable(secret_variable(key.secret, key.key), key, written_at(deployment, connection.name))


def _of_registry(deployment: Deployment) -> Iterator[Variable]:
    """What MLflow and the client of the storage behind it look for."""
    if registry_address(deployment.model.uri):
        known = {name for names in VARIABLES.value.values() for name in names.values()}
        yield from (item for item in arguments.variables(deployment) if item.name in known)


def _own(deployment: Deployment) -> Iterator[Variable]:
    batch = deployment.batch
    assert batch is not None
    for name, value in batch.env.items():
        yield Variable(name, value, f"batch.env.{name}")
