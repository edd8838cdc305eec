"""What of a spec can't reach a server that others ship."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.addresses import storage_address
from servespec.deployment.types import Deployment
from servespec.targets.contract import UNRELATED, Support, approximated, dropped, lost

_NOT_BUILT = "nothing is built: the model is fetched into an image that others ship"
_NO_CODE = "a shipped server runs no code of yours; copy the model beside the spec, and the image is built with both"
_WITH_THE_MODEL = "a shipped server reads it from the model's own folder in the storage"
_CONFIG = "`{}` of the `config.pbtxt` in the storage says it"

SHIPPED_ROWS: Mapping[str, Support] = {
    "model.code": lost(_NO_CODE),
    "model.handler": lost(_NO_CODE),
    "model.extraFiles": dropped("all that lies in the model's folder in the storage is fetched, and nothing else"),
    "model.digest": dropped("what is fetched is not compared with it"),
    "model.version": dropped(_WITH_THE_MODEL),
    "connections.tls": dropped("the platform fetches the model, and trusts those that everybody trusts"),
    "signature": UNRELATED,
    "runtime.version": approximated("it is the version in the shipped image, whatever the spec says"),
    "runtime.microBatch": dropped(_WITH_THE_MODEL),
    "runtime.config": dropped(_WITH_THE_MODEL),
    "image": dropped(_NOT_BUILT),
    "security.runAsUser": dropped("its files are those of the user that the shipped image has"),
    "security.runAsGroup": dropped("its files are those of the user that the shipped image has"),
}
"""The rows of such a target's table when the model comes from a storage."""
_BY_SERVER: Mapping[str, Mapping[str, Support]] = {
    "tf-serving": {
        "runtime.workers": approximated("one process computes so many requests at once, in threads"),
        "runtime.timeouts.request": approximated("over gRPC it is the client that sets a limit"),
        "targets.tf-serving.versions": dropped("the newest version in the folder is served, and no other"),
        "targets.tf-serving.labels": dropped("no version has another name than its number"),
    },
    "triton": {
        "model.uri": approximated(
            "it is taken for a model repository, with `NAME/config.pbtxt` of target `triton` and `NAME/VERSION/` in it"
        ),
        "runtime.workers": dropped(_CONFIG.format("instance_group")),
        "runtime.threads": dropped(_CONFIG.format("parameters")),
        "runtime.graphLevel": dropped(_CONFIG.format("optimization")),
        "runtime.microBatch": dropped(_CONFIG.format("dynamic_batching")),
        "runtime.timeouts.request": dropped(_CONFIG.format("default_queue_policy")),
        "targets.triton.responseCache": dropped("the server has no memory for it, whatever the model's folder says"),
    },
}
"""What is besides so for one of the servers."""
_UNPROVEN = (
    "the platform fetches it after all steps of ours, and nothing compares the files with the digests of the lock"
)


def shipped_rows(deployment: Deployment) -> Mapping[str, Support]:
    """The rows that are others because the model comes from a storage; none where it does not."""
    if not storage_address(deployment.model):
        return {}
    unproven = {"model.uri": approximated(_UNPROVEN)} if deployment.model.locked else {}
    return {**SHIPPED_ROWS, **_BY_SERVER.get(deployment.runtime.server, {}), **unproven}
