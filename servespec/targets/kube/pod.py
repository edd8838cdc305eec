"""The pod of a model server, as every target for Kubernetes has it."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import REALTIME
from servespec.emit.quoted import Data
from servespec.targets.kube.container import container
from servespec.targets.kube.fetching import fetcher
from servespec.targets.kube.members import Member, pod_labels
from servespec.targets.kube.placement import identity, placement, spread
from servespec.targets.kube.probes import grace_seconds
from servespec.targets.kube.security import pod_security
from servespec.targets.kube.volumes import volumes

SERVER = "server"
"""The name of the container that the model server runs in, where a platform does not ask for another."""
WORKER = "worker"
"""That of a stream's worker."""


def pod_template(deployment: Deployment, member: Member) -> dict[str, Data]:
    """The template of a member's pods: their labels and their spec."""
    return {
        "metadata": {"labels": pod_labels(deployment, member)},
        "spec": pod_spec(deployment, member, name=SERVER if member.component == REALTIME else WORKER),
    }


def pod_spec(deployment: Deployment, member: Member, *, name: str = SERVER) -> dict[str, Data]:
    """The spec of a member's pods; `name` is that of the server's container."""
    runs = member.image.container
    before = {"initContainers": [fetcher(deployment, member.fetcher)]} if member.fetcher else {}
    return {
        **before,
        "containers": [container(deployment, member.image, name=name)],
        "volumes": volumes(deployment, runs),
        **identity(deployment),
        # A service called `mlserver` would set MLSERVER_PORT, which the server would take for a setting.
        "enableServiceLinks": False,
        "securityContext": pod_security(deployment),
        "terminationGracePeriodSeconds": grace_seconds(deployment, runs),
        **placement(deployment),
        **spread(deployment, member),
    }
