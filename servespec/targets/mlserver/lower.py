"""The files of the mlserver target."""

from __future__ import annotations

from servespec.artifacts import Bundle
from servespec.deployment.layout import model_file
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes import mlserver as facts
from servespec.targets.contract import Context, Lowered
from servespec.targets.mlserver.container import container
from servespec.targets.mlserver.files import server_files
from servespec.targets.mlserver.settings import content_type, metadata, model_settings, tensors


def lower(deployment: Deployment, context: Context) -> Lowered:
    """Everything that MLServer needs for a model of one of its own formats, on a machine or in an image."""
    files = tuple(
        server_files(deployment, context.facts, model=_model(deployment, context), checks=_checks(deployment))
    )
    env = {"OMP_NUM_THREADS": str(deployment.runtime.threads)}
    bundle = Bundle("mlserver", files)
    return Lowered(bundle, container(deployment, context, files, scratch=facts.SCRATCH.value, env=env))


def _model(deployment: Deployment, context: Context) -> Data:
    runtime, signature = deployment.runtime, deployment.signature
    implementation = facts.IMPLEMENTATIONS.value[deployment.model.format]
    data = model_settings(
        deployment,
        file=model_file(deployment.model, context.facts),
        implementation=traced(implementation, "model.format"),
    )
    kind = content_type(signature.inputs if signature else None)
    parameters = data["parameters"]
    assert isinstance(parameters, dict)
    data["parameters"] = {**parameters, "content_type": traced(kind, "signature.inputs")}
    if runtime.micro_batch.size > 1:
        data["max_batch_size"] = traced(runtime.micro_batch.size, "runtime.microBatch.size")
        data["max_batch_time"] = traced(runtime.micro_batch.delay.milliseconds / 1000, "runtime.microBatch.delay")
    return {**data, **metadata(deployment)}


def _checks(deployment: Deployment) -> dict[str, Data]:
    """What is to hold for a request: MLServer's runtimes do not look."""
    inputs: dict[str, Data] = dict(tensors(deployment.signature.inputs)) if deployment.signature else {}
    return {
        "inputs": traced(inputs, "signature.inputs"),
        "batched": traced(deployment.runtime.micro_batch.size > 1, "runtime.microBatch.size"),
        "outputs": traced(_outputs(deployment), "signature.outputs"),
        "refusals": traced(list(facts.REFUSALS.value), "fact:mlserver.REFUSALS"),
    }


def _outputs(deployment: Deployment) -> list[Data]:
    """The outputs that a request gets when it names none; LightGBM's has just one, which can't be asked for."""
    outputs = deployment.signature.outputs if deployment.signature else None
    if outputs is None or deployment.model.format == "lightgbm":
        return []
    return [item.name for item in outputs.tensors]
