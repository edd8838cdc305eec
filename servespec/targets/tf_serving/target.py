"""The tf-serving target: configuration, entry point, health check and export of TensorFlow Serving."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic
from servespec.facts import Facts
from servespec.node import Node
from servespec.targets.contract import UNRELATED, Context, Lowered, Target, approximated, lost
from servespec.targets.tf_serving.messages import check
from servespec.targets.tf_serving.options import TfServingOptions
from servespec.targets.upstream import SUPPORTS


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.tf_serving.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    if isinstance(options, TfServingOptions) and deployment.model.format == "tensorflow":
        yield from check(deployment, options, facts)


TF_SERVING = Target(
    name="tf-serving",
    summary="configuration, entry point and health check of TensorFlow Serving, and an export script for Keras models",
    options=TfServingOptions,
    supports={
        **SUPPORTS,
        "model.digest": lost("a SavedModel is a folder, and a digest is of one file"),
        "model.extraFiles": lost("a SavedModel holds its files itself, in `assets`"),
        "runtime.graphLevel": UNRELATED,
        "runtime.workers": approximated("one process computes so many requests at once, in threads"),
        "runtime.microBatch": approximated("the server counts rows: a request of more rows than `size` is refused"),
        "runtime.timeouts.request": approximated("over gRPC it is the client that sets a limit"),
    },
    lower=_lower,
    check=_check,
)
