"""What each type of connection is shown, and under which names its own tools look for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from servespec.records import dataclass
from servespec.runtimes.types import Fact

Form = Mapping[str, str]
"""What belongs together, with the usual name of its key in a secret."""


@dataclass(frozen=True)
class Kind:
    """A type of connection."""

    needs: tuple[str, ...] = ()
    """Fields that it can't do without."""
    takes: tuple[str, ...] = ()
    """More fields that it has."""
    forms: tuple[Form, ...] = ()
    """What a secret for it may hold. The first one is meant when nothing is said."""
    more: Form = field(default_factory=dict)
    """What may stand beside the first form."""
    workload: bool = False
    """Whether it knows what runs in a cloud by itself."""
    port: int = 443
    """Where it listens, unless an address says something else."""


_TOKEN: Form = {"token": "token"}
_PASSWORD: Form = {"username": "username", "password": "password"}
_MUTUAL: Form = {"certificate": "tls.crt", "privateKey": "tls.key"}
"""The keys of a secret of the type `kubernetes.io/tls`."""

KINDS: Fact[Mapping[str, Kind]] = Fact(
    {
        "s3": Kind(
            takes=("endpoint", "region", "tls"),
            forms=({"accessKeyId": "AWS_ACCESS_KEY_ID", "secretAccessKey": "AWS_SECRET_ACCESS_KEY"},),
            more={"sessionToken": "AWS_SESSION_TOKEN"},
            workload=True,
        ),
        "gs": Kind(
            takes=("endpoint", "tls"),
            forms=({"serviceAccount": "gcloud-application-credentials.json"},),
            workload=True,
        ),
        "azure": Kind(
            needs=("account",),
            takes=("endpoint", "tls"),
            forms=(
                {"accountKey": "AZURE_STORAGE_ACCESS_KEY"},
                {"tenantId": "AZURE_TENANT_ID", "clientId": "AZURE_CLIENT_ID", "clientSecret": "AZURE_CLIENT_SECRET"},
            ),
            workload=True,
        ),
        "https": Kind(needs=("endpoint",), takes=("tls",), forms=(_TOKEN, _PASSWORD)),
        "mlflow": Kind(
            needs=("endpoint",),
            takes=("tls",),
            forms=(
                {"token": "MLFLOW_TRACKING_TOKEN"},
                {"username": "MLFLOW_TRACKING_USERNAME", "password": "MLFLOW_TRACKING_PASSWORD"},
            ),
        ),
        "kafka": Kind(needs=("brokers",), takes=("tls",), forms=(_PASSWORD, _MUTUAL), port=9092),
        "nats": Kind(
            needs=("brokers",),
            takes=("endpoint", "tls"),
            forms=(_TOKEN, _PASSWORD, _MUTUAL, {"credentials": "user.creds"}),
            port=4222,
        ),
    },
    "read: kserve/kserve v0.20.0, pkg/credentials; botocore, azure-identity, mlflow: the variables of their own; "
    "Kubernetes, secrets of the type kubernetes.io/tls; librdkafka, nats.io: their ports and what they are shown",
    "2026-11",
)
"""By type."""
MECHANISM = Fact("SCRAM-SHA-512", "ours: of Kafka's mechanisms with a password the one that never sends it", "2026-11")
