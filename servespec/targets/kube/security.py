"""What a pod may do: as little as the Pod Security Standard "restricted" asks, and less.

https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted (read 2026-11).
"""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced


def pod_security(deployment: Deployment) -> dict[str, Data]:
    """The security context of a pod."""
    security = deployment.security
    return {
        "runAsNonRoot": True,
        "runAsUser": traced(security.run_as_user, "security.runAsUser"),
        "runAsGroup": traced(security.run_as_group, "security.runAsGroup"),
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def container_security(deployment: Deployment) -> dict[str, Data]:
    """The security context of a container."""
    read_only = deployment.security.read_only_root_filesystem
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "privileged": False,
        "readOnlyRootFilesystem": traced(read_only, "security.readOnlyRootFilesystem"),
    }
