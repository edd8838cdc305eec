"""What is made of a variant, told as the variant's: its lines come from where the variant is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast, overload

from servespec.artifacts import Artifact, Content, Origin, Structured
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, retraced
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
    index = next((i for i, variant in enumerate(deployment.variants) if variant.name == workload), None)

    def change(origin: Origin) -> Origin:
        head = origin.partition(":")[0].partition(".")[0].partition("[")[0]
        return f"variants[{index}].{origin}" if index is not None and head in OVERLAID else origin

    return change
