"""The data of Triton's `config.pbtxt` (model_config.proto), and its command line."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.emit.textproto import EnumName
from servespec.models import Face
from servespec.records import dataclass
from servespec.runtimes import triton as facts
from servespec.targets.triton.options import TritonOptions

assert facts.SERVER.lone_value is not None
_LONE_VALUE = facts.SERVER.lone_value.value


@dataclass(frozen=True)
class _Tensor:
    name: str
    datatype: str
    dims: tuple[int, ...]


def model_config(deployment: Deployment, options: TritonOptions, *, file: str) -> dict[str, Data]:
    """The model's configuration; `file` is the name of its file. A check has seen to it that there is a signature."""
    model, runtime, signature = deployment.model, deployment.runtime, deployment.signature
    assert signature is not None
    batch = runtime.micro_batch.size
    data: dict[str, Data] = {
        "name": traced(model.name, "model.name"),
        "backend": traced("onnxruntime", "model.format"),
        "default_model_filename": traced(file, "model.uri"),
        # 0: requests are not put together, and shapes are said with the batch.
        "max_batch_size": traced(batch if batch > 1 else 0, "runtime.microBatch.size"),
        "input": traced(_tensors(signature.inputs, batch), "signature.inputs"),
    }
    if signature.outputs:
        data["output"] = traced(_tensors(signature.outputs, batch), "signature.outputs")
    data["version_policy"] = traced({"specific": {"versions": int(model.version)}}, "model.version")
    # Of GPUs each has as many instances as `count` says.
    kind = traced(EnumName("KIND_GPU" if deployment.resources.accelerator else "KIND_CPU"), "resources.accelerator")
    data["instance_group"] = traced({"count": runtime.workers, "kind": kind}, "runtime.workers")
    if batch > 1:
        data["dynamic_batching"] = _batching(deployment)
    if options.responseCache:
        data["response_cache"] = traced({"enable": True}, "targets.triton.responseCache")
    if runtime.graph_level in facts.GRAPH_LEVELS.value:
        level: Data = {"graph": {"level": facts.GRAPH_LEVELS.value[runtime.graph_level]}}
        data["optimization"] = traced(level, "runtime.graphLevel")
    data["parameters"] = list(_parameters(deployment))
    data["model_warmup"] = traced(_warm_up(signature.inputs, batch), "signature.inputs")
    return data


def _faces(face: Face, batch: int) -> Iterator[_Tensor]:
    for column in face.columns:
        yield _Tensor(column.name, column.datatype, (1,) if batch > 1 else (-1, 1))
    for tensor in face.tensors:
        yield _Tensor(tensor.name, tensor.datatype, tensor.shape[1:] if batch > 1 else tensor.shape)


def _tensors(face: Face, batch: int) -> list[Data]:
    found: list[Data] = []
    for item in _faces(face, batch):
        data: dict[str, Data] = {"name": item.name, "data_type": EnumName(facts.DATATYPES.value[item.datatype])}
        # A tensor needs a dimension: [1] for the server, and none for the model. Unasked the backend takes it out of a
        # lone value; where requests are put together it has to be told.
        reshape: dict[str, Data] = {"reshape": {"shape": []}} if batch > 1 and not item.dims else {}
        found.append({**data, "dims": list(item.dims or _LONE_VALUE), **reshape})
    return found


def _batching(deployment: Deployment) -> Data:
    runtime = deployment.runtime
    policy: dict[str, Data] = {
        "timeout_action": traced(EnumName("REJECT"), "runtime.timeouts.request"),
        "default_timeout_microseconds": traced(
            runtime.timeouts.request.milliseconds * 1000, "runtime.timeouts.request"
        ),
        "max_queue_size": traced(facts.QUEUE_SIZE.value, "fact:triton.QUEUE_SIZE"),
    }
    delay = traced(runtime.micro_batch.delay.milliseconds * 1000, "runtime.microBatch.delay")
    return traced({"max_queue_delay_microseconds": delay, "default_queue_policy": policy}, "runtime.microBatch.size")


def _parameters(deployment: Deployment) -> Iterator[Data]:
    for key, count in (("intra_op_thread_count", deployment.runtime.threads), ("inter_op_thread_count", 1)):
        yield traced({"key": key, "value": {"string_value": str(count)}}, "runtime.threads")


def _warm_up(face: Face, batch: int) -> Data:
    """A request of zeros, one row, before the model counts as ready."""
    inputs: list[Data] = [
        {
            "key": item.name,
            "value": {
                "data_type": EnumName(facts.DATATYPES.value[item.datatype]),
                "dims": [max(size, 1) for size in item.dims or _LONE_VALUE],
                "zero_data": True,
            },
        }
        for item in _faces(face, batch)
    ]
    return {"name": "zeros", "batch_size": 1, "inputs": inputs}


def command(deployment: Deployment, options: TritonOptions) -> tuple[str, ...]:
    """The server's command line in its image."""
    runtime = deployment.runtime
    cache = (f"--cache-config=local,size={facts.CACHE_BYTES.value}",) if options.responseCache else ()
    return (
        facts.PROGRAM.value,
        f"--model-repository={facts.MODELS.value}",
        f"--http-port={runtime.protocols['rest']}",
        f"--grpc-port={runtime.protocols['grpc']}",
        f"--metrics-port={facts.SERVER.private_ports['metrics'].value}",
        f"--exit-timeout-secs={runtime.timeouts.shutdown.seconds}",
        *facts.FLAGS.value,
        *cache,
    )
