"""What is known of MLflow 3.17.2 as a model server: its scoring server, which `mlflow models serve` starts too."""

from __future__ import annotations

from servespec.runtimes.types import Fact, ServerFacts

_RAN = "ran: mlflow 3.17.2, Python 3.11"
_READ = "read: mlflow 3.17.2"

SERVER = ServerFacts(
    name="mlflow",
    title="MLflow",
    version=Fact("3.17.2", "read: PyPI, the newest release", "2026-11"),
    licence=Fact("Apache-2.0", "read: the wheel's metadata, 3.17.2", "2026-11"),
    maintained=Fact("by the MLflow project of the Linux Foundation", "read: mlflow/mlflow README.rst", "2026-11"),
    ports={"rest": Fact(8080, f"{_READ}, mlflow/models/container: the port of the images that it builds", "2026-11")},
    private_ports={},
    python=Fact(("3.11", "3.12", "3.13"), "read: PyPI, wheels of the pinned pandas and uvloop; 3.11 ran", "2026-11"),
    requirements={
        "3.17.2": Fact(
            (
                "mlflow-skinny==3.17.2",
                "fastapi==0.165.0",
                "uvicorn==0.54.0",
                "httptools==0.9.0",
                "uvloop==0.23.0",
            ),
            f"{_RAN}: the scoring server needs no more; 188 MiB resident with scikit-learn, 274 with all of MLflow",
            "2026-11",
        )
    },
    base=Fact("python:{python}-slim-bookworm", "read: Docker official images; ran: an image of it", "2026-11"),
    base_memory=Fact(128, f"{_RAN}: a parent of several workers takes 20 MiB", "2026-11"),
    worker_memory=Fact(384, f"{_RAN}: 188 MiB resident for each process with scikit-learn", "2026-11"),
    home=Fact("/srv/mlflow", "ours: files that the server reads and nobody writes", "2026-11"),
    stopping=Fact(
        "answers what is in flight, then ends",
        f"{_RAN}: uvicorn does, as the entry point starts it, no longer than `runtime.timeouts.shutdown`",
        "2026-11",
    ),
    reserved_settings={},
    reserved_env={
        "MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT": "runtime.timeouts.request",
        "MLFLOW_DISABLE_TELEMETRY": "",
        **dict.fromkeys(("PATH", "HOME", "TMPDIR"), ""),
        "OMP_NUM_THREADS": "runtime.threads",
    },
    predict_path=Fact("/invocations", f"{_RAN}: there is one model, and no name in the path", "2026-11"),
    ready_path=Fact("/ping", f"{_RAN}: as we start it, it listens only when the model is loaded", "2026-11"),
    companions={
        "mlflow": Fact(("pandas==3.1.1",), f"{_RAN}: requests become a table; the model's own pandas wins", "2026-11")
    },
)

SCRATCH = Fact("/run/mlflow", f"{_RAN}: models of a registry are fetched to it; else temporary files", "2026-11")
STOP_SECONDS = Fact(5, f"{_RAN}: below 1 s after the last answer", "2026-11")
REPLACED = Fact(
    ("mlflow", "mlflow-skinny", "mlflow-tracing"),
    f"{_RAN}: packages that a model's requirements name and that the server brings in its own version",
    "2026-11",
)
REGISTRY_ENV = Fact(
    ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI"),
    f"{_READ}, mlflow/environment_variables.py: which registry `models:/` addresses are looked up in",
    "2026-11",
)
STAGES = Fact(
    ("production", "staging", "archived", "none"),
    f"{_READ}: stages of the registry, deprecated since 2.9, aliases take their place",
    "2026-11",
)
