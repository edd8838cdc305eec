"""The Service: one address for all pods that are ready."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data
from servespec.targets.kube.members import Member, metadata, selector
from servespec.targets.kube.ports import ports


def service(deployment: Deployment, member: Member) -> dict[str, Data]:
    """The Service of a member, with the ports of its pods."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(deployment, member),
        "spec": {
            "type": "ClusterIP",
            "selector": selector(deployment, member),
            "ports": [
                {"name": name, "port": number, "targetPort": name, "protocol": "TCP"}
                for name, number in ports(member.image.container)
            ],
        },
    }
