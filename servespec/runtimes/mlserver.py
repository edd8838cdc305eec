"""What is known of MLServer 1.7.1, which serves sklearn, xgboost and lightgbm by runtimes of its own."""

from __future__ import annotations

from servespec.runtimes import grpc
from servespec.runtimes.types import Fact, ServerFacts

_READ = "read: mlserver 1.7.1"
_RAN = "ran: mlserver 1.7.1, Python 3.11"

RESERVED_SETTINGS: dict[str, str] = {
    "http_port": "runtime.protocols.rest",
    "grpc_port": "runtime.protocols.grpc",
    "parallel_workers": "runtime.workers",
    "parallel_workers_timeout": "",
    **dict.fromkeys(
        (
            "host",
            "metrics_port",
            "metrics_dir",
            "environments_dir",
            "model_repository_root",
            "model_repository_implementation",
            "load_models_at_startup",
            "kafka_enabled",
        ),
        "",
    ),
}
# Read: mlserver/settings.py, 1.7.1, 2026-11.

RESERVED_ENV: dict[str, str] = {
    **{f"MLSERVER_{key.upper()}": field for key, field in RESERVED_SETTINGS.items()},
    **dict.fromkeys(("PATH", "HOME", "TMPDIR", "MLSERVER_MODEL_URI", "MLSERVER_MODEL_IMPLEMENTATION"), ""),
}

LONE_INPUT = Fact(
    "np",
    f"{_RAN}: one input of any name, also for a model that was fitted on a data frame; the content type `pd` of a "
    "request makes a column of each input. Read: mlserver/codecs/utils.py, 1.7.1",
    "2026-11",
)
SERVER = ServerFacts(
    name="mlserver",
    title="MLServer",
    version=Fact("1.7.1", "read: PyPI, the newest release, 2025-06", "2026-11"),
    licence=Fact("Apache-2.0", "read: the wheel's metadata, 1.7.1", "2026-11"),
    maintained=Fact("by Seldon", "read: PyPI: the newest release is of 2025-06", "2026-11"),
    ports={
        "rest": Fact(8080, f"{_READ}, mlserver/settings.py", "2026-11"),
        "grpc": Fact(8081, f"{_READ}, mlserver/settings.py", "2026-11"),
    },
    private_ports={"metrics": Fact(8082, f"{_READ}, mlserver/settings.py", "2026-11")},
    python=Fact(
        ("3.11", "3.12"), f"{_READ}, its metadata: below 3.13; numpy 2.4 on PyPI: from 3.11; 3.11 ran", "2026-11"
    ),
    requirements={
        "1.7.1": Fact(
            ("mlserver==1.7.1", "orjson==3.13.0", "uvloop==0.21.0", "httptools==0.9.0"),
            f"{_RAN}: with uvloop 0.22 or newer its start fails; httptools gives a third more requests a second",
            "2026-11",
        )
    },
    base=Fact("python:{python}-slim-bookworm", "read: Docker official images; ran: an image of it", "2026-11"),
    base_memory=Fact(256, f"{_RAN}: 160 MiB resident without a framework", "2026-11"),
    worker_memory=Fact(256, f"{_RAN}: 100 to 200 MiB for each process with scikit-learn", "2026-11"),
    home=Fact("/srv/mlserver", "ours: files that the server reads and nobody writes", "2026-11"),
    stopping=Fact(
        "answers what is in flight, then ends",
        f"{_RAN}: by itself it breaks requests off; the entry point waits for them, no longer than "
        "`runtime.timeouts.shutdown`",
        "2026-11",
    ),
    metrics=Fact(("metrics", "/metrics"), f"{_RAN}: on by default, at a port of its own", "2026-11"),
    request_metrics=Fact(
        ("model_infer_request_duration_count", "model_infer_request_duration_sum", 1),
        f"{_RAN}: of REST and gRPC",
        "2026-11",
    ),
    reserved_settings=RESERVED_SETTINGS,
    reserved_env={**RESERVED_ENV, "OMP_NUM_THREADS": "runtime.threads"},
    predict_path=Fact("/v2/models/{model}/infer", f"{_RAN}: the Open Inference Protocol", "2026-11"),
    lone_input=LONE_INPUT,
    grpc_packages=grpc.PACKAGES,
    grpc_method=grpc.OIP_METHOD,
    grpc_messages=grpc.OIP_MESSAGES,
    ready_path=Fact("/v2/models/{model}/ready", f"{_RAN}: /v2/health/ready says ready while no model is", "2026-11"),
    companions={
        "sklearn": Fact(
            ("scikit-learn==1.9.1", "mlserver-sklearn==1.7.1", "numpy==2.4.6", "pandas==3.1.1"),
            f"{_RAN}; another scikit-learn than the model's may load it and fail every request",
            "2026-11",
        ),
        "xgboost": Fact(
            ("xgboost==3.2.0", "mlserver-xgboost==1.7.1", "numpy==2.4.6", "pandas==3.1.1"), _RAN, "2026-11"
        ),
        "lightgbm": Fact(
            ("lightgbm==4.7.0", "mlserver-lightgbm==1.7.1", "numpy==2.4.6", "pandas==3.1.1"), _RAN, "2026-11"
        ),
    },
)

IMPLEMENTATIONS = Fact(
    {
        "sklearn": "mlserver_sklearn.SKLearnModel",
        "xgboost": "mlserver_xgboost.XGBoostModel",
        "lightgbm": "mlserver_lightgbm.LightGBMModel",
    },
    f"{_RAN}: the runtime classes, by the model's format",
    "2026-11",
)
OUTPUTS = Fact(
    {
        "sklearn": ("predict", "predict_proba", "transform"),
        "xgboost": ("predict", "predict_proba"),
        "lightgbm": ("predict",),
    },
    "read: the runtimes' sources, 1.7.1: an output is called like the method that makes it",
    "2026-11",
)
SYSTEM_PACKAGES: Fact[dict[str, tuple[str, ...]]] = Fact(
    {"xgboost": ("libgomp1",), "lightgbm": ("libgomp1",)},
    "read: their wheels link to OpenMP and do not carry it; a slim base has none",
    "2026-11",
)
SCRATCH = Fact("/run/mlserver", f"{_RAN}: metrics that workers share, temporary files", "2026-11")
LIVE_PATH = Fact("/v2/health/live", f"{_RAN}: 200 as long as the process answers, whatever its models do", "2026-11")
STOP_SECONDS = Fact(5, f"{_RAN}: below 1 s after the last answer, 5 s for worker processes to end", "2026-11")
SETTINGS: dict[str, Fact[bool]] = {
    "debug": Fact(False, f"{_RAN}: on by default, it writes a line a request: a fifth fewer of them", "2026-11"),
    "gzip_enabled": Fact(False, f"{_RAN}: on by default, a fifth fewer requests a second", "2026-11"),
}
"""Settings of settings.json that no field decides."""

REFUSALS = Fact(
    ("builtins.ValueError", "xgboost.core.XGBoostError", "lightgbm.basic.LightGBMError"),
    f"{_RAN}: what the runtimes raise for a request that does not fit the model, which is then answered 500",
    "2026-11",
)
