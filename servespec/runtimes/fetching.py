"""What is known of fetching models: a client for each scheme, and the names by which it learns who asks."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.runtimes.types import Fact

_RAN = "ran: Python 3.11"

CLIENTS: Mapping[str, Fact[tuple[str, ...]]] = {
    "s3": Fact(("boto3==1.44.8",), f"{_RAN}, against moto 5.2.5", "2026-11"),
    "gs": Fact(("google-cloud-storage==3.17.1",), f"{_RAN}, against fake-gcs-server 1.54.0", "2026-11"),
    "az": Fact(
        ("azure-storage-blob==12.31.1", "azure-identity==1.27.0"),
        f"{_RAN}, against Azurite 3.35.0, which looks at keys and at the words of tokens",
        "2026-11",
    ),
    "https": Fact((), f"{_RAN}, urllib, against a server with a certificate of its own", "2026-11"),
    "models": Fact(("mlflow-skinny==3.17.2",), f"{_RAN}, against `mlflow server` 3.17.2", "2026-11"),
}
"""By the scheme of an address: what is installed to ask it."""
SCHEMES: Mapping[str, str] = {"s3": "s3", "gs": "gs", "az": "azure", "https": "https", "models": "mlflow"}
"""The type of connection that a scheme is for."""
VARIABLES: Fact[Mapping[str, Mapping[str, str]]] = Fact(
    {
        "s3": {
            "accessKeyId": "AWS_ACCESS_KEY_ID",
            "secretAccessKey": "AWS_SECRET_ACCESS_KEY",
            "sessionToken": "AWS_SESSION_TOKEN",
            "endpoint": "AWS_ENDPOINT_URL_S3",
            "region": "AWS_DEFAULT_REGION",
        },
        "gs": {"serviceAccount": "GOOGLE_CREDENTIALS", "endpoint": "GS_ENDPOINT"},
        "azure": {
            "accountKey": "AZURE_STORAGE_ACCESS_KEY",
            "tenantId": "AZURE_TENANT_ID",
            "clientId": "AZURE_CLIENT_ID",
            "clientSecret": "AZURE_CLIENT_SECRET",
            "account": "AZURE_STORAGE_ACCOUNT",
            "endpoint": "AZURE_STORAGE_ENDPOINT",
        },
        "https": {"token": "HTTPS_TOKEN", "username": "HTTPS_USERNAME", "password": "HTTPS_PASSWORD"},
        "mlflow": {
            "token": "MLFLOW_TRACKING_TOKEN",
            "username": "MLFLOW_TRACKING_USERNAME",
            "password": "MLFLOW_TRACKING_PASSWORD",
            "endpoint": "MLFLOW_TRACKING_URI",
        },
    },
    "read: botocore 1.44, azure-identity 1.27 and mlflow 3.17, their variables; the others are fetch.py's own",
    "2026-11",
)
"""By type of connection and what is shown or said: the variable in which it is looked for."""
ANONYMOUS = Fact("FETCH_ANONYMOUS", "ours: fetch.py shows nobody anything where it is set", "2026-11")
CERTIFICATES = Fact("CA_CERTIFICATES", "ours: fetch.py writes it to a file for all clients", "2026-11")
PYTHON = Fact("3.11", f"{_RAN}; all clients have wheels for it", "2026-11")
BASE = Fact("python:{python}-slim-bookworm", "read: Docker official images; ran: an image of it", "2026-11")
HOME = Fact("/srv/fetch", "ours: files that the program reads and nobody writes", "2026-11")
FOLDER = Fact("/mnt/models", "ours: where the volume is that the model is fetched into", "2026-11")
SCRATCH = Fact("/run/fetch", f"{_RAN}: certificates for clients that read them from a file", "2026-11")
RESOURCES = Fact(
    {"cpu": "100m", "memory": "256Mi", "limit": "512Mi"},
    f"{_RAN}: 49 MiB resident with boto3, 112 while 300 MB were fetched; 46 to 76 with the other clients",
    "2026-11",
)
"""What is set aside for it, and the most memory that it takes."""
