"""The data of TensorFlow Serving's configuration files, and its command line."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes import tf_serving as facts
from servespec.targets.tf_serving.options import TfServingOptions

LATEST = "latest"


def served_versions(deployment: Deployment, options: TfServingOptions) -> tuple[str, ...]:
    """The versions that are loaded, as far as the spec says it: with `latest`, the one that is the newest now."""
    if isinstance(options.versions, str):
        return (deployment.model.version,)
    return tuple(map(str, sorted(set(options.versions)))) or (deployment.model.version,)


def models_config(deployment: Deployment, options: TfServingOptions) -> dict[str, Data]:
    """The one model (model_server_config.proto)."""
    name = deployment.model.name
    config: dict[str, Data] = {
        "name": traced(name, "model.name"),
        "base_path": traced(f"{facts.MODELS.value}/{name}", "model.name", "fact:tf-serving.MODELS"),
        "model_platform": "tensorflow",
        "model_version_policy": _policy(deployment, options),
    }
    if options.labels:
        labels: list[Data] = [{"key": label, "value": version} for label, version in sorted(options.labels.items())]
        config["version_labels"] = traced(labels, "targets.tf-serving.labels")
    return {"model_config_list": {"config": config}}


def _policy(deployment: Deployment, options: TfServingOptions) -> Data:
    if options.versions == LATEST:
        return traced({"latest": {"num_versions": 1}}, "targets.tf-serving.versions")
    versions: list[Data] = [int(version) for version in served_versions(deployment, options)]
    return traced({"specific": {"versions": versions}}, "targets.tf-serving.versions", "model.version")


def batching(deployment: Deployment) -> dict[str, Data]:
    """Dynamic batching (session_bundle_config.proto), in which numbers are messages."""
    runtime = deployment.runtime
    return {
        "max_batch_size": traced({"value": runtime.micro_batch.size}, "runtime.microBatch.size"),
        "batch_timeout_micros": traced(
            {"value": runtime.micro_batch.delay.milliseconds * 1000}, "runtime.microBatch.delay"
        ),
        "max_enqueued_batches": traced({"value": facts.QUEUED_BATCHES.value}, "fact:tf-serving.QUEUED_BATCHES"),
        "num_batch_threads": traced({"value": runtime.workers}, "runtime.workers"),
    }


def monitoring() -> dict[str, Data]:
    """Metrics for Prometheus (monitoring_config.proto), which are off by default."""
    fields: dict[str, Data] = {"enable": True, "path": facts.METRICS_PATH.value}
    return {"prometheus_config": traced(fields, "fact:tf-serving.METRICS_PATH")}


def command(deployment: Deployment, options: TfServingOptions) -> tuple[str, ...]:
    """The server's command line in its image, by the entry point that waits for clients before it ends."""
    home, runtime = facts.SERVER.home.value, deployment.runtime
    rest, grpc = (str(runtime.protocols[name]) for name in ("rest", "grpc"))
    drain = str(runtime.timeouts.shutdown.seconds)
    entry = ("/bin/bash", f"{home}/entrypoint.sh", drain, rest, grpc, facts.PROGRAM.value)
    return (*entry, *_flags(deployment, options, home=home), *facts.FLAGS.value)


def _flags(deployment: Deployment, options: TfServingOptions, *, home: str) -> Iterator[str]:
    runtime = deployment.runtime
    yield f"--rest_api_port={runtime.protocols['rest']}"
    yield f"--port={runtime.protocols['grpc']}"
    yield f"--rest_api_timeout_in_ms={runtime.timeouts.request.milliseconds}"
    yield f"--tensorflow_intra_op_parallelism={runtime.threads}"
    yield f"--tensorflow_inter_op_parallelism={runtime.workers}"
    yield f"--model_config_file={home}/models.config"
    yield f"--monitoring_config_file={home}/monitoring.config"
    if runtime.micro_batch.size > 1:
        yield "--enable_batching=true"
        yield f"--batching_parameters_file={home}/batching_parameters.txt"
    if options.versions != LATEST:
        yield "--file_system_poll_wait_seconds=0"  # the image's versions never change
