"""What is made of a variant or of workers, told as theirs: its lines come from where the variant or the stream is
written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast, overload

from servespec.artifacts import Artifact, Content, Origin, Structured
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import STREAMING
from servespec.emit.quoted import Data, retraced
from servespec.records import replace
from servespec.spec.views import OVERLAID


@overload
def retold(data: Mapping[str, Data], deployment: Deployment, workload: str) -> dict[str, Data]: ...
@overload
def retold(data: Data, deployment: Deployment, workload: str) -> Data: ...
def retold(data: Data, deployment: Deployment, workload: str) -> Data:
    """Data that was made of a workload's own deployment, with the origins of the whole one."""
    return retraced(data, _change(deployment, workload))


def retold_artifact(artifact: Artifact, deployment: Deployment, workload: str) -> Artifact:
    """An artefact that was made of a workload's own deployment, with the origins of the whole one."""
    change, content = _change(deployment, workload), artifact.content
    if isinstance(content, Content):
        origins = tuple(tuple(map(change, line)) for line in content.origins)
        return replace(artifact, content=replace(content, origins=origins))
    if isinstance(content, Structured):
        return replace(artifact, content=replace(content, data=retraced(cast("Data", content.data), change)))
    return artifact


def _change(deployment: Deployment, workload: str) -> Callable[[Origin], Origin]:
    """From an origin in a workload's own deployment to the same in the whole one."""
    if workload == STREAMING:
        return lambda origin: _of_workers(origin, deployment)
    index = next((i for i, variant in enumerate(deployment.variants) if variant.name == workload), None)

    def change(origin: Origin) -> Origin:
        head = origin.partition(":")[0].partition(".")[0].partition("[")[0]
        return f"variants[{index}].{origin}" if index is not None and head in OVERLAID else origin

    return change


def _of_workers(origin: Origin, deployment: Deployment) -> Origin:
    """What a worker has in place of a server's field."""
    streaming, variable = deployment.streaming, origin.removeprefix("runtime.env.")
    assert streaming is not None
    if origin.startswith("runtime.env."):
        return f"streaming.env.{variable}" if variable in streaming.env else "connections"
    if origin.startswith("scaling.") and streaming.scaling != deployment.scaling:
        return f"streaming.{origin}"
    return {"runtime.timeouts.shutdown": "streaming.rebalance.drain"}.get(origin, origin)
