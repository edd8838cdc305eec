"""What is known of scoring files in Python: the libraries of each format, and what reads and writes data."""

from __future__ import annotations

from servespec.runtimes.types import Fact

_RAN = "ran: pyarrow 25.0.1, Python 3.11"

PINS = Fact(
    ("pyarrow==25.0.1", "tzdata==2026.6"),
    f"{_RAN}: reads and writes all formats, on disk and on object storage; mlflow 3.17 takes no newer one; slim images "
    "have no time zones",
    "2026-11",
)
LIBRARIES: Fact[dict[str, tuple[str, ...]]] = Fact(
    {
        "onnx": ("onnxruntime", "numpy"),
        "sklearn": ("scikit-learn", "numpy", "pandas"),
        "xgboost": ("xgboost", "scikit-learn", "numpy", "pandas"),
        "lightgbm": ("lightgbm", "numpy"),
        "mlflow": ("mlflow-skinny", "pandas"),
    },
    f"{_RAN}: of the packages that serve a model online, those that predict; XGBoost's estimators need scikit-learn",
    "2026-11",
)
TENSORFLOW = Fact(("tensorflow-cpu==2.21.0",), "read: PyPI, the newest release; its server is no package", "2026-11")
PYTHON = Fact(("3.11", "3.12", "3.13"), "read: PyPI, wheels of the pinned pyarrow and numpy; 3.11 ran", "2026-11")
BASE = Fact("python:{python}-slim-bookworm", "read: Docker official images; ran: an image of it", "2026-11")
HOME = Fact("/srv/batch", "ours: files that the scorer reads and nobody writes", "2026-11")
DATA = Fact("/data", "ours: where relative paths of data start in a container", "2026-11")
SCRATCH = Fact("/run/batch", f"{_RAN}: temporary files of libraries; a model of a registry is fetched to it", "2026-11")
SYSTEM_PACKAGES: Fact[dict[str, tuple[str, ...]]] = Fact(
    {"xgboost": ("libgomp1",), "lightgbm": ("libgomp1",)},
    "read: their wheels link to OpenMP and do not carry it; a slim base has none",
    "2026-11",
)
ASSET_LENGTH = Fact(1500, "ran: Airflow 3: a longer name of an asset fails the import of its DAG", "2026-11")
DATATYPE = Fact("float32", "read: PyTorch's default datatype, that of nearly every model's weights", "2026-11")
STORAGES: Fact[dict[str, dict[str, str]]] = Fact(
    {
        "s3": {"accessKeyId": "access_key", "secretAccessKey": "secret_key", "sessionToken": "session_token"},
        "gs": {"serviceAccount": "service_account"},
        "azure": {
            "accountKey": "account_key",
            "tenantId": "tenant_id",
            "clientId": "client_id",
            "clientSecret": "client_secret",
        },
    },
    "read: pyarrow 25.0.1, what its file systems are made with; `service_account` is ours, a file to Google's client",
    "2026-11",
)
"""By type of connection and what is shown: the name by which Arrow takes it."""
OWN_AUTHORITIES = Fact(("s3",), "read: pyarrow 25.0.1, `tls_ca_file_path` of S3FileSystem alone", "2026-11")
"""Storages whose client takes a certificate of who vouches for them."""
MEMORY = Fact(
    1024,
    f"{_RAN}: 10 million rows of four features took 255 MiB with ONNX Runtime, 3 million 310 with scikit-learn; ours: "
    "room for wider ones",
    "2026-11",
)
NO_INPUT = Fact(3, "ours: score.py ends so while its input is not there", "2026-11")
GATE = Fact(5, "ours: score.py ends so for results that may not be published", "2026-11")
FINAL = Fact(
    (2, 4, GATE.value, 7), "ours: score.py ends so for wrong words, data, results or models: it would again", "2026-11"
)
