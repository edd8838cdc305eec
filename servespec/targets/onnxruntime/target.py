"""The onnxruntime target: ONNX Runtime, which has no server of its own, inside MLServer."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.targets.contract import Context, Lowered, NoOptions, Target
from servespec.targets.fetch.narrowing import narrows
from servespec.targets.mlserver.target import COMMON


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.onnxruntime.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


ONNXRUNTIME = Target(
    name="onnxruntime",
    summary="a runtime class for ONNX models; configuration, entry point and health check of MLServer around it",
    options=NoOptions,
    supports=COMMON,
    lower=_lower,
    narrows=narrows,
)
