"""What is known of Seldon Core: version 1 with its SeldonDeployment, version 2 with Model, Server and Experiment."""

from __future__ import annotations

from servespec.runtimes.types import Fact

V1 = "machinelearning.seldon.io/v1"
V2 = "mlops.seldon.io/v1alpha1"

_ONE = "read: SeldonIO/seldon-core v1.17.1"
_TWO = "read: SeldonIO/seldon-core v2.6.0"

FREE = Fact(
    {V1: "1.17.1", V2: "2.6.0"},
    "read: SeldonIO/seldon-core, LICENSE at each tag: the last under Apache-2.0; from 1.18.0 and 2.7.0 on, of 2024-01, "
    "the Business Source License 1.1, by which production needs a commercial licence",
    "2026-11",
)
"""The newest version under a free licence, by `apiVersion`."""
OLDEST = Fact(
    {V1: "1.16", V2: "2.0"},
    f"{_ONE}, and v1.15.0, seldondeployment_controller.go: budgets and autoscalers in the forms that Kubernetes has "
    "since 1.25; ran: what is emitted against the resource definitions of v1.16.0 to v1.18.2 and v2.0.0 to v2.10.2",
    "2026-11",
)
"""The oldest version that takes what is emitted, by `apiVersion`."""
PROTOCOLS = Fact(
    {
        "v2": ("mlserver", "onnxruntime", "triton"),
        "tensorflow": ("tf-serving",),
        "seldon": (),
    },
    f"{_ONE}, seldondeployment_webhook.go, executor/api/rest/server.go: the protocols; the servers that speak them: "
    "their own facts",
    "2026-11",
)
"""The servers that speak a protocol of Seldon's."""
IMPLEMENTATIONS = Fact(
    {
        "sklearn": ("SKLEARN_SERVER", "v2"),
        "xgboost": ("XGBOOST_SERVER", "v2"),
        "tensorflow": ("TENSORFLOW_SERVER", "tensorflow"),
        "onnx": ("TRITON_SERVER", "v2"),
    },
    f"{_ONE}, helm-charts/seldon-core-operator/values.yaml: without an image for a protocol, the image is empty",
    "2026-11",
)
"""The prepackaged servers by the model's format, with the protocol of the images that are taken for them."""
SELDON_PROTOCOL = Fact(
    "its servers that speak it have scikit-learn 0.24.2 and XGBoost 1.4.2, of 2021",
    f"{_ONE}, servers/sklearnserver and servers/xgboostserver: requirements.txt",
    "2026-11",
)
"""Why nothing is compiled to Seldon's own protocol."""
ENGINE_PORTS = Fact(
    (8000, 5001), f"{_ONE}, seldondeployment_controller.go: the orchestrator's, in the pod of the model", "2026-11"
)
RESERVED_NAMES = Fact(
    ("seldon-container-engine", "tfserving"),
    f"{_ONE}, seldondeployment_controller.go: containers of these names are not taken for the model's",
    "2026-11",
)
POD_VERSION = Fact(
    "1.24",
    f"{_ONE} and v1.18.2, operator/go.mod: the definition of a SeldonDeployment has the pods of that version",
    "2026-11",
)
"""The version of Kubernetes whose pods a SeldonDeployment may have, however new the cluster is."""
LONGEST_NAME = Fact(
    63, f"{_ONE}, seldondeployment_types.go, GetDeploymentName: a longer one is `seldon-` with the MD5 of it", "2026-11"
)
NO_ENGINE = Fact(
    "seldon.io/no-engine", f"{_ONE}, seldondeployment_types.go: requests reach the model's own port", "2026-11"
)
INITIALIZER = Fact(
    "docker.io/seldonio/rclone-storage-initializer:1.17.1",
    f"{_ONE}, values.yaml; components/rclone-storage-initializer: rclone 1.59.1, `rclone copy ADDRESS /mnt/models`",
    "2026-11",
)
METRICS_PATH = Fact(
    "/prometheus",
    f"{_ONE}, seldondeployment_controller.go: MLSERVER_METRICS_ENDPOINT of every container with a port `metrics`, "
    "its last variable",
    "2026-11",
)
READS_PATH = Fact(
    ("mlserver", "onnxruntime"), "ran: what is emitted for them starts MLServer, which takes its variables", "2026-11"
)
"""Servers that tell their metrics there."""
PREPACKAGED_PORT = Fact(
    "http",
    f"{_ONE}, mlserver.go, seldondeployment_prepackaged_servers.go: SKLEARN_SERVER, XGBOOST_SERVER and TRITON_SERVER "
    "have the ports `http` and `grpc` alone, whatever their container says",
    "2026-11",
)
"""A port of a prepackaged server by its name, by which Prometheus finds the pod."""
CAPABILITIES = Fact(
    {
        "mlserver": ("sklearn", "xgboost", "lightgbm"),
        "triton": ("onnx", "tensorflow"),
    },
    f"{_TWO}, seldon-core-v2-setup/values.yaml: serverCapabilities, those that are formats here",
    "2026-11",
)
"""The formats that the servers of version 2 take, by server."""
V2_IMAGES = Fact(
    {"mlserver": "docker.io/seldonio/mlserver:1.7.1", "triton": "nvcr.io/nvidia/tritonserver:26.07-py3"},
    f"{_TWO}: its chart has MLServer 1.3.5 and Triton 23.03, of 2023; read: the newest tags of both",
    "2026-11",
)
RCLONE = Fact(
    {"s3": "s3", "gs": "google cloud storage", "azure": "azureblob"},
    f"{_ONE}, rclone-storage-initializer; {_TWO}, docs: the remote is called like the scheme; rclone 1.59: its types",
    "2026-11",
)
"""The type of a remote, by the type of connection."""
RCLONE_KEYS = Fact(
    {
        "accessKeyId": "access_key_id",
        "secretAccessKey": "secret_access_key",
        "sessionToken": "session_token",
        "serviceAccount": "service_account_credentials",
        "accountKey": "key",
        "tenantId": "tenant",
        "clientId": "client_id",
        "clientSecret": "client_secret",
    },
    "read: rclone.org/s3, /googlecloudstorage, /azureblob; a principal of Azure needs 1.61, and version 1 has 1.59; "
    "ran: rclone 1.75.2 against moto, fake-gcs-server and Azurite, with keys and without",
    "2026-11",
)
"""What rclone calls what a secret holds."""
GOOGLE_API = Fact(
    "/storage/v1/",
    "ran: rclone 1.75.2 against fake-gcs-server 1.54.0: an endpoint with a scheme is taken for the address of the API",
    "2026-11",
)
