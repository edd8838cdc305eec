"""What fetches a model before its server starts: an init container, and the volume that both share."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.emit.yaml import kubernetes_escape
from servespec.runtimes.fetching import FOLDER, RESOURCES
from servespec.targets.container import BuiltImage, Container
from servespec.targets.fetch.arguments import arguments, digest_flags, variables
from servespec.targets.kube.security import container_security

NAME = "fetch-model"
_MODEL, _SCRATCH = "model", "fetch-scratch"
_WHY = "model.uri"


def fetcher(deployment: Deployment, image: BuiltImage) -> dict[str, Data]:
    """The container. Kubernetes starts it anew until all is there."""
    why = ("model.digest",) if digest_flags(deployment.model) else ()
    data: dict[str, Data] = {
        "name": NAME,
        "image": traced(str(image.reference), "image.repository", "release"),
        "args": traced([kubernetes_escape(word) for word in arguments(deployment)], _WHY, *why),
    }
    if env := list(_env(deployment)):
        data["env"] = env
    given = RESOURCES.value
    return {
        **data,
        "resources": traced(
            {
                "requests": {"cpu": given["cpu"], "memory": given["memory"]},
                "limits": {"memory": given["limit"]},
            },
            "fact:fetching.RESOURCES",
        ),
        "securityContext": container_security(deployment),
        "volumeMounts": [
            {"name": _MODEL, "mountPath": traced(FOLDER.value, "fact:fetching.FOLDER")},
            *(
                {"name": _SCRATCH, "mountPath": traced(folder, "fact:fetching.SCRATCH")}
                for folder in image.container.writable
            ),
        ],
    }


def mounts(runs: Container) -> list[Data]:
    """Where the server reads its model, and can't write."""
    if runs.model_folder is None:
        return []
    return [{"name": _MODEL, "mountPath": traced(runs.model_folder, _WHY), "readOnly": True}]


def volumes(runs: Container) -> list[Data]:
    """The volume, and what the fetcher writes to besides; both end with the pod."""
    if runs.model_folder is None:
        return []
    return [
        {"name": _MODEL, "emptyDir": traced({}, _WHY)},
        {"name": _SCRATCH, "emptyDir": traced({"sizeLimit": RESOURCES.value["limit"]}, "fact:fetching.RESOURCES")},
    ]


def _env(deployment: Deployment) -> Iterator[Data]:
    for item in variables(deployment):
        name = traced(item.name, item.origin)
        if isinstance(item.value, str):
            yield {"name": name, "value": traced(kubernetes_escape(item.value), item.origin)}
            continue
        reference: Data = {"secretKeyRef": {"name": item.value.secret, "key": item.value.key}}
        yield {"name": name, "valueFrom": traced(reference, item.origin)}
