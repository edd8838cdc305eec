"""The service account as which pods run."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.targets.kube.members import Member, metadata


def account(deployment: Deployment, member: Member, *, notes: Mapping[str, Data] | None = None) -> dict[str, Data]:
    """The ServiceAccount, when it is ours to make, with more annotations for a platform. No pod gets a token of it: a
    cloud's own identity comes by other ways."""
    given, head = deployment.identity, metadata(deployment, member)
    head["name"] = traced(given.service_account, "identity.serviceAccount")
    if given.annotations or notes:
        annotations = head.get("annotations", {})
        assert isinstance(annotations, dict)
        head["annotations"] = {
            **annotations,
            **{name: traced(value, f"identity.annotations.{name}") for name, value in given.annotations.items()},
            **(notes or {}),
        }
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": head,
        "automountServiceAccountToken": False,
    }
