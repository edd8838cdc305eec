"""Models that a step of their own fetches when a service starts: into a volume, from which the server reads them."""

from __future__ import annotations

from servespec.deployment.addresses import scheme, storage_address
from servespec.deployment.connections import Connection
from servespec.deployment.references import connection_named
from servespec.deployment.registry import SCHEME as REGISTRY
from servespec.deployment.types import Deployment, Model
from servespec.runtimes.fetching import SCHEMES
from servespec.runtimes.storages import FETCHED

FETCH = "fetch"
"""The image that does so, as a workload, and the target that emits what is in it."""

SCHEME_OF = {kind: name for name, kind in SCHEMES.items()}
"""The scheme of the addresses that a type of connection is for."""


def fetched(model: Model) -> bool:
    """Whether a model is fetched. The address in a registry that no connection leads to is its server's own to ask."""
    name = scheme(model.uri)
    return name in SCHEMES and (name != REGISTRY or model.credentials.registry is not None)


def fetches(deployment: Deployment) -> bool:
    """Whether any model of the deployment is."""
    return any(map(fetched, models(deployment)))


def brought_by_platform(deployment: Deployment) -> bool:
    """Whether a platform among the targets fetches the model by itself, into a server that others ship."""
    return storage_address(deployment.model) is not None and any(name in FETCHED for name in deployment.targets)


def models(deployment: Deployment) -> tuple[Model, ...]:
    """Those that are served: each variant's, or the only one."""
    return tuple(variant.model for variant in deployment.variants) or (deployment.model,)


def asked(deployment: Deployment) -> tuple[Connection, ...]:
    """The connections by which the deployment's own model is fetched."""
    given = deployment.model.credentials
    found = (connection_named(deployment, name) for name in (given.storage, given.registry))
    return tuple(item for item in found if item is not None)
