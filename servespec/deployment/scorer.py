"""The job that scores files, as a deployment of its own: what it takes is not what a server beside it takes."""

from __future__ import annotations

from servespec.deployment.addresses import scheme
from servespec.deployment.connections import Connection
from servespec.deployment.path_templates import PathTemplate
from servespec.deployment.quantities import Quantity
from servespec.deployment.references import connection_named
from servespec.deployment.types import Deployment
from servespec.records import replace
from servespec.runtimes.batch import MEMORY
from servespec.runtimes.fetching import SCHEMES


def scorer(deployment: Deployment) -> Deployment:
    """The deployment as it is for its scorer: one process, which has the memory that it needs where the spec says
    nothing of it."""
    given = deployment.resources
    limits = replace(given.limits, memory=_memory(deployment))
    return replace(
        deployment,
        runtime=replace(deployment.runtime, workers=1, threads=1),
        resources=replace(given, limits=limits),
    )


def _memory(deployment: Deployment) -> Quantity | None:
    given, needed = deployment.resources, Quantity.parse(f"{MEMORY.value}Mi")
    if deployment.batch is None or deployment.batch.limited:
        return given.limits.memory
    return max(filter(None, (needed, given.requests.memory)), key=lambda amount: amount.thousandths)


def places(deployment: Deployment) -> tuple[tuple[PathTemplate, str | None], ...]:
    """Each place of a batch's data, with the connection that the spec has for it: bad rows are told of none."""
    batch = deployment.batch
    assert batch is not None
    bad, output = batch.gates.bad_rows.output, batch.output
    rejected = ((bad, output.connection),) if bad else ()
    return ((batch.input.uri, batch.input.connection), (output.uri, output.connection), *rejected)


def leading_to(deployment: Deployment, uri: PathTemplate, name: str | None) -> Connection | None:
    """The connection of that name, if it is for such an address; a path takes none."""
    found = connection_named(deployment, name)
    return found if found and found.type == SCHEMES.get(scheme(str(uri)) or "") else None


def connections(deployment: Deployment) -> tuple[Connection, ...]:
    """Those by which a batch reaches its data, once each."""
    found = (leading_to(deployment, uri, name) for uri, name in places(deployment))
    return tuple({item.name: item for item in found if item}.values())
