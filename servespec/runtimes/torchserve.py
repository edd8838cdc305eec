"""What is known of TorchServe 0.12.0. It has no maintainers any more, so these facts no longer move."""

from __future__ import annotations

from servespec.runtimes import grpc
from servespec.runtimes.types import Fact, Maintenance, ServerFacts

_DOCS = "read: pytorch/serve docs/configuration.md at 62c4d6a1f"
_RAN = "ran: torchserve 0.12.0, torch 2.13.0, Java 17, Python 3.11"

_RESERVED_SETTINGS: dict[str, str] = {
    "inference_address": "runtime.protocols.rest",
    "grpc_inference_port": "runtime.protocols.grpc",
    "load_models": "model",
    "models": "runtime",
    "default_workers_per_model": "runtime.workers",
    "default_response_timeout": "runtime.timeouts.request",
    "default_startup_timeout": "runtime.timeouts.startup",
    "disable_token_authorization": "security.authorization",
    **dict.fromkeys(
        (
            "management_address",
            "metrics_address",
            "grpc_inference_address",
            "grpc_management_address",
            "grpc_management_port",
            "model_store",
            "model_snapshot",
            "model_server_home",
            "allowed_urls",
            "use_env_allowed_urls",
            "enable_envvars_config",
            "token_expiration_min",
        ),
        "",
    ),
}
# Read: pytorch/serve ConfigManager.java, 0.12.0, 2026-11.

_RESERVED_ENV: dict[str, str] = {
    **{f"TS_{key.upper()}": field for key, field in _RESERVED_SETTINGS.items()},
    **dict.fromkeys(("PATH", "HOME", "TEMP", "TMPDIR", "TS_CONFIG_FILE", "LOG_LOCATION", "METRICS_LOCATION"), ""),
}
# Ran: with `enable_envvars_config`, `TS_` and a setting's name beat config.properties, 2026-11.

SERVER = ServerFacts(
    name="torchserve",
    title="TorchServe",
    version=Fact("0.12.0", "read: PyPI, the newest release, 2024-09", "2026-11"),
    licence=Fact("Apache-2.0", "read: pytorch/serve LICENSE", "2026-11"),
    maintained=Fact("by nobody", "read: pytorch/serve README.md, newest commit 2025-03-17", "2026-11"),
    ports={"rest": Fact(8080, _DOCS, "2026-11"), "grpc": Fact(7070, _DOCS, "2026-11")},
    private_ports={
        "management": Fact(8081, _DOCS, "2026-11"),
        "metrics": Fact(8082, _DOCS, "2026-11"),
        "grpc-management": Fact(7071, _DOCS, "2026-11"),
    },
    python=Fact(("3.10", "3.11", "3.12"), "read: torch 2.13 and numpy 2.2 wheels on PyPI; 3.11 ran", "2026-11"),
    requirements={
        "0.12.0": Fact(
            ("torchserve==0.12.0", "PyYAML==6.0.3"),
            f"{_RAN}: workers die without torch, PyYAML and numpy, which the wheel does not declare",
            "2026-11",
        )
    },
    base=Fact("python:{python}-slim-bookworm", "read: Docker official images; Debian 12 has Java 17", "2026-11"),
    base_memory=Fact(512, f"{_RAN}: a JVM of 150 to 260 MiB resident", "2026-11"),
    worker_memory=Fact(512, f"{_RAN}: 230 MiB for each worker with torch", "2026-11"),
    home=Fact("/srv/torchserve", "ours: files that the server reads and nobody writes", "2026-11"),
    stopping=Fact(
        "waits 2.4 s, and breaks off what is not answered by then",
        f"{_RAN}; its launcher as process 1 does not stop at all: the entry point starts Java, drains, and stops it",
        "2026-11",
    ),
    metrics=Fact(("metrics", "/metrics"), f"{_RAN}: with `metrics_mode=prometheus`, and empty without", "2026-11"),
    request_metrics=Fact(
        ("ts_inference_requests_total", "ts_inference_latency_microseconds", 10**6),
        f"{_RAN}: of REST and gRPC",
        "2026-11",
    ),
    reserved_settings=_RESERVED_SETTINGS,
    reserved_env=_RESERVED_ENV,
    maintenance=Maintenance(
        state="in limited maintenance: no updates, no bug fixes, no security patches",
        since="2025-03-17",
        instead=("onnxruntime", "triton"),
        source="read: pytorch/serve README.md and SECURITY.md, newest commit 2025-03-17",
    ),
    predict_path=Fact("/predictions/{model}", "read: pytorch/serve docs/inference_api.md at 62c4d6a1f", "2026-11"),
    gpu_platforms=Fact(
        ("linux/amd64", "linux/arm64"),
        "read: PyTorch's releases since 2.7: builds for CUDA for both; which one is installed is up to "
        "`image.requirements` and `image.indexes`. It counts GPUs by nvidia-smi, and gives each worker one. "
        "Never run on a GPU",
        "2026-11",
    ),
    grpc_packages=grpc.PACKAGES,
    grpc_method=Fact(
        "/org.pytorch.serve.grpc.inference.InferenceAPIsService/Predictions", f"{_RAN}, its inference.proto", "2026-11"
    ),
    grpc_messages=Fact(
        {
            "PredictionsRequest": {"model_name": "string 1", "input": "repeated Part 3"},
            "PredictionResponse": {"prediction": "bytes 1"},
            "Part": {"key": "string 1", "value": "bytes 2"},
        },
        f"{_RAN}, its inference.proto",
        "2026-11",
    ),
    key_file=Fact(
        "/run/torchserve/key_file.json",
        f"{_RAN}: in the working folder; that of clients is `key` of `inference`",
        "2026-11",
    ),
    programs=Fact(("java",), f"{_RAN}: its frontend is a Java program, 11 or newer", "2026-11"),
)

SCRATCH = Fact(
    "/run/torchserve", f"{_RAN}: TEMP holds unpacked models and sockets, the working folder the keys", "2026-11"
)
LIVE_PATH = Fact("/ping", f"{_RAN}: says Healthy for a model that failed to load, and asks for a token too", "2026-11")
STOP_SECONDS = Fact(5, f"{_RAN}: 2.4 s of its own quiet period after the last answer, with headroom", "2026-11")
PERHAPS_SECONDS = Fact(3, f"{_RAN}: how long a connection that may be waiting is given the benefit", "2026-11")
SYSTEM_PACKAGES = Fact(
    ("openjdk-17-jre-headless",),
    "ran: Debian 12, image build and start; needs /usr/share/man/man1 on a slim base",
    "2026-11",
)
SERVER_CLASS = Fact("org.pytorch.serve.ModelServer", f"{_RAN}: what its launcher starts", "2026-11")
JVM_FLAGS = Fact(
    ("-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData"),
    f"{_RAN}: 150 to 260 MiB resident; a JVM without memory must end, so that it is restarted",
    "2026-11",
)
ARCHIVER = Fact("torch-model-archiver==0.12.0", "read: PyPI, the newest release", "2026-11")

SETTINGS: dict[str, Fact[str | int | bool]] = {
    "enable_model_api": Fact(False, f"{_DOCS}: models can't be registered or removed over the network", "2026-11"),
    "install_py_dep_per_model": Fact(False, f"{_DOCS}: an archive must not install packages", "2026-11"),
    "enable_envvars_config": Fact(True, f"{_RAN}: TS_… variables widen addresses in a container", "2026-11"),
    "metrics_mode": Fact("prometheus", f"{_RAN}: the default, log, leaves /metrics empty", "2026-11"),
    "model_metrics_auto_detect": Fact(True, f"{_RAN}: a handler's own metrics are shown", "2026-11"),
    "disable_system_metrics": Fact(True, f"{_DOCS}: the platform measures its containers itself", "2026-11"),
    "number_of_netty_threads": Fact(2, f"{_RAN}: the default is one for each core of the host", "2026-11"),
    "netty_client_threads": Fact(1, f"{_RAN}: the default is one for each core of the host", "2026-11"),
    "job_queue_size": Fact(100, f"{_DOCS}: requests that may wait for a worker", "2026-11"),
    "max_request_size": Fact(6553500, f"{_DOCS}: bytes, the default", "2026-11"),
    "max_response_size": Fact(6553500, f"{_DOCS}: bytes, the default", "2026-11"),
    "blacklist_env_vars": Fact(".*(SECRET|PASSWORD|AWS_|TOKEN).*", f"{_RAN}: not shown to workers in logs", "2026-11"),
}
"""Settings of config.properties that no field decides."""

TOKEN_MINUTES = Fact(
    5_256_000, f"{_RAN}: tokens expire after 60 minutes by default and can't be renewed without a restart", "2026-11"
)
RETRY_SECONDS = Fact(60, f"{_RAN}: how long a worker that keeps failing is started again", "2026-11")

DATATYPES = Fact(
    {
        "BOOL": "bool", "UINT8": "uint8", "INT8": "int8", "INT16": "int16", "INT32": "int32", "INT64": "int64",
        "FP16": "float16", "FP32": "float32", "FP64": "float64",
    },
    "read: torch.dtype of torch 2.13, those that every operation takes, by their names in the Open Inference Protocol",
    "2026-11",
)  # fmt: skip

LOGGING = Fact(
    {
        "status": "warn",
        "shutdownHook": "disable",
        "appender.stdout.type": "Console",
        "appender.stdout.name": "STDOUT",
        "appender.stdout.target": "SYSTEM_OUT",
        "appender.stdout.layout.type": "PatternLayout",
        "appender.stdout.layout.pattern": "%d{ISO8601} [%-5p] %t %c - %m%n",
        "logger.netty.name": "io.netty",
        "logger.netty.level": "error",
        "logger.apache.name": "org.apache",
        "logger.apache.level": "off",
        "logger.modelmetrics.name": "MODEL_METRICS",
        "logger.modelmetrics.level": "off",
        "logger.tsmetrics.name": "TS_METRICS",
        "logger.tsmetrics.level": "off",
        "rootLogger.level": "info",
        "rootLogger.appenderRef.stdout.ref": "STDOUT",
    },
    f"{_RAN}: its own log4j2 configuration writes files, which a read-only root has no place for",
    "2026-11",
)
