"""What is known of TensorFlow Serving 2.20.0. Its program comes in its own image only: none of this was run."""

from __future__ import annotations

from servespec.runtimes import grpc
from servespec.runtimes.types import Fact, ServerFacts

_READ = "read: tensorflow/serving 2.20.0"
_METRICS = "/monitoring/prometheus/metrics"

SERVER = ServerFacts(
    name="tf-serving",
    title="TensorFlow Serving",
    version=Fact(
        "2.20.0", "read: tensorflow/serving, newest tag, 2026-04; the image's tags are these versions", "2026-11"
    ),
    licence=Fact("Apache-2.0", "read: tensorflow/serving LICENSE", "2026-11"),
    maintained=Fact("by Google", "read: tensorflow/serving: a release for each of TensorFlow", "2026-11"),
    ports={
        "rest": Fact(8501, f"{_READ}, tools/docker/Dockerfile", "2026-11"),
        "grpc": Fact(8500, f"{_READ}, tools/docker/Dockerfile", "2026-11"),
    },
    private_ports={},
    python=Fact((), "read: its image has no Python; the server is one program", "2026-11"),
    requirements={"2.20.0": Fact((), "read: its image brings everything", "2026-11")},
    base=Fact("tensorflow/serving:{version}", f"{_READ}, tools/docker/Dockerfile: Ubuntu 22.04, with bash", "2026-11"),
    base_memory=Fact(384, "ours: headroom for a small model; not measured, for lack of the program", "2026-11"),
    worker_memory=Fact(128, "ours: headroom for the tensors of a request; not measured", "2026-11"),
    home=Fact("/srv/tf-serving", "ours: files that the server reads and nobody writes", "2026-11"),
    stopping=Fact(
        "ends at once, or not at all as process 1",
        f"{_READ}, main.cc: no handler for SIGTERM; the entry point is process 1 and waits before it passes it on",
        "2026-11",
    ),
    metrics=Fact(
        ("rest", _METRICS),
        f"{_READ}, prometheus_exporter.cc: off, until `--monitoring_config_file` turns it on",
        "2026-11",
    ),
    request_metrics=Fact(
        (":tensorflow:serving:request_latency_count", ":tensorflow:serving:request_latency_sum", 10**6),
        f"{_READ}, servables/tensorflow/util.cc: of REST and gRPC, in microseconds",
        "2026-11",
    ),
    reserved_settings={},
    reserved_env={
        **dict.fromkeys(("PATH", "HOME", "TMPDIR", "MODEL_NAME", "MODEL_BASE_PATH"), ""),
        "TF_NUM_INTRAOP_THREADS": "runtime.threads",
        "TF_NUM_INTEROP_THREADS": "runtime.workers",
    },
    predict_path=Fact("/v1/models/{model}:predict", f"{_READ}, http_rest_api_handler.cc", "2026-11"),
    without_json=Fact(("FP16", "UINT16"), f"{_READ}, util/json_tensor.cc: the types that it has", "2026-11"),
    grpc_packages=grpc.PACKAGES,
    grpc_method=Fact(
        "/tensorflow.serving.PredictionService/Predict", f"{_READ}, apis/prediction_service.proto", "2026-11"
    ),
    grpc_messages=Fact(
        {
            "PredictRequest": {"model_spec": "ModelSpec 1", "inputs": "repeated Named 2"},
            "PredictResponse": {"outputs": "repeated Named 1"},
            "ModelSpec": {"name": "string 1"},
            "Named": {"key": "string 1", "value": "TensorProto 2"},
            "TensorProto": {
                "dtype": "int32 1",
                "tensor_shape": "TensorShapeProto 2",
                "float_val": "repeated float 5",
                "double_val": "repeated double 6",
                "int_val": "repeated int32 7",
                "string_val": "repeated bytes 8",
                "int64_val": "repeated int64 10",
                "bool_val": "repeated bool 11",
                "half_val": "repeated int32 13",
                "uint32_val": "repeated uint32 16",
                "uint64_val": "repeated uint64 17",
            },
            "TensorShapeProto": {"dim": "repeated Dim 2"},
            "Dim": {"size": "int64 1"},
        },
        f"{_READ}, apis/predict.proto; tensorflow/core/framework/tensor.proto and tensor_shape.proto",
        "2026-11",
    ),
    ready_path=Fact(
        "/v1/models/{model}", f"{_READ}, get_model_status_impl.cc: says LOADING or END with a 200 too", "2026-11"
    ),
    whole_versions=True,
    gpu_platforms=Fact(("linux/amd64",), "read: tensorflow/serving, tools/docker: x86-64 only", "2026-11"),
    gpu_base=Fact(
        "tensorflow/serving:{version}-gpu",
        "read: tensorflow/serving, tools/docker/Dockerfile.gpu: starts from NVIDIA's CUDA base; never run",
        "2026-11",
    ),
)

TYPES = Fact(
    {
        "FP32": (1, "float_val"), "FP64": (2, "double_val"), "INT32": (3, "int_val"), "UINT8": (4, "int_val"),
        "INT16": (5, "int_val"), "INT8": (6, "int_val"), "BYTES": (7, "string_val"), "INT64": (9, "int64_val"),
        "BOOL": (10, "bool_val"), "UINT16": (17, "int_val"), "FP16": (19, "half_val"), "UINT32": (22, "uint32_val"),
        "UINT64": (23, "uint64_val"),
    },
    "read: tensorflow/core/framework/types.proto and tensor.proto: the number of a type, and where its values stand; "
    "servables/tensorflow/predict_util.cc: the server answers in the same fields",
    "2026-11",
)  # fmt: skip
PROGRAM = Fact("/usr/bin/tensorflow_model_server", f"{_READ}, tools/docker/Dockerfile", "2026-11")
MODELS = Fact("/models", f"{_READ}, tools/docker/Dockerfile: MODEL_BASE_PATH", "2026-11")
SCRATCH = Fact("/run/tf-serving", "ours: temporary files", "2026-11")
HEALTH_PATH = Fact(
    "/v1/models/{model}/versions/{version}/metadata",
    f"{_READ}, get_model_metadata_impl.cc: wants a version that answers; the state alone is told with a 200 always",
    "2026-11",
)
METRICS_PATH = Fact(_METRICS, f"{_READ}, monitoring_config.proto; on the REST port", "2026-11")
STOP_SECONDS = Fact(
    5, f"{_READ}, main.cc: no handler for SIGTERM, so it ends at once when it is not process 1", "2026-11"
)
FLAGS = Fact(
    (
        "--allow_version_labels_for_unavailable_models=true",
        "--max_num_load_retries=0",
        "--enable_grpc_healthcheck_service=true",
        "--enable_profiler=false",
    ),
    f"{_READ}, main.cc, server_core.cc: labels are given before their versions are loaded; a model that does not load "
    "is not tried again; the profiler is on by default, for whoever reaches the gRPC port",
    "2026-11",
)
DEFAULT_SIGNATURE = Fact(
    "serving_default",
    f"{_READ}, apis/predict.proto, http_rest_api_util.cc: the one that is taken unasked",
    "2026-11",
)
QUEUED_BATCHES = Fact(
    100, f"{_READ}, batching/README.md: the default of 10 refuses requests of a short burst", "2026-11"
)
LABEL = Fact(
    "[A-Za-z0-9._~-]+",
    f"{_READ}, http_rest_api_util.cc: in a path it takes all but `/` and `:`; ours: what needs no quoting there",
    "2026-11",
)
