"""The files of the onnxruntime target."""

from __future__ import annotations

from servespec.artifacts import Artifact, Bundle, Language
from servespec.deployment.layout import model_file
from servespec.deployment.types import Deployment
from servespec.emit import python, template
from servespec.emit.quoted import Data, traced
from servespec.runtimes import onnxruntime as facts
from servespec.targets.contract import Context, Lowered
from servespec.targets.mlserver.container import container
from servespec.targets.mlserver.files import server_files
from servespec.targets.mlserver.settings import model_settings

_CLASS = "onnx_runtime.OnnxRuntime"
_CHECKED_BY_ITSELF: dict[str, Data] = {"inputs": None, "batched": False, "outputs": [], "refusals": []}


def lower(deployment: Deployment, context: Context) -> Lowered:
    """Everything that ONNX Runtime needs inside MLServer, on a machine or in an image."""
    model = model_settings(
        deployment,
        file=model_file(deployment.model, context.facts),
        implementation=traced(_CLASS, "runtime.server"),
    )
    shared = server_files(deployment, context.facts, model=model, checks=_CHECKED_BY_ITSELF)
    files = (*shared, _runtime(deployment))
    bundle = Bundle("onnxruntime", files)
    env = {"ORT_DISABLE_TELEMETRY": "1"}
    return Lowered(bundle, container(deployment, context, files, scratch=facts.SCRATCH.value, env=env))


def _runtime(deployment: Deployment) -> Artifact:
    runtime = deployment.runtime
    spec = python.literal(
        {
            "threads": traced(runtime.threads, "runtime.threads"),
            "graph_level": traced(runtime.graph_level, "runtime.graphLevel"),
            "batch": traced(runtime.micro_batch.size, "runtime.microBatch.size"),
            "batch_seconds": traced(runtime.micro_batch.delay.milliseconds / 1000, "runtime.microBatch.delay"),
            "providers": _providers(deployment),
            "inline_seconds": traced(facts.INLINE_SECONDS.value, "fact:onnxruntime.INLINE_SECONDS"),
        },
        column=len("SPEC = "),
    )
    content = template.render("onnxruntime/onnx_runtime.py", {"spec": spec})
    return Artifact("onnx_runtime.py", content, Language.PYTHON)


def _providers(deployment: Deployment) -> Data:
    if deployment.resources.accelerator:
        return traced(list(facts.GPU_PROVIDERS.value), "resources.accelerator")
    return traced(list(facts.PROVIDERS.value), "fact:onnxruntime.PROVIDERS")
