"""Where in a storage a model has to lie for the server that a platform brings it to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.deployment.addresses import storage_address, stored_file
from servespec.deployment.saved_model import is_version
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.diagnostics.wording import shown
from servespec.runtimes.catalog import SERVERS

_URI = Label(("model", "uri"), "all that is brought is what is here")
_FETCHING = ("compose", "kubernetes")
"""Targets for which a step of ours puts the model beside its configuration."""


def wrong_layout(deployment: Deployment, target: str) -> Iterator[Diagnostic]:
    """What of the model's address would leave a server without a model, on a platform that brings what it names."""
    model, server = deployment.model, deployment.runtime.server
    if storage_address(model) is None:
        return
    folder, name = posixpath.split(model.uri)
    if server == "tf-serving" and is_version(name):
        yield misplaced_model(server, help_=f"write {shown(folder, 40)}, the folder of the versions")
    elif server == "triton" and (file := stored_file(model)):
        held = f"`{model.name}/config.pbtxt` and `{model.name}/{model.version}/{file[:40]}`"
        yield misplaced_model(server, help_=f"name the folder that holds {held}")
    elif server == "triton" and (other := next((item for item in _FETCHING if item in deployment.targets), None)):
        yield two_layouts(target, other)


def misplaced_model(server: str, *, help_: str) -> Diagnostic:
    """A platform would bring the model to a place where its server does not look for it.

    Seldon and KServe copy what the address names to one folder. TensorFlow Serving looks there for a folder of each
    version. Triton looks there for a model repository: `NAME/config.pbtxt`, as target `triton` writes it, and the file
    of the model in `NAME/VERSION/`.

    Bad:
    ```yaml
    model: {format: tensorflow, uri: "s3://models/fraud/3"}
    targets: {kserve: }
    ```
    Good:
    ```yaml
    model: {format: tensorflow, uri: "s3://models/fraud"}
    targets: {kserve: }
    ```
    """
    return error(
        "misplaced-model",
        f"{SERVERS[server].title} would find no model",
        _URI,
        Label(("runtime", "server"), "this server", otherwise=Label(("model", "format"), "by default for this format")),
        help=help_,
    )


def two_layouts(target: str, other: str) -> Diagnostic:
    """Two targets want Triton's model to lie differently in the storage, and the spec has one address for both.

    For `compose` and `kubernetes` the address is that of the model's file or of its folder, and the image has the
    configuration. Seldon Core 1 and KServe bring all to Triton: it is that of a model repository,
    with `NAME/config.pbtxt` and `NAME/VERSION/model.onnx` in it.

    Bad:
    ```yaml
    model: {format: onnx, uri: "s3://models/fraud"}
    runtime: {server: triton}
    targets: {compose: , kserve: }
    ```
    Good:
    ```yaml
    model: {format: onnx, uri: "s3://models/fraud"}
    runtime: {server: triton}
    targets: {kserve: }
    ```
    """
    return error(
        "two-layouts",
        f"for `{other}` and `{target}` the model lies differently",
        Label(("model", "uri"), "one address for both"),
        Label(("targets", other), "takes it for the model", Part.KEY),
        Label(("targets", target), "takes it for a repository of models", Part.KEY),
        help="leave one of them out, or give each an environment with a `model.uri` of its own",
    )
