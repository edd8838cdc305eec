"""What each version of Seldon Core can't express."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.addresses import storage_address
from servespec.deployment.types import Deployment
from servespec.node import Node
from servespec.runtimes.seldon import V2
from servespec.targets.contract import Support, approximated, dropped
from servespec.targets.kube.shipped_support import shipped_rows
from servespec.targets.seldon.generation import api_version
from servespec.targets.seldon.options import SeldonOptions

_OTHERS = "a Server of Seldon Core 2 has what its ServerConfig says, which belongs to the cluster"

_SECOND: Mapping[str, Support] = {
    "owner": dropped("Seldon Core 2 makes the pods itself, with labels of its own"),
    "labels": dropped("Seldon Core 2 makes the pods itself, with labels of its own"),
    "runtime.protocols": dropped("clients reach Seldon Core 2 at its own address, whatever ports the servers have"),
    "runtime.workers": dropped(_OTHERS),
    "runtime.threads": dropped(_OTHERS),
    "runtime.timeouts": dropped(_OTHERS),
    "probes": dropped(_OTHERS),
    "scaling.autoscaling": dropped("Seldon Core 2 scales by itself, by how far its servers lag behind"),
    "identity": dropped(_OTHERS),
    "placement": dropped(_OTHERS),
    "disruption": dropped(_OTHERS),
    "security": dropped(_OTHERS),
}
_TRITONS_FOLDER = approximated("it is taken for the model's own folder, with `config.pbtxt` and `VERSION/` in it")
_THEIR_SERVER: Mapping[str, Support] = {
    "runtime.env": dropped("the Server that the model runs on is there already, with variables of its own"),
    "resources": dropped("the Server that the model runs on is there already, with resources of its own"),
    "runtime.version": approximated("it is that of the Server that is there already"),
}


def narrows(deployment: Deployment, options: Node) -> Mapping[str, Support]:
    """The rows of the table that are others for this deployment and these options."""
    assert isinstance(options, SeldonOptions)
    second = _SECOND if api_version(deployment, options) == V2 else {}
    theirs = _THEIR_SERVER if second and options.server else {}
    return {**shipped_rows(deployment), **second, **theirs, **(_layout(deployment) if second else {})}


def _layout(deployment: Deployment) -> Mapping[str, Support]:
    """Where Seldon Core 2 looks in what it copies for Triton."""
    triton = deployment.runtime.server == "triton" and storage_address(deployment.model) is not None
    return {"model.uri": _TRITONS_FOLDER} if triton else {}
