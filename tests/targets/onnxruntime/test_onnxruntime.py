"""What is emitted for ONNX Runtime: its own settings, and MLServer's around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_ONNX = "model: { format: onnx, uri: ./m.onnx }\n"
Compile = Callable[..., Any]


def test_defaults(emitted: Compile) -> None:
    """One process, one thread, the whole optimisation, no batches, whatever the CPU request is."""
    made = emitted(_ONNX + 'resources: { requests: { cpu: "4" } }\n')
    spec = made.literal("onnx_runtime.py")
    assert (spec["threads"], spec["graph_level"], spec["batch"]) == (1, "all", 1)
    assert made.json("settings.json")["parallel_workers"] == 0


def test_the_session(emitted: Compile) -> None:
    """Threads, graph level and micro-batches are the runtime class's; MLServer's own batches stay off."""
    runtime = "runtime: { threads: 4, graphLevel: basic, microBatch: { size: 16, delay: 3ms }, workers: 2 }\n"
    made = emitted(_ONNX + runtime)
    spec = made.literal("onnx_runtime.py")
    assert (spec["threads"], spec["graph_level"], spec["batch"], spec["batch_seconds"]) == (4, "basic", 16, 0.003)
    assert made.json("settings.json")["parallel_workers"] == 2
    assert not {"max_batch_size", "max_batch_time"} & set(made.json("model-settings.json"))


def test_the_model_says_what_it_takes(emitted: Compile) -> None:
    """The runtime class reads it off the model, so nothing is said twice."""
    signature = "signature: { inputs: { tensors: [{ name: input, datatype: FP32, shape: [1, 3, 8] }] } }\n"
    made = emitted(_ONNX + signature)
    found = made.json("model-settings.json")
    assert (found["implementation"], "inputs" in found) == ("onnx_runtime.OnnxRuntime", False)
    assert found["parameters"] == {"uri": "./model/m.onnx", "version": "1.0"}
    assert made.literal("serve.py")["inputs"] is None


def test_gpus(emitted: Compile) -> None:
    """The build for GPUs takes the place of the other, with all that it needs, and computes there first."""
    made = emitted(_ONNX + "resources: { accelerator: {} }\n")
    requirements = made.text("requirements.txt").splitlines()
    assert [line for line in requirements if line.startswith("onnxruntime")] == ["onnxruntime-gpu==1.31.1"]
    assert "nvidia-cudnn-cu13==9.28.1.4" in requirements
    assert made.literal("onnx_runtime.py")["providers"] == ["CUDAExecutionProvider", "CPUExecutionProvider"]
    assert "ENV NVIDIA_DRIVER_CAPABILITIES=" in made.text("Dockerfile", "docker")
    assert "NVIDIA" not in emitted(_ONNX).text("Dockerfile", "docker")


def test_a_folder_goes_whole(emitted: Compile) -> None:
    """External data lies beside the file and is named in it: what is in the folder stays together."""
    files = {"net/deep.onnx": b"x", "net/deep.onnx.data": b"y"}
    made = emitted("model: { format: onnx, uri: ./net }\n", **files)
    assert 'COPY ["net", "/src/model/"]' in made.text("Dockerfile", "docker")
    assert made.json("model-settings.json")["parameters"]["uri"] == "./model/deep.onnx"


def test_no_telemetry(emitted: Compile) -> None:
    """Nothing is reported to anybody, in an image or outside of one."""
    made = emitted(_ONNX)
    assert 'ENV ORT_DISABLE_TELEMETRY="1"' in made.text("Dockerfile", "docker")
    text = made.text("onnx_runtime.py")
    assert text.index("ORT_DISABLE_TELEMETRY") < text.index("import onnxruntime")
