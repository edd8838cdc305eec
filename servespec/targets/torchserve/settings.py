"""The data of TorchServe's two configuration files."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes import torchserve as facts
from servespec.targets.torchserve.files import ArchiveFiles


def config_properties(deployment: Deployment, files: ArchiveFiles) -> dict[str, Data]:
    """The server's configuration: everything on loopback, which the image widens for clients only."""
    runtime, private = deployment.runtime, facts.SERVER.private_ports
    store = f"{facts.SERVER.home.value}/model-store"

    def listen(port: int, origin: str) -> Data:
        return traced(loopback(port), origin)

    settings: dict[str, Data] = {
        "inference_address": listen(runtime.protocols["rest"], "runtime.protocols.rest"),
        "management_address": listen(private["management"].value, "fact:torchserve.private_ports"),
        "metrics_address": listen(private["metrics"].value, "fact:torchserve.private_ports"),
        "grpc_inference_address": traced("127.0.0.1", "fact:torchserve.private_ports"),
        "grpc_inference_port": traced(runtime.protocols["grpc"], "runtime.protocols.grpc"),
        "grpc_management_address": traced("127.0.0.1", "fact:torchserve.private_ports"),
        "grpc_management_port": traced(private["grpc-management"].value, "fact:torchserve.private_ports"),
        "model_store": traced(store, "fact:torchserve.home"),
        "load_models": traced(f"{files.model_name}={files.archive}", "model.name", "model.version"),
        "allowed_urls": traced(f"file://{store}/.*", "fact:torchserve.home"),
        "disable_token_authorization": traced(deployment.security.authorization == "none", "security.authorization"),
        "token_expiration_min": traced(facts.TOKEN_MINUTES.value, "fact:torchserve.TOKEN_MINUTES"),
        "default_workers_per_model": traced(runtime.workers, "runtime.workers"),
        "default_response_timeout": traced(runtime.timeouts.request.seconds, "runtime.timeouts.request"),
        "default_startup_timeout": traced(runtime.timeouts.startup.seconds, "runtime.timeouts.startup"),
    }
    for name, fact in facts.SETTINGS.items():
        settings[name] = traced(fact.value, "fact:torchserve.SETTINGS")
    for name, value in runtime.config.items():
        settings[name] = traced("" if value is None else value, f"runtime.config.{name}")
    return settings


def loopback(port: int) -> str:
    """The address of a port that only this machine reaches."""
    return f"http://127.0.0.1:{port}"


def model_config(deployment: Deployment) -> dict[str, Data]:
    """The model's configuration, which travels in the archive and beats the server's."""
    runtime, handler = deployment.runtime, deployment.model.handler
    config: dict[str, Data] = {
        "minWorkers": traced(runtime.workers, "runtime.workers"),
        "maxWorkers": traced(runtime.workers, "runtime.workers"),
        "batchSize": traced(runtime.micro_batch.size, "runtime.microBatch.size"),
        "maxBatchDelay": traced(runtime.micro_batch.delay.milliseconds, "runtime.microBatch.delay"),
        "responseTimeout": traced(runtime.timeouts.request.seconds, "runtime.timeouts.request"),
        "startupTimeout": traced(runtime.timeouts.startup.seconds, "runtime.timeouts.startup"),
        # Without this a request to a model whose worker has died waits for ever.
        "clientTimeoutInMills": traced(runtime.timeouts.request.milliseconds, "runtime.timeouts.request"),
        "maxRetryTimeoutInSec": traced(facts.RETRY_SECONDS.value, "fact:torchserve.RETRY_SECONDS"),
    }
    if handler and handler.settings:
        config["handler"] = {
            name: traced(value, f"model.handler.settings.{name}") for name, value in handler.settings.items()
        }
    return config
