"""The torchserve target: archive, configuration, entry point and health check of TorchServe."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.layout import pytorch_layout
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, error
from servespec.facts import Depth, Facts, Kind, Wanted
from servespec.node import Node
from servespec.targets.contract import IN_A_CLUSTER, KEPT, UNRELATED, Context, Lowered, Target, dropped
from servespec.targets.torchserve.options import TorchserveOptions


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.torchserve.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


def _wants(deployment: Deployment, options: Node) -> Iterator[Wanted]:
    if isinstance(options, TorchserveOptions) and options.archive:
        yield Wanted(deployment.model.uri, Depth.BYTES)


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    if isinstance(options, TorchserveOptions) and options.archive:
        weights = pytorch_layout(deployment.model, facts).weights
        if weights is None or facts.file(weights).kind is not Kind.FILE or facts.file(weights).lfs_pointer:
            yield archive_without_weights()


def archive_without_weights() -> Diagnostic:
    """`servespec build` is to write the model archive itself, and the weights are not there.

    Everything else compiles without weights. Where Git LFS keeps them, `git lfs pull` fetches them.

    Bad:
    ```yaml
    model: {format: torchscript, uri: ./absent.pt}
    targets: {torchserve: {archive: true}}
    ```
    Good:
    ```yaml
    model: {format: torchscript, uri: ./absent.pt}
    targets: {torchserve: {archive: false}}
    ```
    """
    return error(
        "archive-without-weights",
        "the archive can't be written without weights",
        Label(("targets", "torchserve", "archive"), "reads the weights"),
        Label(("model", "uri"), "no weights here"),
        help="fetch the weights, or leave `archive` out and run `archive.sh` where they are",
    )


TORCHSERVE = Target(
    name="torchserve",
    summary="archive script, configuration, handler, entry point and health check of TorchServe",
    options=TorchserveOptions,
    supports={
        "apiVersion": UNRELATED,
        "name": KEPT,
        "pattern": KEPT,
        "release": UNRELATED,
        "description": UNRELATED,
        "owner": UNRELATED,
        "labels": UNRELATED,
        "model": KEPT,
        "signature": KEPT,
        "runtime": KEPT,
        "runtime.threads": dropped("TorchServe leaves it to torch; write `OMP_NUM_THREADS` in `runtime.env`"),
        "runtime.graphLevel": dropped("only ONNX Runtime optimises graphs"),
        "runtime.env": UNRELATED,
        "optimize": UNRELATED,
        "image": UNRELATED,
        "resources": KEPT,
        "probes": UNRELATED,
        "security.authorization": KEPT,
        "security": UNRELATED,
        **dict.fromkeys(IN_A_CLUSTER, UNRELATED),
        "connections": UNRELATED,
        "secrets": UNRELATED,
        "batch": UNRELATED,
        "streaming": UNRELATED,
        "variants": KEPT,
        "variants.weight": UNRELATED,
        "variants.shadow": UNRELATED,
        "variants.replicas": UNRELATED,
        "examples": UNRELATED,
        "targets": KEPT,
        "environments": UNRELATED,
        "overrides": KEPT,
        "suppress": UNRELATED,
    },
    lower=_lower,
    wants=_wants,
    check=_check,
    on_host={"archive": True},
)
