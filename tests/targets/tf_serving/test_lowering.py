"""What TensorFlow Serving is told, and which folders go into its image."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from servespec.artifacts import Bundle
from tests.projects import HEAD, analyse, made, write

_SIGNATURE = (
    "signature:\n"
    "  inputs: {tensors: [{name: features, datatype: FP32, shape: [-1, 4]}, {name: note, datatype: BYTES, shape: [-1]}]}\n"
    "  outputs: {tensors: [{name: probability, datatype: FP32, shape: [-1, 1]}]}\n"
)


def _emitted(project: Path, uri: str, more: str = "", files: tuple[str, ...] = ()) -> dict[str, str]:
    spec = f"{HEAD}model: {{name: fraud, format: tensorflow, uri: {uri}}}\n{more}"
    analysis = analyse(write(project, spec, dict.fromkeys(files, "x")))
    assert analysis.ok, analysis.report
    return made(analysis)


def _copies(emitted: dict[str, str]) -> list[str]:
    lines = [line for line in emitted["docker/Dockerfile"].splitlines() if line.startswith("COPY --chmod=0755 ")]
    return [line.removeprefix("COPY --chmod=0755 ") for line in lines]


def test_gpus(tmp_path: Path) -> None:
    """The image with CUDA is the base then, of the same version."""
    emitted = _emitted(tmp_path, "./absent", "resources: {accelerator: {count: 1}}\n")
    assert emitted["docker/Dockerfile"].startswith("FROM tensorflow/serving:2.20.0-gpu\n")


@pytest.mark.parametrize(
    ("uri", "options", "files", "copies"),
    [
        ("./m", "", ("m/1/saved_model.pb", "m/2/saved_model.pb"), ['["m/1", "/models/fraud/1/"]']),
        ("./m", "", ("m/saved_model.pb", "m/assets/1"), ['["m", "/models/fraud/1/"]']),
        ("./absent", "", (), ['["absent/1", "/models/fraud/1/"]']),
        ("./absent/1", "", (), ['["absent/1", "/models/fraud/1/"]']),
        (
            "./m",
            "{versions: [1, 2]}",
            ("m/1/saved_model.pb", "m/2/saved_model.pb"),
            ['["m/1", "/models/fraud/1/"]', '["m/2", "/models/fraud/2/"]'],
        ),
        ("./m", "{versions: latest}", ("m/1/saved_model.pb", "m/old/x"), ['["m", "/models/fraud/"]']),
    ],
)
def test_the_folders_of_the_image(
    tmp_path: Path, uri: str, options: str, files: tuple[str, ...], copies: list[str]
) -> None:
    """Each version that is served lies in a folder of its number, wherever the project keeps it."""
    emitted = _emitted(tmp_path, uri, f"targets: {{docker: {{}}, tf-serving: {options or '{}'}}}\n", files)
    assert _copies(emitted) == copies


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ("{}", "/versions/1"),
        ("{versions: [1, 2]}", "/versions/1"),
        ("{versions: [2, 3]}", "/versions/3"),
        ("{versions: latest}", ""),
    ],
)
def test_the_version_that_is_asked(tmp_path: Path, options: str, asked: str) -> None:
    """Whether the server is well a version says that is served: of another it knows nothing, and would never be well."""
    files = tuple(f"m/{version}/saved_model.pb" for version in (1, 2, 3))
    targets = f"targets: {{docker: , kubernetes: , tf-serving: {options}}}\n"
    emitted = _emitted(tmp_path, "./m", targets, files)
    path = f"/v1/models/fraud{asked}/metadata"
    assert f'"{path}"' in emitted["docker/Dockerfile"]
    paths = re.findall(r"path: (/v1/\S+/metadata)", emitted["kubernetes/deployment.yaml"])
    assert set(paths) == {path}


def test_the_command_line(tmp_path: Path) -> None:
    """Ports, limits and threads of the spec are flags; the image of the server's version is the base."""
    more = "runtime: {protocols: {rest: 9001, grpc: 9000}, workers: 3, threads: 2, timeouts: {request: 7s, shutdown: 9s}}\n"
    emitted = _emitted(tmp_path, "./m", more, ("m/1/saved_model.pb",))
    dockerfile = emitted["docker/Dockerfile"]
    assert dockerfile.startswith("FROM tensorflow/serving:2.20.0\n")
    entry = ast.literal_eval(dockerfile.partition("\nENTRYPOINT ")[2])
    assert entry[:6] == [
        *("/bin/bash", "/srv/tf-serving/entrypoint.sh", "9", "9001", "9000"),
        "/usr/bin/tensorflow_model_server",
    ]
    assert {
        "--rest_api_port=9001",
        "--port=9000",
        "--rest_api_timeout_in_ms=7000",
        "--tensorflow_intra_op_parallelism=2",
        "--tensorflow_inter_op_parallelism=3",
        "--model_config_file=/srv/tf-serving/models.config",
    } < set(entry)
    assert "pip" not in dockerfile
    assert "apt-get" not in dockerfile


def test_the_line_to_type(bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]) -> None:
    """The summary runs the server's own image with what was emitted, as the user and with the command of the image that
    would be built; before that it exports, where there is no model."""
    spec = f"model: {{name: fraud, format: tensorflow, uri: ./m}}\nimage: {{}}\n{_SIGNATURE}"
    export, run = (shlex.split(line) for line in bundles(spec)["tf-serving"].here)
    assert export == ["python", "deploy/fraud-detector/tf-serving/export.py", "fraud.keras", "m/1"]
    entry = ast.literal_eval(text(bundles(spec)["docker"], "Dockerfile").partition("\nENTRYPOINT ")[2])
    assert run == [
        *("docker", "run", "--rm", "--init", "--user=10001:10001"),
        *("--publish=127.0.0.1:8501:8501", "--publish=127.0.0.1:8500:8500"),
        "--volume=./deploy/fraud-detector/tf-serving:/srv/tf-serving:ro",
        *("--volume=./m/1:/models/fraud/1:ro", "--entrypoint=/bin/bash", "tensorflow/serving:2.20.0"),
        *("/srv/tf-serving/entrypoint.sh", "30", "8501", "8500", "/usr/bin/tensorflow_model_server"),
        *("--rest_api_port=8501", "--port=8500", "--rest_api_timeout_in_ms=30000"),
        *("--tensorflow_intra_op_parallelism=1", "--tensorflow_inter_op_parallelism=1"),
        "--model_config_file=/srv/tf-serving/models.config",
        "--monitoring_config_file=/srv/tf-serving/monitoring.config",
        *("--file_system_poll_wait_seconds=0", "--allow_version_labels_for_unavailable_models=true"),
        *("--max_num_load_retries=0", "--enable_grpc_healthcheck_service=true", "--enable_profiler=false"),
    ]
    assert run[-len(entry) + 1 :] == entry[1:]
    (only,) = bundles(spec, files={"m/1/saved_model.pb": "x"})["tf-serving"].here
    assert shlex.split(only) == run


def test_the_export(bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]) -> None:
    """The names, datatypes and shapes of the export are those of the signature; without tensors there is none."""
    spec = "model: {format: tensorflow, uri: ./m}\nimage: {}\n"
    script = ast.parse(text(bundles(spec + _SIGNATURE)["tf-serving"], "export.py"))
    (literal,) = [node.value for node in script.body if isinstance(node, ast.AnnAssign) and node.value]
    assert ast.literal_eval(literal) == {
        "inputs": {
            "features": {"dtype": "float32", "shape": [None, 4]},
            "note": {"dtype": "string", "shape": [None]},
        },
        "outputs": {"probability": {"dtype": "float32", "shape": [None, 1]}},
    }
    assert "export.py" not in [item.path for item in bundles(spec)["tf-serving"].artifacts]
