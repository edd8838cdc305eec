"""What is known of Triton Inference Server: its model repository, and the flags of tritonserver."""

from __future__ import annotations

from servespec.runtimes import grpc
from servespec.runtimes.types import Fact, ServerFacts

_RAN = "ran: tritonserver 2.51.0, that of nvidia-pytriton 0.7.0"
_READ = "read: triton-inference-server/server"
_NAMES = (
    *("BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64"),
    *("FP16", "BF16", "FP32", "FP64", "BYTES"),
)

SERVER = ServerFacts(
    name="triton",
    title="Triton Inference Server",
    version=Fact("26.07", f"{_READ}, README of 2026-08: the current release", "2026-11"),
    licence=Fact("BSD-3-Clause", f"{_READ}, LICENSE", "2026-11"),
    maintained=Fact("by NVIDIA", f"{_READ}, README: a release a month", "2026-11"),
    ports={
        "rest": Fact(8000, f"{_READ}, src/command_line_parser.h", "2026-11"),
        "grpc": Fact(8001, f"{_READ}, src/command_line_parser.h", "2026-11"),
    },
    private_ports={"metrics": Fact(8002, f"{_READ}, src/command_line_parser.h", "2026-11")},
    python=Fact((), "read: the server is one program; no model of ours needs the Python of its image", "2026-11"),
    requirements={"26.07": Fact((), "read: its image brings everything", "2026-11")},
    base=Fact("nvcr.io/nvidia/tritonserver:{version}-py3", f"{_READ}, docs: the image with all backends", "2026-11"),
    base_memory=Fact(
        512, "ours: headroom for a small model; 40 MiB measured without the onnxruntime backend", "2026-11"
    ),
    worker_memory=Fact(256, "ours: headroom for an instance of a small model; not measured", "2026-11"),
    home=Fact("/srv/triton", "ours: files that the server reads and nobody writes", "2026-11"),
    stopping=Fact("answers what is in flight, then ends", f"{_RAN}: no longer than `--exit-timeout-secs`", "2026-11"),
    metrics=Fact(("metrics", "/metrics"), f"{_RAN}: on by default, at a port of its own", "2026-11"),
    request_metrics=Fact(
        ("nv_inference_request_success", "nv_inference_request_duration_us", 10**6),
        f"{_READ}, docs/user_guide/metrics.md",
        "2026-11",
    ),
    reserved_settings={},
    reserved_env=dict.fromkeys(("PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR"), ""),
    predict_path=Fact("/v2/models/{model}/infer", f"{_RAN}: the Open Inference Protocol", "2026-11"),
    datatypes=Fact(
        {name: name for name in _NAMES},
        f"{_READ}, issue 2885: an input of another datatype than the model's is refused",
        "2026-11",
    ),
    without_json=Fact(("FP16", "BF16"), f"{_READ}, src/http_server.cc: not supported via JSON", "2026-11"),
    lone_value=Fact(
        (1,),
        "read: triton-inference-server/core, src/model_config_utils.cc, onnxruntime_backend, src/onnxruntime.cc: no "
        "tensor is without dimensions",
        "2026-11",
    ),
    grpc_packages=grpc.PACKAGES,
    grpc_method=grpc.OIP_METHOD,
    grpc_messages=grpc.OIP_MESSAGES,
    ready_path=Fact("/v2/models/{model}/ready", f"{_RAN}: 200 when the model answers, else 400", "2026-11"),
    workers=Fact(
        1, "ours: ONNX Runtime computes many requests at once in one instance on a CPU; not measured", "2026-11"
    ),
    whole_versions=True,
    gpu_platforms=Fact(
        ("linux/amd64", "linux/arm64"),
        f"{_READ}, docs: its image has CUDA in it, and is the same with and without GPUs; never run on one",
        "2026-11",
    ),
)

PROGRAM = Fact("/opt/tritonserver/bin/tritonserver", f"{_READ}, build.py", "2026-11")
MODELS = Fact("/srv/triton/models", "ours: the model repository", "2026-11")
SCRATCH = Fact("/run/triton", "ours: temporary files", "2026-11")
LIVE_PATH = Fact("/v2/health/live", f"{_READ}, docs/protocol: the process works, whatever its models do", "2026-11")
STOP_SECONDS = Fact(5, f"{_RAN}: 3 s after SIGTERM without requests in flight", "2026-11")
FLAGS = Fact(
    (
        "--model-control-mode=none",
        "--disable-auto-complete-config",
        "--exit-on-error=true",
        "--strict-readiness=true",
        "--log-format=ISO8601",
    ),
    f"{_RAN}: nobody changes models over the network; what config.pbtxt says holds; a model that does not load ends it",
    "2026-11",
)
CACHE_BYTES = Fact(64 * 2**20, "ours: answers of some 100,000 small requests", "2026-11")
QUEUE_SIZE = Fact(256, f"{_RAN}: accepted; by default a queue has no end", "2026-11")
DATATYPES = Fact(
    {name: f"TYPE_{'STRING' if name == 'BYTES' else name}" for name in _NAMES},
    f"{_RAN}: the names of model_config.proto, by those of the Open Inference Protocol",
    "2026-11",
)
GRAPH_LEVELS = Fact(
    {"none": 2, "basic": -1, "extended": 1},
    "read: triton-inference-server/onnxruntime_backend README: the graph's level; without one everything is on",
    "2026-11",
)
