"""The pod of a batch: it scores, and ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.deployment.batch import Batch
from servespec.deployment.scorer import scorer as own
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH, scorer_name
from servespec.emit.quoted import Data, traced
from servespec.runtimes import batch as facts
from servespec.targets.batch.variables import variables
from servespec.targets.container import BuiltImage
from servespec.targets.kube.container import resources, variable
from servespec.targets.kube.members import Member, metadata, pod_labels
from servespec.targets.kube.placement import identity, placement
from servespec.targets.kube.security import container_security, pod_security
from servespec.targets.kube.volumes import mounts, volumes

SCORER = "scorer"
"""The name of the container."""
_DATA = "data"
_WHY_CLAIM = "batch.volumeClaim"
_STOP_SECONDS = 5  # a scorer that is killed has published nothing, and needs no time for it


def scorer(deployment: Deployment, image: BuiltImage, *, namespace: Data = None) -> Member:
    """The pods of a batch."""
    return Member(scorer_name(deployment), image, namespace, component=BATCH)


def pod(deployment: Deployment, member: Member) -> dict[str, Data]:
    """A pod that does nothing yet: what starts it says which step."""
    head = {**metadata(deployment, member), "labels": pod_labels(deployment, member)}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": head, "spec": scorer_spec(deployment, member)}


def scorer_spec(
    deployment: Deployment, member: Member, *, words: tuple[Data, ...] = (), fields: Mapping[str, str] | None = None
) -> dict[str, Data]:
    """The spec of such a pod: `words` for the scorer, and variables with `fields` of the pod's own metadata."""
    batch, runs = deployment.batch, member.image.container
    assert batch is not None
    container: dict[str, Data] = {
        "name": SCORER,
        "image": traced(str(member.image.reference), "image.repository", "release"),
        "args": list(words),
        "env": list(_env(deployment, fields or {})),
        "resources": resources(own(deployment)),
        "securityContext": container_security(deployment),
        "volumeMounts": [*mounts(deployment, runs), *_mounted(batch)],
    }
    return {
        "restartPolicy": "Never",
        "containers": [{key: value for key, value in container.items() if value}],
        "volumes": [*volumes(deployment, runs), *_claimed(batch)],
        **identity(deployment),
        "enableServiceLinks": False,
        "securityContext": {**pod_security(deployment), **_group(deployment, batch)},
        "terminationGracePeriodSeconds": _STOP_SECONDS,
        **placement(deployment),
    }


def _env(deployment: Deployment, fields: Mapping[str, str]) -> Iterator[Data]:
    for name, path in fields.items():
        yield {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}
    for given in variables(deployment):
        yield variable(given.name, given.value, given.origin)


def _mounted(batch: Batch) -> Iterator[Data]:
    """Where relative paths of data start."""
    if batch.volume_claim:
        yield {"name": _DATA, "mountPath": traced(facts.DATA.value, "fact:batch.DATA")}


def _claimed(batch: Batch) -> Iterator[Data]:
    if batch.volume_claim:
        yield {"name": _DATA, "persistentVolumeClaim": {"claimName": traced(batch.volume_claim, _WHY_CLAIM)}}


def _group(deployment: Deployment, batch: Batch) -> dict[str, Data]:
    """The volume is the group's, or a user that is nobody in particular could not write to it."""
    if not batch.volume_claim:
        return {}
    return {
        "fsGroup": traced(deployment.security.run_as_group, "security.runAsGroup", _WHY_CLAIM),
        "fsGroupChangePolicy": "OnRootMismatch",
    }
