"""What is known of ONNX Runtime 1.32.0, which has no server of its own: it runs inside MLServer."""

from __future__ import annotations

from servespec.records import replace
from servespec.runtimes import mlserver
from servespec.runtimes.types import Fact

_RAN = "ran: onnxruntime 1.32.0 in mlserver 1.7.1, Python 3.11"
_MLSERVER_PINS = mlserver.SERVER.requirements["1.7.1"].value

SERVER = replace(
    mlserver.SERVER,
    name="onnxruntime",
    title="ONNX Runtime",
    version=Fact("1.32.0", "read: PyPI, the newest release", "2026-11"),
    licence=Fact("MIT", "read: the wheel's metadata, 1.32.0; MLServer is Apache-2.0", "2026-11"),
    maintained=Fact("by Microsoft; MLServer by Seldon", "read: PyPI, the projects' pages", "2026-11"),
    requirements={"1.32.0": Fact(("onnxruntime==1.32.0", *_MLSERVER_PINS), _RAN, "2026-11")},
    base_memory=Fact(192, f"{_RAN}: 163 MiB resident with a small model, one process", "2026-11"),
    worker_memory=Fact(192, f"{_RAN}: 160 MiB more for each process", "2026-11"),
    home=Fact("/srv/onnxruntime", "ours: files that the server reads and nobody writes", "2026-11"),
    reserved_env={**mlserver.RESERVED_ENV, "ORT_DISABLE_TELEMETRY": ""},
    companions={"onnx": Fact(("numpy==2.4.6",), _RAN, "2026-11")},
    lone_input=None,
    datatypes=Fact(
        {
            **dict.fromkeys(("UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64"), "number"),
            **dict.fromkeys(("FP16", "FP32", "FP64"), "number"),
            "BOOL": "truth",
            "BYTES": "text",
        },
        "ours: our program casts numbers, if that changes none of them",
        "2026-11",
    ),
    gpu_platforms=Fact(("linux/amd64",), "read: PyPI, the wheels of onnxruntime-gpu 1.31.1", "2026-11"),
    gpu_requirements={
        "1.32.0": Fact(
            (
                "onnxruntime-gpu==1.31.1",
                "nvidia-cublas==13.10.0.20",
                "nvidia-cuda-nvrtc==13.5.37",
                "nvidia-cuda-runtime==13.5.37",
                "nvidia-cudnn-cu13==9.28.1.4",
                "nvidia-cufft==12.5.0.14",
                "nvidia-curand==10.4.5.25",
                "nvidia-nvjitlink==13.5.37",
                *_MLSERVER_PINS,
            ),
            "read: PyPI, the newest build for GPUs and what it asks for: CUDA 13 and cuDNN 9, which are wheels too, "
            "so that the base stays; an NVIDIA driver of 580 or newer. Ran without a GPU: all is found but the "
            "driver's libcuda.so.1, and it computes on the CPU with a warning",
            "2026-11",
        )
    },
    workers=Fact(
        1, f"{_RAN}: it computes in threads; two processes on two cores gave a third of the requests", "2026-11"
    ),
)

SCRATCH = Fact("/run/onnxruntime", f"{_RAN}: metrics that workers share, temporary files", "2026-11")
PROVIDERS = Fact(("CPUExecutionProvider",), f"{_RAN}: what the wheel of that name computes with", "2026-11")
GPU_PROVIDERS = Fact(
    ("CUDAExecutionProvider", "CPUExecutionProvider"),
    "read: onnxruntime.ai, CUDA execution provider: what it can't compute goes to the next; never run on a GPU",
    "2026-11",
)
NEWEST_ONNX = {
    "1.32.0": Fact(
        {"IR version": 14, "opset ai.onnx": 28, "opset ai.onnx.ml": 5},
        f"{_RAN}: files of the next versions were refused with these numbers",
        "2026-11",
    )
}
"""The newest of the format and of the operators that each version takes, by their names in an inspection."""
NEWEST_ONNX_ON_GPUS = {
    "1.32.0": Fact(
        {"IR version": 13, "opset ai.onnx": 26, "opset ai.onnx.ml": 5},
        "ran: onnxruntime-gpu 1.31.1: files of the next versions were refused with these numbers",
        "2026-11",
    )
}
"""The same of the build for GPUs that goes with each version."""
INLINE_SECONDS = Fact(
    0.001, f"{_RAN}: the way to a thread and back costs half of that; what takes longer would hold up others", "2026-11"
)
